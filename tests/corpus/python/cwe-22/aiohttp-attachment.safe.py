from pathlib import Path

from aiohttp import web

ATTACHMENTS = Path("/srv/helpdesk/attachments")


class AttachmentStore:
    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def locate(self, ticket: str, name: str) -> Path:
        path = (self.root / ticket / name).resolve()
        if not path.is_relative_to(self.root):
            raise web.HTTPForbidden()
        return path


async def download(request: web.Request) -> web.StreamResponse:
    store: AttachmentStore = request.app["store"]
    ticket = request.match_info["ticket"]
    name = request.query.get("name", "")
    if not name:
        raise web.HTTPBadRequest(text="name is missing")
    path = store.locate(ticket, name)
    if not path.is_file():
        raise web.HTTPNotFound()
    return web.FileResponse(path, headers={"Content-Disposition": "attachment"})


def make_app() -> web.Application:
    app = web.Application()
    app["store"] = AttachmentStore(ATTACHMENTS)
    app.router.add_get("/tickets/{ticket}/attachment", download)
    return app
