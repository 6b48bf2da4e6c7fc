from fastapi import FastAPI
from fastapi.responses import RedirectResponse

app = FastAPI()
PAGES = {"home": "/", "orders": "/orders"}


@app.get("/go")
def go(target: str = "home"):
    return RedirectResponse(target)
