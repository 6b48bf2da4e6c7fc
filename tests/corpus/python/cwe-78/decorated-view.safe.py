import functools
import subprocess

from flask import Blueprint, request

bp = Blueprint("git", __name__)


def logged(view):
    @functools.wraps(view)
    def inner(*args, **kwargs):
        return view(*args, **kwargs)

    return inner


@bp.route("/branches")
@logged
def branches():
    repository = request.args.get("repository", "main")
    done = subprocess.run(["git", "-C", "/srv/main", "branch"], capture_output=True, text=True)
    return done.stdout
