import os

from flask import Flask, current_app, request

app = Flask(__name__)
app.config["UPLOADS"] = "/srv/uploads"


@app.route("/avatar", methods=["PUT"])
def avatar():
    image = request.files.get("image")
    if image is None:
        return {"error": "no image"}, 400
    destination = os.path.join(current_app.config["UPLOADS"], image.filename)
    image.save(destination)
    return {"path": destination}, 201
