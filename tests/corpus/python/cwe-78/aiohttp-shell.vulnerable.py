import asyncio

from aiohttp import web


async def resize(request):
    data = await request.post()
    width = data["width"]
    process = await asyncio.create_subprocess_shell(
        "convert /srv/in.png -resize %s /srv/out.png" % width,
        stdout=asyncio.subprocess.PIPE,
    )
    await process.wait()
    return web.json_response({"code": process.returncode})
