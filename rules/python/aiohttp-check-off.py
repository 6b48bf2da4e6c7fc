import aiohttp


async def rates(context):
    async with aiohttp.ClientSession() as session:
        # ruleid: oreva.python.tls.aiohttp-check-off
        await session.get("https://partner.example.com/rates", ssl=False)
        # ruleid: oreva.python.tls.aiohttp-check-off
        await session.post("https://partner.example.com/rates", json={}, verify_ssl=False)
        # ok: oreva.python.tls.aiohttp-check-off
        await session.get("https://partner.example.com/rates")
        # ok: oreva.python.tls.aiohttp-check-off
        await session.get("https://partner.example.com/rates", ssl=context)
