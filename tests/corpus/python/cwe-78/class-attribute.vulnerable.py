import subprocess

from flask import Flask, request
from flask.views import MethodView

app = Flask(__name__)


class Lookup(MethodView):
    def get(self):
        self.domain = request.args["domain"]
        self.command = "dig +short " + self.domain
        return subprocess.check_output(
            self.command, shell=True
        )
