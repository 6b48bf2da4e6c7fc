import jinja2
from flask import Flask
from jinja2 import Environment, FileSystemLoader, select_autoescape

app = Flask(__name__)

# ruleid: oreva.python.xss.jinja2-autoescape-off
pages = Environment(loader=FileSystemLoader("templates"), autoescape=False)

# ruleid: oreva.python.xss.jinja2-autoescape-off
app.jinja_env.autoescape = False

# ruleid: oreva.python.xss.jinja2-autoescape-off
mail = jinja2.Template("Dear {{ name }}", autoescape=False)

# ok: oreva.python.xss.jinja2-autoescape-off
safe = Environment(loader=FileSystemLoader("templates"), autoescape=select_autoescape())

# ok: oreva.python.xss.jinja2-autoescape-off
safe_always = jinja2.Environment(autoescape=True)

# ok: oreva.python.xss.jinja2-autoescape-off
app.jinja_env.autoescape = True
