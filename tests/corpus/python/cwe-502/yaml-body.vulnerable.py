import yaml
from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/pipelines")
async def create(request: Request):
    text = await request.body()
    pipeline = yaml.load(
        text, Loader=yaml.Loader
    )
    return {"steps": len(pipeline["steps"])}
