import pathlib

from flask import Flask, request, send_file

app = Flask(__name__)
FOLDER = pathlib.Path("/srv/exports")


@app.get("/export")
def export():
    wanted = request.args.get("file", "all.csv")
    return send_file(FOLDER / wanted)
