from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

app = FastAPI()


@app.get("/search", response_class=HTMLResponse)
async def search(request: Request):
    term = request.query_params.get("q", "")
    page = f"""
    <html><body>
      <p>No results for {term}</p>
    </body></html>
    """
    return HTMLResponse(content=page, status_code=404)
