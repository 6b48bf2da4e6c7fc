import os

from flask import Flask

app = Flask(__name__)

# ruleid: oreva.python.debug-mode.flask-debug-enabled
app.debug = True

# ruleid: oreva.python.debug-mode.flask-debug-enabled
app.config["DEBUG"] = True

# ok: oreva.python.debug-mode.flask-debug-enabled
app.config["DEBUG"] = os.environ.get("DEBUG") == "1"

# ok: oreva.python.debug-mode.flask-debug-enabled
app.config["TESTING"] = True


def serve_safely():
    # ok: oreva.python.debug-mode.flask-debug-enabled
    app.run(host="127.0.0.1", port=8000)


def serve_by_choice(debug):
    # ok: oreva.python.debug-mode.flask-debug-enabled
    app.run(debug=debug)


if __name__ == "__main__":
    # ruleid: oreva.python.debug-mode.flask-debug-enabled
    app.run(host="0.0.0.0", debug=True)
