import os
import subprocess

from langchain_core.tools import tool
from mcp.server.fastmcp import FastMCP

server = FastMCP("files")
COMMANDS = {"disk": "df -h", "memory": "free -m"}


@tool
def shell(command: str) -> str:
    # ruleid: oreva.python.agent-tool.tool-runs-argument
    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout


@server.tool()
def calculate(expression: str) -> float:
    # ruleid: oreva.python.agent-tool.tool-runs-argument
    return eval(expression)


@tool
def status(kind: str) -> str:
    # ok: oreva.python.agent-tool.tool-runs-argument
    return subprocess.getoutput(COMMANDS[kind])


@server.tool()
def first_lines(count: int) -> str:
    # ok: oreva.python.agent-tool.tool-runs-argument
    return os.popen(f"head -n {count} /var/log/app.log").read()
