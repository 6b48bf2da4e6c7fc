import jinja2
from flask import Flask, render_template, render_template_string, request
from jinja2 import Environment, Template
from jinja2.sandbox import SandboxedEnvironment

app = Flask(__name__)
env = Environment(autoescape=True)


@app.route("/hello/<name>")
def hello(name):
    page = "<h1>Hello " + name + "</h1>"
    # ruleid: oreva.python.template-injection.jinja2-template-taint
    return render_template_string(page)


@app.route("/preview", methods=["POST"])
def preview():
    # ruleid: oreva.python.template-injection.jinja2-template-taint
    return Template(request.form["template"]).render(user="me")


def mail(request):
    body = "Dear {{ user }},\n%s" % request.POST.get("body")
    # ruleid: oreva.python.template-injection.jinja2-template-taint
    return env.from_string(body).render(user=request.user)


@app.errorhandler(404)
def missing(error):
    # ruleid: oreva.python.template-injection.jinja2-template-taint
    return render_template_string(f"<p>{request.url} was not found</p>"), 404


@app.route("/safe-variable/<name>")
def safe_variable(name):
    # ok: oreva.python.template-injection.jinja2-template-taint
    return render_template_string("<h1>Hello {{ name }}</h1>", name=name)


@app.route("/safe-file")
def safe_file():
    # ok: oreva.python.template-injection.jinja2-template-taint
    return render_template("hello.html", name=request.args["name"])


@app.route("/safe-sandbox")
def safe_sandbox():
    sandbox = SandboxedEnvironment()
    # ok: oreva.python.template-injection.jinja2-template-taint
    return sandbox.from_string(request.args["template"]).render()


@app.route("/safe-inline-sandbox")
def safe_inline_sandbox():
    # ok: oreva.python.template-injection.jinja2-template-taint
    return jinja2.sandbox.SandboxedEnvironment(autoescape=True).from_string(request.args["t"]).render()
