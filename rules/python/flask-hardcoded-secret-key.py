import os

from fastapi import FastAPI
from flask import Flask
from starlette.middleware.sessions import SessionMiddleware

app = Flask(__name__)
api = FastAPI()

# ruleid: oreva.python.hardcoded-credentials.flask-hardcoded-secret-key
app.secret_key = "k2mv8qz4rx7w1p9s"

# ruleid: oreva.python.hardcoded-credentials.flask-hardcoded-secret-key
app.config["SECRET_KEY"] = b"k2mv8qz4rx7w1p9s"

# ruleid: oreva.python.hardcoded-credentials.flask-hardcoded-secret-key
api.add_middleware(SessionMiddleware, secret_key="k2mv8qz4rx7w1p9s")

# ok: oreva.python.hardcoded-credentials.flask-hardcoded-secret-key
app.secret_key = os.environ["SECRET_KEY"]

# ok: oreva.python.hardcoded-credentials.flask-hardcoded-secret-key
app.config.from_mapping(SECRET_KEY="dev")

# ok: oreva.python.hardcoded-credentials.flask-hardcoded-secret-key
app.config["SECRET_KEY"] = "change-me"

# ok: oreva.python.hardcoded-credentials.flask-hardcoded-secret-key
app.config["APPLICATION_ROOT"] = "/application"
