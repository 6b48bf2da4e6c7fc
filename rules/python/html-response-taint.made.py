import json
from http.server import BaseHTTPRequestHandler

import tornado.web
from django.http import HttpResponse, HttpResponseNotFound
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.responses import Response as ApiResponse
from flask import Blueprint, Response, jsonify, make_response, redirect, request
from flask.views import MethodView
from markupsafe import escape

from .service import find_user

bp = Blueprint("pages", __name__)
api = FastAPI()
PAGE = "<html><body>{}</body></html>"


def heading(text):
    return "<h1>" + text + "</h1>"


def safe_heading(text):
    text = escape(text)
    return f"<h1>{text}</h1>"


@bp.route("/typed")
def typed():
    # ruleid: oreva.python.xss.html-response-taint
    return Response(f"<p>{request.args['x']}</p>", mimetype="text/html")


@bp.route("/kept")
def kept():
    html = f"<p>{request.args['x']}</p>"
    # ruleid: oreva.python.xss.html-response-taint
    return Response(html)


@bp.route("/joined")
def joined():
    rows = []
    for name in request.args.getlist("name"):
        rows.append("<li>" + name + "</li>")
    # ruleid: oreva.python.xss.html-response-taint
    return "".join(rows)


@bp.route("/joined-response")
def joined_response():
    lines = ["<body>"]
    lines.append("<p>%s</p>" % request.args.get("name"))
    # ruleid: oreva.python.xss.html-response-taint
    response = make_response("\n".join(lines))
    response.headers["X-Frame-Options"] = "DENY"
    # ok: oreva.python.xss.html-response-taint
    return response


@bp.route("/template")
def template():
    # ruleid: oreva.python.xss.html-response-taint
    return make_response(PAGE.format(request.args["x"]), 200)


@bp.route("/helper")
def helper():
    # ruleid: oreva.python.xss.html-response-taint
    return heading(request.args["x"])


@bp.route("/echo")
def echo():
    name = request.args.get("name", "")
    # ruleid: oreva.python.xss.html-response-taint
    return name


@bp.route("/three")
def three():
    html = f"<p>{request.args['x']}</p>"
    # ruleid: oreva.python.xss.html-response-taint
    return html, 200, {"Cache-Control": "no-store"}


class Page(MethodView):
    def get(self):
        # ruleid: oreva.python.xss.html-response-taint
        return f"<p>{request.args['x']}</p>"


@bp.route("/safe-helper")
def safe_with_helper():
    # ok: oreva.python.xss.html-response-taint
    return safe_heading(request.args["x"])


@bp.route("/safe-joined")
def safe_joined():
    rows = [f"<li>{escape(name)}</li>" for name in request.args.getlist("name")]
    # ok: oreva.python.xss.html-response-taint
    return "".join(rows)


@bp.route("/safe-number")
def safe_number():
    page = request.args.get("page", 1, type=int)
    # ok: oreva.python.xss.html-response-taint
    return Response(f"<p>page {page}</p>", mimetype="text/html")


@bp.route("/safe-json-type")
def safe_json_type():
    # ok: oreva.python.xss.html-response-taint
    return Response(json.dumps({"x": f"<b>{request.args['x']}</b>"}), mimetype="application/json")


@bp.route("/safe-plain-type")
def safe_plain_type():
    # ok: oreva.python.xss.html-response-taint
    return Response(f"<{request.args['x']}>", mimetype="text/plain")


@bp.route("/safe-plain-later")
def safe_plain_later():
    # ok: oreva.python.xss.html-response-taint
    response = make_response(f"<mail> {request.args['x']}")
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    return response


@bp.route("/safe-plain-header")
def safe_plain_header():
    text = f"<mail> {request.args['x']}"
    # ok: oreva.python.xss.html-response-taint
    return text, 200, {"Content-Type": "text/plain"}


@bp.route("/safe-jsonify")
def safe_jsonify():
    # ok: oreva.python.xss.html-response-taint
    return jsonify({"html": f"<b>{request.args['x']}</b>"})


@bp.route("/safe-dictionary-kept")
def safe_dictionary_kept():
    answer = {"html": f"<b>{request.args['x']}</b>"}
    # ok: oreva.python.xss.html-response-taint
    return answer


@bp.route("/safe-service")
def safe_service():
    name = request.args["x"]
    user = find_user(name)
    # ok: oreva.python.xss.html-response-taint
    return user


@bp.route("/safe-redirect")
def safe_redirect():
    # ok: oreva.python.xss.html-response-taint
    return redirect(f"/users/{request.args['x']}")


def django_typed(request):
    name = request.GET.get("name", "")
    # ruleid: oreva.python.xss.html-response-taint
    return HttpResponse(f"<h1>{name}</h1>", content_type="text/html; charset=utf-8", status=201)


def django_content(request):
    # ruleid: oreva.python.xss.html-response-taint
    return HttpResponseNotFound(content="No " + request.GET["name"])


def django_written(request):
    response = HttpResponse()
    # ruleid: oreva.python.xss.html-response-taint
    response.write("<h1>" + request.GET["name"] + "</h1>")
    return response


def safe_django_written(request):
    response = HttpResponse(content_type="text/csv")
    # ok: oreva.python.xss.html-response-taint
    response.write(request.GET["name"] + ",1\n")
    return response


def safe_django_typed_later(request):
    # ok: oreva.python.xss.html-response-taint
    response = HttpResponse(request.GET["name"])
    response["Content-Type"] = "text/plain"
    return response


def safe_django_variable_type(request, kind):
    # ok: oreva.python.xss.html-response-taint
    return HttpResponse(request.GET["name"], content_type=kind)


@api.get("/raw")
def raw(title: str):
    # ruleid: oreva.python.xss.html-response-taint
    return ApiResponse(content=f"<b>{title}</b>", media_type="text/html")


@api.get("/raw-json")
def safe_raw(title: str):
    # ok: oreva.python.xss.html-response-taint
    return ApiResponse(content=json.dumps({"title": f"<b>{title}</b>"}), media_type="application/json")


@api.get("/declared", response_class=HTMLResponse)
def declared(title: str):
    # ruleid: oreva.python.xss.html-response-taint
    return f"<b>{title}</b>"


class Hello(tornado.web.RequestHandler):
    def get(self):
        name = self.get_argument("name")
        # ruleid: oreva.python.xss.html-response-taint
        self.write(f"<p>{name}</p>")
        # ok: oreva.python.xss.html-response-taint
        self.write({"name": name})


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        # ruleid: oreva.python.xss.html-response-taint
        self.wfile.write(f"<p>No {self.path}</p>".encode())
