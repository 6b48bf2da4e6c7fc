import html

from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/profile")
async def profile(request):
    bio = request.query.get("bio", "")
    lines = []
    lines.append("<div class='bio'>" + html.escape(bio) + "</div>")
    return web.Response(text="\n".join(lines), content_type="text/html")
