"""The names that triage knows: sinks, sanitisers and sources of data, as tables.

Adding a function that cleans or brings in data is one word here. Names are the last part of a dotted name unless a dot
says otherwise; they are matched against code, never against comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from oreva.triage.families import Family


@dataclass(frozen=True)
class Sink:
    """Which arguments of a dangerous call matter."""

    positions: int | None
    """How many leading positional arguments; None for all."""
    keywords: frozenset[str] = frozenset()
    """Names under which those arguments, or others that matter, can be given."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _sinks(names: str, positions: int | None, keywords: str = "") -> dict[str, Sink]:
    return dict.fromkeys(names.split(), Sink(positions, _words(keywords)))


_PROCESS = {
    **_sinks("run call check_call check_output Popen", 1, "args executable input"),
    **_sinks("system popen getoutput getstatusoutput startfile exec_command create_subprocess_shell", 1, "cmd command"),
    **_sinks("create_subprocess_exec execl execle execlp execlpe execv execve execvp execvpe", None),
    **_sinks("spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe posix_spawn", None),
}

SINKS: dict[Family, dict[str, Sink]] = {
    Family.COMMAND: _PROCESS,
    Family.PARTIAL_PATH: _PROCESS,
    Family.SQL: _sinks("execute executemany executescript raw text RawSQL read_sql read_sql_query", 1, "sql query"),
    Family.CODE: {**_sinks("eval exec compile run_path", 1, "source"), **_sinks("import_module __import__", None)},
    Family.XSS: _sinks("mark_safe Markup SafeString SafeText SafeData HttpResponse make_response", 1, "content"),
    Family.TEMPLATE: _sinks("render_template_string Template from_string", 1, "source template"),
    Family.PATH: _sinks("open send_file remove unlink rmtree listdir makedirs mkdir rename copy copyfile move", None),
    Family.URL: _sinks("urlopen urlretrieve Request get post put delete head patch redirect", 1, "url data"),
    Family.DESERIALIZATION: _sinks("loads", 1, "data"),
    Family.XML: _sinks("fromstring parseString XML fromstringlist", 1, "text string"),
}
"""Per family the calls that act on their arguments."""

SHELLS = _words(
    "sh ash bash zsh dash ksh mksh csh tcsh fish busybox toybox cmd powershell pwsh python pypy perl ruby node nodejs "
    "deno bun php lua tclsh expect osascript rscript groovy env xargs parallel ssh sudo su doas runuser find awk gawk "
    "mawk eval exec nohup nice ionice timeout time watch setsid stdbuf script strace flock chroot unshare nsenter "
    "systemd-run docker podman kubectl lxc psql mysql mariadb sqlite sqlplus mongo mongosh redis-cli gdb vim vi emacs "
    "make ansible start-stop-daemon wsl cscript wscript mshta rundll"
)
"""Programs that run what their arguments say: a fixed program proves nothing if one of these is in its list."""

_VERSION = re.compile(r"[\d.]*w?(?:\.exe)?$")


def runs_code(program: str) -> bool:
    """Whether a program, given with or without its folder and version, runs what its arguments say."""
    name = re.split(r"[/\\]", program.strip().lower())[-1]
    return name in SHELLS or _VERSION.sub("", name) in SHELLS


CODE_FLAG = re.compile(
    r"-[a-z]*[ce]|/[ck]|--?(?:eval|exec|execdir|ok|command|encodedcommand|enc|print|r)", re.IGNORECASE
)
"""Options behind which interpreters and their like take code."""

OPTIONS_RUN_PROGRAMS = _words(
    "git hg svn tar bsdtar rsync scp sftp zip unzip 7z man less more sed curl wget ffmpeg gpg pip npm yarn apt apt-get "
    "dpkg rpm yum dnf tcpdump nmap openssl java go cargo gcc cc ld crontab sort man mutt sendmail mail"
)
"""Programs that an option can make run another program, or write where they should not."""

RUNS_MORE = re.compile(
    r"\b(?:exec|eval|compile|input|open|__import__|import|getattr|os|sys|request|subprocess|run|system|popen|pickle"
    r"|spawn|child_process|require|fetch|location|document|window|process|Function|read\w*)\b"
)
"""What constant code can use to run, or read, what is not constant."""

RUNS_PARAMETER = re.compile(r"\b(?:sp_executesql|exec|execute|prepare|program)\b", re.IGNORECASE)
"""SQL that runs what it is given as SQL, or as a program."""

