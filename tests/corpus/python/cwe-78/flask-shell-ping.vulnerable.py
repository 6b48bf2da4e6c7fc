import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.post("/diagnostics/ping")
def ping():
    host = request.json["host"]
    done = subprocess.run(
        "ping -c 1 " + host, shell=True, capture_output=True, text=True
    )
    return {"output": done.stdout}
