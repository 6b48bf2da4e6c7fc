from flask import Flask, abort, request
from jinja2 import Environment, select_autoescape

app = Flask(__name__)
environment = Environment(autoescape=select_autoescape(default_for_string=True))

LAYOUT = """<!doctype html>
<html><body>
<h1>{{ subject }}</h1>
<div class="intro">{{ intro }}</div>
</body></html>"""


def preview_context(form):
    return {"subject": form.get("subject", "")[:120], "intro": form.get("intro", "")}


def render_preview(form):
    context = preview_context(form)
    return environment.from_string(LAYOUT).render(**context)


@app.post("/newsletter/preview")
def preview():
    if not request.form.get("subject"):
        abort(400)
    return render_preview(request.form)
