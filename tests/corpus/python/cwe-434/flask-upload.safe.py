import os

from flask import Flask, current_app, request
from werkzeug.utils import secure_filename

app = Flask(__name__)
app.config["UPLOADS"] = "/srv/uploads"


@app.route("/avatar", methods=["PUT"])
def avatar():
    image = request.files.get("image")
    if image is None:
        return {"error": "no image"}, 400
    name = secure_filename(image.filename)
    if not name.lower().endswith((".png", ".jpg")):
        return {"error": "type"}, 400
    destination = os.path.join(current_app.config["UPLOADS"], name)
    image.save(destination)
    return {"path": name}, 201
