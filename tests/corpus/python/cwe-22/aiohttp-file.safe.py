from pathlib import Path

from aiohttp import web

DOCS = Path("/srv/docs").resolve()
routes = web.RouteTableDef()


@routes.get("/docs/{name:.*}")
async def doc(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    target = (DOCS / name).resolve()
    if not target.is_relative_to(DOCS):
        raise web.HTTPForbidden()
    if not target.exists():
        raise web.HTTPNotFound()
    with open(target, "rb") as handle:
        return web.Response(body=handle.read(), content_type="application/pdf")
