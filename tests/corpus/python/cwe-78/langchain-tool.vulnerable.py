import subprocess

from langchain_core.tools import tool


@tool
def git_log(arguments: str) -> str:
    """Show the history of the repository."""
    return subprocess.check_output("git log " + arguments, shell=True, text=True)
