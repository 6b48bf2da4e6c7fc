import asyncio

from aiohttp import web


async def run(command):
    process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return out


async def history(request):
    path = request.query["path"]
    return web.Response(body=await run("git log -- " + path))
