import shlex
import subprocess

from flask import Flask, request

app = Flask(__name__)
TEMPLATE = "grep -R -e {pattern} /srv/logs | head -n {limit}"


@app.get("/logs")
def logs():
    pattern = request.args.get("pattern", "")
    limit = request.args.get("limit", 20, type=int)
    command = TEMPLATE.format(pattern=shlex.quote(pattern), limit=limit)
    process = subprocess.Popen(command, shell=True, stdout=subprocess.PIPE)
    return process.communicate()[0].decode(), 200, {"Content-Type": "text/plain"}
