from flask import Flask

app = Flask(__name__)
# ruleid: oreva.python.csrf.flask-csrf-disabled
app.config["WTF_CSRF_ENABLED"] = False
# ruleid: oreva.python.csrf.flask-csrf-disabled
app.config.update(SECRET_KEY=key, WTF_CSRF_ENABLED=False)
# ok: oreva.python.csrf.flask-csrf-disabled
app.config["WTF_CSRF_ENABLED"] = True


class TestConfig(Base):
    TESTING = True
    # ok: oreva.python.csrf.flask-csrf-disabled
    WTF_CSRF_ENABLED = False
