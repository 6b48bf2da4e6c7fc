import subprocess

from langchain_core.tools import tool


@tool
def git_log(count: int) -> str:
    """Show the last commits of the repository."""
    return subprocess.check_output(["git", "log", f"--max-count={int(count)}"], text=True)