NUMERIC = _words("int float bool len round abs ord hash uuid.UUID .isoformat .timestamp .total_seconds")
"""Calls whose result can carry no syntax of any language. Those without a dot are built in."""

SANITISERS: dict[Family, frozenset[str]] = {
    Family.COMMAND: frozenset({"shlex.quote", "pipes.quote", "shlex.join"}),
    Family.SQL: _words("quote_ident sql.Identifier sql.Literal sql.Placeholder"),
    Family.XSS: _words(
        "html.escape markupsafe.escape flask.escape jinja2.escape conditional_escape format_html format_html_join "
        "bleach.clean nh3.clean urlencode escapejs json_script"
    ),
    Family.PATH: _words(
        "os.path.basename posixpath.basename ntpath.basename secure_filename safe_join get_valid_filename"
    ),
    Family.INJECTION: _words("escape_filter_chars escape_dn_chars"),
}
"""Per family the calls whose result is fit to be used there.

Left out are those that fit some places only: quoting an address keeps its host, escaping HTML leaves template syntax,
`escape_string` protects inside quotes only.
"""

TAKES_TEMPLATE = _words("format_html format_html_join")
"""Cleaning calls that clean all but their first argument."""

SPOILS_CLEANING = {
    Family.COMMAND: re.compile(
        r"""['"`\\]|\$\(|<<|\b(?:eval|ssh|su|sed|awk|xargs|parallel|watch)\b"""
        r"""|(?:^|[\s/])(?:[a-z]*sh|python[\d.]*|perl|ruby|node)\s+-\w*[ce]"""
    ),
    Family.XSS: re.compile(
        r"<\s*(?:script|style|iframe|object|embed)\b|\b(?:href|src\w*|action|formaction|data|style|on\w+)\s*=|=\s*$"
        r"|javascript:|<!--|<[a-z][^>]*[^>'\"](?:$|%s|%\(\w+\)s|\{\w*\})",
        re.IGNORECASE,
    ),
}
"""Constant text around a cleaned value in which the cleaning does not help: quotes inside quotes, a shell inside a
shell, a script or an address in HTML."""

ALTERS = _words(
    "strip lstrip rstrip replace removeprefix removesuffix split rsplit splitlines translate decode encode lower upper "
    "title dedent reversed expanduser sorted"
)
"""Calls that may take away from a cleaned text what made it safe."""

PASSES_ON = _words(
    "str repr format join strip lstrip rstrip lower upper title encode decode replace split rsplit splitlines list "
    "tuple sorted set frozenset dict reversed Path PurePath fspath abspath normpath realpath expanduser dirname items "
    "keys values get copy bytes bytearray BytesIO StringIO dedent removeprefix removesuffix zip enumerate next iter "
    "chain deepcopy cast with_suffix with_name as_posix joinpath"
)
"""Calls whose result is made of nothing but their receiver and arguments."""

PURE_MODULES = _words("os os.path posixpath ntpath copy itertools textwrap pathlib io typing collections string")
"""Modules whose functions of those names do what they do in the standard library."""

CHECKS = re.compile(r"(?:^|_)(?:valid|clean|sanit|escape|safe|check|normali[sz]e|allow|filter|verify)", re.IGNORECASE)
"""A function named like this may make its argument safe: what comes out counts as unknown, not as input."""

FIXED = _words(
    "sys.executable sys.platform sys.prefix sys.version os.sep os.linesep os.devnull os.name os.pathsep os.curdir "
    "__file__ __name__ __doc__ string.ascii_letters string.digits string.ascii_lowercase string.ascii_uppercase"
)
"""Names whose value no outsider chooses."""

REQUEST_ATTRIBUTE = re.compile(
    r"(?:^|\.)(?:request|req)\.(?:args|form|values|json|data|files|cookies|headers|GET|POST|FILES|COOKIES|META|body|query"
    r"|query_params|path_params|params|get_json|get_data|stream|rel_url|match_info|full_path|query_string)(?:\.|$)"
)
"""Dotted names that lead into an HTTP request, in the common Python frameworks."""

ROUTE_DECORATORS = _words("route get post put patch delete websocket api_route api_view")
"""Decorators that make a function's parameters part of a request, if they take a path that starts with `/`."""

CONVERTING_FRAMEWORKS = _words("fastapi litestar")
"""Packages whose routes convert parameters to the types that they are annotated with."""

