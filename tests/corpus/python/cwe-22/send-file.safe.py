from pathlib import Path

from flask import Flask, abort, send_from_directory

app = Flask(__name__)
EXPORTS = Path(app.root_path) / "exports"


@app.route("/exports/<path:name>")
def download(name):
    if not name.endswith(".csv"):
        abort(404)
    return send_from_directory(EXPORTS, name, as_attachment=True)
