"""Names that say what an expression in Python gives: request data, a number, a text made of other texts."""

from __future__ import annotations

REQUESTS = frozenset({"request", "req"})
"""What frameworks and people call the request."""
OWN = frozenset({"self", "cls"})

_REQUEST_PARTS = frozenset(
    {
        "args", "form", "values", "json", "data", "files", "headers", "cookies", "view_args", "query_string",
        "get_json", "get_data", "GET", "POST", "COOKIES", "META", "FILES", "body", "query_params", "path_params",
        "query", "match_info", "rel_url", "params", "post", "text", "read", "path", "url", "full_path",
        "get_full_path", "get_argument", "get_arguments", "get_query_argument", "get_body_argument", "media",
        "get_param", "stream",
    }
)  # fmt: skip
"""Members of a request that hold what the client sent. Not its session or user: flow rules do not begin there."""


def is_request_data(path: str) -> bool:
    """Whether a dotted path such as `self.request.args.get` leads into what the client sent."""
    parts = path.split(".")
    if parts[0] in OWN:
        parts = parts[1:]
    return len(parts) > 1 and parts[0] in REQUESTS and parts[1] in _REQUEST_PARTS


TEXTLESS_TYPES = frozenset({"int", "float", "bool", "UUID", "uuid.UUID", "date", "datetime", "Decimal"})
TEXTLESS = frozenset(
    {
        "int", "float", "bool", "len", "ord", "abs", "round", "hash", "id", "sum", "range", "UUID", "uuid.UUID",
        "Decimal", "decimal.Decimal", "time.time", "time.monotonic", "datetime.now", "datetime.utcnow",
        "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today", "date.today", "uuid.uuid4",
        "uuid.uuid1", "uuid4", "os.getpid", "os.getuid", "os.cpu_count", "multiprocessing.cpu_count",
        "secrets.token_hex", "secrets.token_urlsafe", "random.randint", "random.random", "tempfile.mkdtemp",
        "tempfile.gettempdir", "os.getcwd", "Path.cwd", "isinstance", "callable", "hasattr",
    }
)  # fmt: skip
"""Functions whose result carries no text that somebody outside could choose."""
TEXTLESS_METHODS = frozenset({"hexdigest", "timestamp", "isoformat", "total_seconds", "isdigit", "startswith", "count"})
TRANSFORMS = frozenset(
    {
        "str", "repr", "bytes", "bytearray", "list", "tuple", "set", "frozenset", "dict", "sorted", "reversed", "zip",
        "enumerate", "iter", "next", "min", "max", "os.path.join", "os.path.abspath", "os.path.normpath",
        "os.path.realpath", "os.path.expanduser", "os.path.dirname", "os.fspath", "Path", "pathlib.Path",
        "textwrap.dedent", "json.dumps", "os.fsencode", "os.fsdecode", "copy.copy", "copy.deepcopy", "text",
        "sqlalchemy.text", "mark_safe",
    }
)  # fmt: skip
"""Functions whose result is made of their arguments and nothing else, and which clean nothing."""
TRANSFORM_METHODS = frozenset(
    {
        "format", "format_map", "join", "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "encode",
        "decode", "split", "rsplit", "splitlines", "partition", "rpartition", "removeprefix", "removesuffix", "copy",
        "keys", "values", "items", "pop", "center", "ljust", "rjust", "zfill", "expandtabs", "casefold", "joinpath",
        "as_posix", "resolve", "absolute", "with_suffix", "with_name",
    }
)  # fmt: skip
"""Methods of texts, containers and paths of the same kind."""
FIXED_ATTRIBUTES = frozenset(
    {"sys.executable", "sys.platform", "os.sep", "os.linesep", "os.pathsep", "os.curdir", "os.devnull", "os.path.sep"}
)
MUTATORS = frozenset({"append", "extend", "insert", "add", "update", "setdefault", "appendleft", "extendleft", "write"})
"""Methods that put their arguments into the object."""
ROUTES = frozenset(
    {"route", "get", "post", "put", "patch", "delete", "api_route", "websocket", "api_view", "errorhandler"}
)
"""Decorators by which a framework calls a function with what the client sent."""
CONVERTING = frozenset({"fastapi", "litestar", "ninja", "typer"})
"""Packages that convert arguments to their annotations before they call."""
STOPS = frozenset({"abort", "exit", "sys.exit", "quit", "os._exit", "flask.abort", "fail", "pytest.fail"})
"""Calls that do not return."""