PLAIN_FRAMEWORKS = _words("flask flask_restful flask_openapi3 quart bottle sanic aiohttp tornado django cherrypy")
"""Packages whose routes take no notice of annotations."""

TEXT_SOURCES: dict[str, re.Pattern[str]] = {
    "javascript": re.compile(
        r"\b(?:req|request|ctx)\.(?:body|query|params|headers|cookies|url|originalUrl)\b|\bctx\.request\.\w+"
        r"|\blocation\.(?:hash|search|href)\b|\bdocument\.(?:referrer|URL|cookie)\b|\bwindow\.name\b|\bprocess\.argv\b"
        r"|\bnew URLSearchParams\b|\bsearchParams\.get\b"
    ),
    "java": re.compile(
        r"\.get(?:Parameter(?:Values|Map)?|Header|Cookies|QueryString|InputStream|Reader|PathInfo)\(|@RequestParam\b"
        r"|@PathVariable\b|@RequestBody\b|@RequestHeader\b"
    ),
    "go": re.compile(
        r"\br(?:eq)?\.(?:URL\.(?:Query\(\)|Path|RawQuery)|FormValue\(|PostFormValue\(|Header\.Get\(|Body\b|Form\b)"
        r"|\bc\.(?:Query|Param|PostForm|DefaultQuery|FormValue|QueryParam)\(|\bmux\.Vars\(|\bos\.Args\b|\bflag\.Arg"
    ),
    "python": re.compile(
        r"\brequest\.(?:args|form|values|json|data|files|cookies|headers|GET|POST|body|query_params)\b|\bsys\.argv\b"
        r"|\binput\("
    ),
    "php": re.compile(r"\$_(?:GET|POST|REQUEST|COOKIE|FILES)\b"),
    "ruby": re.compile(r"\bparams\[|\bcookies\[|\brequest\.(?:body|headers|query_string)\b"),
}
"""What input from outside looks like in languages that are judged by their text."""

TEXT_SINKS: dict[Family, frozenset[str]] = {
    Family.COMMAND: _words(
        "exec execSync execFile execFileSync spawn spawnSync system popen shell_exec passthru proc_open Command "
        "CommandContext ProcessBuilder start"
    ),
    Family.SQL: _words(
        "query execute exec executeQuery executeUpdate prepare prepareStatement createQuery createNativeQuery raw "
        "Query QueryRow QueryContext QueryRowContext Exec ExecContext Prepare PrepareContext Queryx Raw where order "
        "find_by_sql exec_query select_all whereRaw selectRaw"
    ),
    Family.CODE: _words("eval Function setTimeout setInterval runInContext runInNewContext instance_eval class_eval"),
    Family.XSS: _words("write writeln html append insertAdjacentHTML HTML raw html_safe"),
    Family.PATH: _words(
        "readFile readFileSync writeFile writeFileSync createReadStream sendFile open Open ReadFile fopen "
        "file_get_contents File FileInputStream FileReader include require"
    ),
    Family.URL: _words("fetch get post request Get redirect Redirect sendRedirect URL redirect_to axios"),
    Family.TEMPLATE: _words("render renderString compile"),
}
"""Per family the calls that act on their arguments, in languages that are judged by their text."""

TEXT_SANITISERS: dict[Family, re.Pattern[str]] = {
    Family.XSS: re.compile(
        r"\b(?:DOMPurify\.sanitize|sanitizeHtml|escapeHtml|encodeURIComponent|he\.encode|html\.EscapeString|Encode\.forHtml"
        r"|StringEscapeUtils\.escapeHtml\d?|template\.HTMLEscapeString|htmlspecialchars|parseInt|Number)\("
    ),
    Family.PATH: re.compile(r"\b(?:path\.basename|filepath\.Base|FilenameUtils\.getName|parseInt|basename)\("),
    Family.SQL: re.compile(
        r"\b(?:parseInt|Number|Integer\.(?:parseInt|valueOf)|Long\.parseLong|strconv\.Atoi|intval|mysql\.escapeId)\("
    ),
    Family.COMMAND: re.compile(r"\b(?:shellescape|shellQuote|quote|parseInt|escapeshellarg|strconv\.Atoi)\("),
    Family.URL: re.compile(r"\b(?:encodeURIComponent|url\.QueryEscape|URLEncoder\.encode)\("),
}
"""What cleaning looks like in those languages, per family."""
