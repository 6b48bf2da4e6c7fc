from aiohttp import web
from django.http import HttpResponseRedirect
from django.shortcuts import redirect as django_redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from flask import Flask, redirect, request, url_for

app = Flask(__name__)
api = FastAPI()
PAGES = {"home": "/", "help": "/help"}


@app.route("/login")
def login():
    # ruleid: oreva.python.open-redirect.redirect-taint
    return redirect(request.args.get("next") or url_for("home"))


@api.get("/go")
def go(target: str):
    # ruleid: oreva.python.open-redirect.redirect-taint
    return RedirectResponse(url=target, status_code=303)


def logout(request):
    target = request.GET.get("next", "/")
    # ruleid: oreva.python.open-redirect.redirect-taint
    return HttpResponseRedirect(target)


async def moved(request):
    # ruleid: oreva.python.open-redirect.redirect-taint
    raise web.HTTPFound("https://" + request.query["host"])


@app.route("/safe-named/<name>")
def safe_named(name):
    # ok: oreva.python.open-redirect.redirect-taint
    return redirect(url_for("user", name=name))


def safe_checked(request):
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("home")
    # ok: oreva.python.open-redirect.redirect-taint
    return django_redirect(target)


def safe_view_argument(request, slug):
    # ok: oreva.python.open-redirect.redirect-taint
    return django_redirect("article", slug=slug)


@app.route("/safe-prefix/<name>")
def safe_prefix(name):
    # ok: oreva.python.open-redirect.redirect-taint
    return redirect(f"/users/{name}")


@app.route("/safe-table")
def safe_table():
    # ok: oreva.python.open-redirect.redirect-taint
    return redirect(PAGES.get(request.args.get("page"), "/"))


def safe_same_page(request):
    # ok: oreva.python.open-redirect.redirect-taint
    return HttpResponseRedirect(request.path + "?saved=1")


def safe_long_guard(request):
    target = request.POST.get("next", request.GET.get("next"))
    if target and not url_has_allowed_host_and_scheme(url=target, allowed_hosts={request.get_host()}):
        target = "/"
    # ok: oreva.python.open-redirect.redirect-taint
    return HttpResponseRedirect(target)
