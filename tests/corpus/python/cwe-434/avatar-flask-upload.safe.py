import os
import uuid

from flask import Flask, abort, redirect, request, url_for
from flask_login import current_user, login_required

app = Flask(__name__)
AVATARS = os.path.join(app.static_folder, "avatars")
ALLOWED = {".png", ".jpg", ".jpeg", ".webp"}


def stored_name(upload):
    _, extension = os.path.splitext(upload.filename)
    extension = extension.lower()
    if extension not in ALLOWED:
        abort(415)
    return f"{uuid.uuid4().hex}{extension}"


@app.post("/account/avatar")
@login_required
def upload_avatar():
    upload = request.files.get("avatar")
    if upload is None or not upload.filename:
        abort(400)
    name = stored_name(upload)
    upload.save(os.path.join(AVATARS, name))
    current_user.avatar = url_for("static", filename=f"avatars/{name}")
    current_user.save()
    return redirect(url_for("account"))
