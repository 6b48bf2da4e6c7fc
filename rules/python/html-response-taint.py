import html
import json

import flask
from aiohttp import web
from django.http import HttpResponse, JsonResponse
from django.utils.html import escape
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from flask import Flask, jsonify, make_response, render_template, request

app = Flask(__name__)
api = FastAPI()


@app.route("/hello")
def hello():
    # ruleid: oreva.python.xss.html-response-taint
    return "<h1>Hello " + request.args.get("name", "you") + "</h1>"


@app.route("/user/<name>")
def user(name):
    page = f"<p>No user {name}</p>"
    # ruleid: oreva.python.xss.html-response-taint
    return page


@app.route("/made")
def made():
    # ruleid: oreva.python.xss.html-response-taint
    return make_response("<p>{}</p>".format(request.cookies["last"]), 404)


def search(request):
    found = "<li>%s</li>" % request.GET["q"]
    # ruleid: oreva.python.xss.html-response-taint
    return HttpResponse("<ul>" + found + "</ul>")


@api.get("/page")
def page(title: str):
    # ruleid: oreva.python.xss.html-response-taint
    return HTMLResponse(f"<title>{title}</title>")


async def handler(request):
    # ruleid: oreva.python.xss.html-response-taint
    return web.Response(text=f"<b>{request.query['q']}</b>", content_type="text/html")


@app.route("/safe-template")
def safe_template():
    # ok: oreva.python.xss.html-response-taint
    return render_template("hello.html", name=request.args["name"])


@app.route("/safe-escaped/<name>")
def safe_escaped(name):
    # ok: oreva.python.xss.html-response-taint
    return f"<p>No user {html.escape(name)}</p>"


@app.route("/safe-json/<name>")
def safe_json(name):
    # ok: oreva.python.xss.html-response-taint
    return jsonify({"name": name})


@app.route("/safe-dictionary")
def safe_dictionary():
    # ok: oreva.python.xss.html-response-taint
    return {"name": request.args["name"]}


@app.route("/safe-service/<name>")
def safe_service(name):
    # ok: oreva.python.xss.html-response-taint
    return find_user(name)


def safe_plain(request):
    # ok: oreva.python.xss.html-response-taint
    return HttpResponse(request.GET["q"], content_type="text/plain")


def safe_django(request):
    # ok: oreva.python.xss.html-response-taint
    return HttpResponse("<p>" + escape(request.GET["q"]) + "</p>")


def safe_django_json(request):
    # ok: oreva.python.xss.html-response-taint
    return JsonResponse({"q": request.GET["q"]})


@api.get("/safe-number")
def safe_number(count: int):
    # ok: oreva.python.xss.html-response-taint
    return HTMLResponse(f"<b>{count}</b>")
