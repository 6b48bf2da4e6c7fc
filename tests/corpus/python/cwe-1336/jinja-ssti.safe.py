from flask import Flask, request
from jinja2 import Environment, select_autoescape

app = Flask(__name__)
env = Environment(autoescape=select_autoescape(default_for_string=True))


@app.post("/mail/preview")
def mail_preview():
    body = request.get_json()
    source = "Dear {{ customer }},\n{{ text }}\nKind regards"
    return env.from_string(source).render(customer=body.get("customer", "customer"), text=body["text"])
