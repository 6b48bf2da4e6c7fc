import subprocess

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class ConvertJob(BaseModel):
    bitrate: int = 800
    seconds: int = 10


@app.post("/convert")
def convert(job: ConvertJob):
    command = ["ffmpeg", "-i", "/srv/in.mp4", "-b:v", f"{job.bitrate}k", "-t", str(job.seconds), "/srv/out.mp4"]
    done = subprocess.run(command, capture_output=True, timeout=300)
    return {"code": done.returncode}
