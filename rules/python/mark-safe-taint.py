import bleach
from django.shortcuts import render
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from flask import Flask, render_template, request
from markupsafe import Markup

app = Flask(__name__)


def greeting(request):
    name = request.GET.get("name", "")
    # ruleid: oreva.python.xss.mark-safe-taint
    return render(request, "hello.html", {"greeting": mark_safe(f"<b>{name}</b>")})


def message(request):
    # ruleid: oreva.python.xss.mark-safe-taint
    return format_html("<p>" + request.POST["message"] + "</p>")


@app.route("/note", methods=["POST"])
def note():
    # ruleid: oreva.python.xss.mark-safe-taint
    return render_template("note.html", body=Markup(request.form["body"]))


def safe_format(request):
    # ok: oreva.python.xss.mark-safe-taint
    return format_html("<b>{}</b>", request.GET["name"])


def safe_escaped(request):
    # ok: oreva.python.xss.mark-safe-taint
    return mark_safe("<b>" + escape(request.GET["name"]) + "</b>")


@app.route("/safe-cleaned", methods=["POST"])
def safe_cleaned():
    # ok: oreva.python.xss.mark-safe-taint
    return render_template("note.html", body=Markup(bleach.clean(request.form["body"])))


@app.route("/safe-markup")
def safe_markup():
    # ok: oreva.python.xss.mark-safe-taint
    return render_template("note.html", body=Markup("<i>{}</i>").format(request.args["name"]))


def safe_constant():
    # ok: oreva.python.xss.mark-safe-taint
    return mark_safe("<hr>")


def safe_helper(request, page):
    # ok: oreva.python.xss.mark-safe-taint
    page.title = mark_safe(page.title)
    return render(request, "page.html", {"page": page})
