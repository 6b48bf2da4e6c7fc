import ast
import base64
import json
import operator

import pandas
from fastapi import FastAPI, Form, WebSocket
from flask import Flask, request

app = Flask(__name__)
api = FastAPI()
OPERATIONS = {"+": operator.add, "-": operator.sub}


@app.route("/calc")
def calc():
    # ruleid: oreva.python.code-injection.eval-exec-taint
    return str(eval(request.args["expression"], {"__builtins__": {}}))


@app.route("/plugin", methods=["POST"])
def plugin():
    source = base64.b64decode(request.get_data()).decode()
    # ruleid: oreva.python.code-injection.eval-exec-taint
    program = compile(source, "<plugin>", "exec")
    scope = {}
    # ruleid: oreva.python.code-injection.eval-exec-taint
    exec(program, scope)
    return "ok"


@api.post("/formula")
def formula(text: str = Form(...)):
    # ruleid: oreva.python.code-injection.eval-exec-taint
    return pandas.eval(text)


class Console:
    def post(self):
        line = self.get_argument("line")
        if line:
            # ruleid: oreva.python.code-injection.eval-exec-taint
            self.write(str(eval("(" + line + ")")))


@app.route("/safe-literal")
def safe_literal():
    # ok: oreva.python.code-injection.eval-exec-taint
    return str(ast.literal_eval(request.args["value"]))


@app.route("/safe-number")
def safe_number():
    # ok: oreva.python.code-injection.eval-exec-taint
    return str(eval(f"2 ** {int(request.args['n'])}"))


@app.route("/safe-table")
def safe_table():
    # ok: oreva.python.code-injection.eval-exec-taint
    return str(OPERATIONS[request.args["op"]](1, 2))


def safe_constant():
    # ok: oreva.python.code-injection.eval-exec-taint
    return eval("1 + 1")


def safe_method(model, request):
    # ok: oreva.python.code-injection.eval-exec-taint
    model.eval(json.loads(request.body))
