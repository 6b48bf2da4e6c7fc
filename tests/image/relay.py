"""Carries connections from one place to another: `relay.py FROM=TO ...`, each `tcp:HOST:PORT` or `unix:PATH`.

A function in a container without any network reaches two services of the test through a pair of these: one that shares
the container's empty network and listens on its loopback, one outside; a socket file joins the two. It imports nothing
of the project, as one of the two runs inside of an image.
"""

import asyncio
import contextlib
import sys
from pathlib import Path

_CHUNK = 1 << 16


async def carry(reader, writer):
    """Copy until the sender is done, and say so to the other side."""
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        writer.write_eof()


async def serve(source, target):
    """Listen at `source` and carry each connection to `target`."""

    async def connected(reader, writer):
        kind, _, place = target.partition(":")
        try:
            if kind == "unix":
                far_reader, far_writer = await asyncio.open_unix_connection(place)
            else:
                host, _, port = place.rpartition(":")
                far_reader, far_writer = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.close()
            return
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))
        for end in (writer, far_writer):
            end.close()

    kind, _, place = source.partition(":")
    if kind == "unix":
        await asyncio.start_unix_server(connected, place)
        Path(place).chmod(0o777)  # the other side is another user
    else:
        host, _, port = place.rpartition(":")
        await asyncio.start_server(connected, host, int(port))


async def main(routes):
    """Serve all routes, say that they are up, and go on until the process is ended."""
    for route in routes:
        source, _, target = route.partition("=")
        await serve(source, target)
    print("ready", flush=True)  # noqa: T201 - whoever started it waits for this line
    await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1:]))
