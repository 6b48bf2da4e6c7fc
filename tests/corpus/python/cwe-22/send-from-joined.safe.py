import pathlib

from flask import Flask, request, send_file
from werkzeug.utils import secure_filename

app = Flask(__name__)
FOLDER = pathlib.Path("/srv/exports")


@app.get("/export")
def export():
    wanted = request.args.get("file", "all.csv")
    wanted = secure_filename(wanted)
    return send_file(FOLDER / wanted)
