import io
import zipfile
from pathlib import Path

from fastapi import APIRouter, HTTPException, UploadFile

router = APIRouter(prefix="/themes")
THEMES = Path("/var/lib/shop/themes")
MAX_ENTRY = 2_000_000


def unpack(archive: zipfile.ZipFile, target: Path) -> list[str]:
    written = []
    for info in archive.infolist():
        if info.is_dir() or info.file_size > MAX_ENTRY:
            continue
        destination = target / info.filename
        destination.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, open(destination, "wb") as sink:
            sink.write(source.read(MAX_ENTRY))
        written.append(info.filename)
    return written


@router.post("/{theme_id}")
async def install(theme_id: int, bundle: UploadFile) -> dict[str, list[str]]:
    data = await bundle.read(20_000_000)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise HTTPException(400, "not a zip file") from error
    return {"files": unpack(archive, THEMES / str(theme_id))}
