import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.post("/diagnostics/ping")
def ping():
    host = request.json["host"]
    done = subprocess.run(
        ["ping", "-c", "1", "--", host], capture_output=True, text=True, check=False
    )
    return {"output": done.stdout}
