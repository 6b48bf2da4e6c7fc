import asyncio
import os
import shlex
import subprocess
from subprocess import Popen, check_output

import paramiko
from aiohttp import web
from fastapi import FastAPI
from flask import Flask, request

app = Flask(__name__)
api = FastAPI()
TOOLS = {"ping": "/bin/ping", "trace": "/usr/bin/traceroute"}


@app.route("/ping")
def ping():
    host = request.args.get("host", "localhost")
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system("ping -c 1 " + host)
    # ruleid: oreva.python.command-injection.os-command-taint
    return os.popen(f"dig {host}").read()


@app.route("/convert", methods=["POST"])
def convert():
    options = [request.form["size"], "-strip"]
    command = "convert in.png " + " ".join(options) + " out.png"
    # ruleid: oreva.python.command-injection.os-command-taint
    check_output(command, shell=True, timeout=5)
    return "ok"


@api.post("/run")
async def run(task: dict):
    # ruleid: oreva.python.command-injection.os-command-taint
    process = await asyncio.create_subprocess_shell(f"make {task['target']}")
    return await process.wait()


async def hook(request):
    data = await request.post()
    # ruleid: oreva.python.command-injection.os-command-taint
    Popen(["/bin/sh", "-c", "echo %s" % data["message"]])
    return web.Response()


def remote(request):
    client = paramiko.SSHClient()
    # ruleid: oreva.python.command-injection.os-command-taint
    client.exec_command("ls {}".format(request.GET["folder"]))


def program(request):
    # ruleid: oreva.python.command-injection.os-command-taint
    subprocess.run([request.POST["tool"], "--version"], check=True)
    # ruleid: oreva.python.command-injection.os-command-taint
    subprocess.run(shlex.split(request.POST["line"]), check=True)


@app.route("/safe-list")
def safe_list():
    # ok: oreva.python.command-injection.os-command-taint
    subprocess.run(["ping", "-c", "1", "--", request.args["host"]], check=True)
    # ok: oreva.python.command-injection.os-command-taint
    subprocess.run(["echo", request.args["host"]], shell=True, check=True)
    return "ok"


@app.route("/safe-quoted")
def safe_quoted():
    # ok: oreva.python.command-injection.os-command-taint
    subprocess.run(f"grep -- {shlex.quote(request.args['q'])} log | wc -l", shell=True, check=True)
    return "ok"


@app.route("/safe-number")
def safe_number():
    # ok: oreva.python.command-injection.os-command-taint
    os.system("sleep %d" % int(request.args["seconds"]))
    return "ok"


@app.route("/safe-table")
def safe_table():
    # ok: oreva.python.command-injection.os-command-taint
    subprocess.run([TOOLS[request.args["tool"]], "localhost"], check=True)
    return "ok"


@app.route("/safe-checked")
def safe_checked():
    unit = request.args["unit"]
    if unit in ("nginx", "redis"):
        # ok: oreva.python.command-injection.os-command-taint
        os.system("systemctl status " + unit)
    return "ok"


def safe_constant():
    # ok: oreva.python.command-injection.os-command-taint
    return subprocess.getoutput("uname -a")


def safe_input(request):
    # ok: oreva.python.command-injection.os-command-taint
    return subprocess.run(["tr", "a", "b"], input=request.body, capture_output=True).stdout


class JobService:
    def Start(self, request, context):
        # ruleid: oreva.python.command-injection.os-command-taint
        os.system("start-job " + request.name)

    def Stop(self, request, context):
        # ok: oreva.python.command-injection.os-command-taint
        subprocess.run(["stop-job", "--", request.name], check=True)


async def channel(websocket):
    line = await websocket.receive_text()
    # ruleid: oreva.python.command-injection.os-command-taint
    os.system(line)
