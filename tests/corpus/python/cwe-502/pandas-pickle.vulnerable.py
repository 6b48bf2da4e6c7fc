import pandas as pd
from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/frames")
async def frames(file: UploadFile):
    frame = pd.read_pickle(file.file)
    return {"rows": len(frame)}
