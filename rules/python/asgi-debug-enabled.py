from fastapi import FastAPI
from starlette.applications import Starlette

# ruleid: oreva.python.debug-mode.asgi-debug-enabled
app = FastAPI(title="Orders", debug=True)
# ruleid: oreva.python.debug-mode.asgi-debug-enabled
other = Starlette(debug=True, routes=[])
# ok: oreva.python.debug-mode.asgi-debug-enabled
quiet = FastAPI(title="Orders")
# ok: oreva.python.debug-mode.asgi-debug-enabled
configured = FastAPI(debug=settings.debug)
