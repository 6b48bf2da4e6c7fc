import subprocess

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class ConvertJob(BaseModel):
    source: str
    target: str = "out.mp4"
    bitrate: int = 800


@app.post("/convert")
def convert(job: ConvertJob):
    command = f"ffmpeg -i {job.source} -b:v {job.bitrate}k {job.target}"
    done = subprocess.run(command, shell=True, capture_output=True, timeout=300)
    return {"code": done.returncode}
