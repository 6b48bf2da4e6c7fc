import os
import shutil
from pathlib import Path

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse as PathResponse
from flask import Flask, abort, request, send_file, send_from_directory
from flask_restful import reqparse
from werkzeug.utils import secure_filename

from shop.models import Invoice

app = Flask(__name__)
api = FastAPI()
FOLDER = Path("/srv/files")


@app.route("/read")
def read():
    # ruleid: oreva.python.path-traversal.file-open-taint
    with open(os.path.join("/srv/files", request.args["name"])) as handle:
        return handle.read()


@app.route("/download/<path:name>")
def download(name):
    # ruleid: oreva.python.path-traversal.file-open-taint
    return send_file(f"/srv/files/{name}", as_attachment=True)


@app.route("/upload", methods=["POST"])
def upload():
    sent = request.files["picture"]
    # ruleid: oreva.python.path-traversal.file-open-taint
    sent.save(os.path.join("/srv/files", sent.filename))
    return "ok"


@api.get("/files/{name:path}")
def get_file(name: str):
    path = FOLDER / name
    # ruleid: oreva.python.path-traversal.file-open-taint
    return PathResponse(path)


@api.delete("/files/{name:path}")
def delete_file(name: str):
    # ruleid: oreva.python.path-traversal.file-open-taint
    (FOLDER / name).unlink()


def report(request, name):
    # ruleid: oreva.python.path-traversal.file-open-taint
    return FileResponse(open("reports/" + name + ".pdf", "rb"))


def clean(request):
    for folder in request.POST.getlist("folder"):
        # ruleid: oreva.python.path-traversal.file-open-taint
        shutil.rmtree(os.path.join("/srv/cache", folder))
    return HttpResponse(status=204)


@app.route("/safe-directory/<path:name>")
def safe_directory(name):
    # ok: oreva.python.path-traversal.file-open-taint
    return send_from_directory("/srv/files", name)


@app.route("/safe-upload", methods=["POST"])
def safe_upload():
    sent = request.files["picture"]
    # ok: oreva.python.path-traversal.file-open-taint
    sent.save(os.path.join("/srv/files", secure_filename(sent.filename)))
    return "ok"


@api.get("/safe/{name:path}")
def safe_relative(name: str):
    path = (FOLDER / name).resolve()
    if not path.is_relative_to(FOLDER):
        raise HTTPException(404)
    # ok: oreva.python.path-traversal.file-open-taint
    return PathResponse(path)


def safe_real_path(request, name):
    path = os.path.realpath(os.path.join("/srv/files", name))
    if not path.startswith("/srv/files/"):
        raise Http404
    # ok: oreva.python.path-traversal.file-open-taint
    return FileResponse(open(path, "rb"))


def safe_base_name(request):
    name = os.path.basename(request.GET["name"])
    # ok: oreva.python.path-traversal.file-open-taint
    return HttpResponse(open("/srv/files/" + name).read())


def safe_stored(request, number):
    invoice = get_object_or_404(Invoice, number=number)
    # ok: oreva.python.path-traversal.file-open-taint
    return FileResponse(open(invoice.document.path, "rb"))


@app.route("/safe-checked")
def safe_checked():
    name = request.args["name"]
    if name not in ("terms.txt", "privacy.txt"):
        abort(404)
    # ok: oreva.python.path-traversal.file-open-taint
    return send_file("/srv/files/" + name)


@app.route("/safe-number/<int:number>")
def safe_number(number):
    # ok: oreva.python.path-traversal.file-open-taint
    return send_file(f"/srv/files/{number}.pdf")


parser = reqparse.RequestParser()


class Document:
    def get(self):
        arguments = parser.parse_args()
        # ruleid: oreva.python.path-traversal.file-open-taint
        return open("/srv/files/" + arguments["name"]).read()
