from pathlib import Path

from flask import Flask, abort, send_file

app = Flask(__name__)
EXPORTS = Path(app.root_path) / "exports"


@app.route("/exports/<path:name>")
def download(name):
    path = EXPORTS.joinpath(name)
    if path.suffix != ".csv":
        abort(404)
    return send_file(path, as_attachment=True)
