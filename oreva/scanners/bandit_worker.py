"""Bandit's own parser, plugins and `nosec` handling on a list of files, one JSON line per file; run as a program.

    python -m oreva.scanners.bandit_worker FILES.json SECONDS

FILES.json holds a list of paths relative to the working directory. Standard output gets `{"begin": path}` before a file
is touched, so that the caller knows which file a dead process died of, and after it
`{"file": path, "results": [...], "error": reason, "incomplete": [plugin, ...]}`.

What differs from the `bandit` program is bookkeeping only: scores and metrics are not kept, the context of a syntax
node is built only where some plugin looks at that kind of node, and detections under a `nosec` comment are reported
with a mark instead of being dropped. The parity test holds the results to those of `bandit -r`.
"""

from __future__ import annotations

import ast
import gc
import io
import json
import logging
import re
import signal
import sys
import tokenize
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bandit.core import config as bandit_config
from bandit.core import context as bandit_context
from bandit.core import issue as bandit_issue
from bandit.core import manager as bandit_manager
from bandit.core import node_visitor, tester, utils

from oreva.scanners.suppressions import justification

_NOSEC = re.compile(r"#\s*nosec\b", re.IGNORECASE)


class FileTimeoutError(BaseException):
    """One file took too long; not an `Exception`, since Bandit swallows those of its plugins."""


class MarkingTester(tester.BanditTester):  # type: ignore[misc]
    """Runs the plugins like Bandit's tester, but keeps what a `nosec` comment covers and remembers failed plugins."""

    def __init__(self, testset: Any, nosec_lines: Mapping[int, set[str] | None]) -> None:
        super().__init__(testset, False, nosec_lines, None)
        self.covered: dict[int, tuple[int, bool]] = {}
        """Index of a result to the line of the comment that covers it, and whether that names the test."""
        self.failed_plugins: list[str] = []
        self._tests = testset.tests
        self._any_nosec = any(tests is not None for tests in nosec_lines.values())

    def run_tests(self, raw_context: dict[str, Any], checktype: str) -> None:
        """Run every plugin that looks at this type of node; Bandit's fields of a result are filled as it fills them."""
        context = bandit_context.Context(raw_context)
        for test in self._tests.get(checktype, ()):
            try:
                result = test(context, test._config) if hasattr(test, "_config") else test(context)  # noqa: SLF001
                if result is not None:
                    self._keep(result, raw_context, test)
            except Exception as error:  # noqa: BLE001  (Bandit goes on too; here the file becomes a gap)
                self.failed_plugins.append(f"{test.__name__} ({type(error).__name__})")

    def _keep(self, result: bandit_issue.Issue, context: dict[str, Any], test: Callable[..., Any]) -> None:
        covering = self._covering(result, context) if self._any_nosec else None
        result.fname = context["filename"]
        if result.lineno is None:
            result.lineno = context["lineno"]
        if result.linerange == []:
            result.linerange = context["linerange"]
        if result.col_offset == -1:
            result.col_offset = context["col_offset"]
        result.end_col_offset = context.get("end_col_offset", 0)
        result.test = test.__name__
        if result.test_id == "":
            result.test_id = test._test_id  # type: ignore[attr-defined]  # noqa: SLF001
        if covering is not None and (not covering or result.test_id in covering):
            lines = [result.lineno, *context["linerange"]]
            line = next((line for line in lines if self.nosec_lines.get(line) is not None), result.lineno)
            self.covered[len(self.results)] = (line, bool(covering))
        self.results.append(result)

    def _covering(self, result: bandit_issue.Issue, context: dict[str, Any]) -> set[str] | None:
        """The tests that `nosec` comments at this place name; empty for all of them, None without a comment."""
        tests: set[str] | None = self._get_nosecs_from_contexts(context, test_result=result)
        return tests


class LeanVisitor(node_visitor.BanditNodeVisitor):  # type: ignore[misc]
    """Walks the tree in Bandit's order, spending time only on nodes that a plugin or a visitor method looks at."""

    def __init__(self, path: str, content: bytes, testset: Any, nosec_lines: Mapping[int, set[str] | None]) -> None:
        self.namespace: str
        super().__init__(path, io.BytesIO(content), None, testset, False, nosec_lines, None)
        self.tester = MarkingTester(testset, nosec_lines)
        self._methods: dict[type, Callable[[Any], None] | None] = {}

    def update_scores(self, scores: object) -> None:
        """Scores are not kept."""

    def _method(self, kind: type) -> Callable[[Any], None] | None:
        name = kind.__name__
        method: Callable[[Any], None] | None = getattr(self, f"visit_{name}", None)
        if method is None and self.testset.tests.get(name):

            def method(_node: object) -> None:
                self.tester.run_tests(self.context, name)

        return method

    def generic_visit(self, node: ast.AST) -> None:
        """Visit every child: links as Bandit sets them, then the visitor method, then the child's own children."""
        methods = self._methods
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                children = value
            elif isinstance(value, ast.AST):
                children = [value]
            else:
                continue
            last = len(children) - 1
            for index, child in enumerate(children):
                if not isinstance(child, ast.AST):
                    continue
                child._bandit_sibling = children[index + 1] if index < last else None  # type: ignore[attr-defined]  # noqa: SLF001
                child._bandit_parent = node  # type: ignore[attr-defined]  # noqa: SLF001
                kind = type(child)
                if kind in methods:
                    method = methods[kind]
                else:
                    method = methods[kind] = self._method(kind)
                if method is not None:
                    self._set_context(child)
                    method(child)
                self.generic_visit(child)
                if kind is ast.FunctionDef or kind is ast.ClassDef:
                    self.namespace = utils.namespace_path_split(self.namespace)[0]

    def _set_context(self, node: ast.AST) -> None:
        self.context = {
            "imports": self.imports,
            "import_aliases": self.import_aliases,
            "node": node,
            "linerange": utils.linerange(node),
            "filename": self.fname,
            "file_data": self.fdata,
        }
        for name in ("lineno", "col_offset", "end_col_offset"):
            if hasattr(node, name):
                self.context[name] = getattr(node, name)


def scan_file(path: str, testset: Any) -> dict[str, object]:
    """What Bandit says of one file; `error` holds the reason if it could not be scanned."""
    answer: dict[str, object] = {"file": path, "results": [], "error": "", "incomplete": []}
    try:
        content = Path(path).read_bytes()
        nosec_lines, comments = _nosec_lines(content)
        visitor = LeanVisitor(path, content, testset, nosec_lines)
        visitor.process(content)
    except SyntaxError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        where = f" (line {error.lineno})" if error.lineno else ""
        answer["error"] = f"bandit could not parse it with Python {version}: {error.msg}{where}"
    except (RecursionError, MemoryError) as error:
        answer["error"] = f"bandit gave up on it: its code is nested too deeply or too large ({type(error).__name__})"
    except Exception as error:  # noqa: BLE001  (one poisonous file costs that file, not the batch)
        answer["error"] = f"bandit failed on it ({type(error).__name__}: {error})"
    else:
        marking: MarkingTester = visitor.tester
        answer["incomplete"] = sorted(set(marking.failed_plugins))
        answer["results"] = [
            _result(issue, marking.covered.get(index), comments) for index, issue in enumerate(marking.results)
        ]
    return answer


def _nosec_lines(content: bytes) -> tuple[dict[int, set[str] | None], dict[int, str]]:
    """Bandit's reading of the comments (line to test ids; empty set for all tests), and the text of those comments."""
    lines: dict[int, set[str] | None] = {}
    comments: dict[int, str] = {}
    if b"nosec" not in content.lower():
        return lines, comments
    try:
        for kind, text, (line, _), _, _ in tokenize.tokenize(io.BytesIO(content).readline):
            if kind == tokenize.COMMENT:
                lines[line] = bandit_manager._parse_nosec_comment(text)  # noqa: SLF001
                if lines[line] is not None:
                    comments[line] = text
    except tokenize.TokenError:
        pass
    return lines, comments


def _result(issue: bandit_issue.Issue, covered: tuple[int, bool] | None, comments: Mapping[int, str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "test_id": issue.test_id,
        "severity": issue.severity,
        "confidence": issue.confidence,
        "cwe": issue.cwe.id,
        "text": issue.text,
        "line": issue.lineno,
        "last_line": max(issue.linerange, default=issue.lineno),
        "col": issue.col_offset,
        "end_col": issue.end_col_offset,
    }
    if covered is not None:
        line, named = covered
        comment = comments.get(line, "")
        begin = _NOSEC.search(comment)
        why = justification(comment[begin.end() :]) if begin else ""
        result["nosec"] = {"line": line, "named": named, "justification": why}
    return result


def main(files: Path, seconds: float) -> None:
    """Scan every listed file, at most `seconds` each."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    testset = bandit_manager.BanditManager(bandit_config.BanditConfig(), "file").b_ts
    # A syntax tree is many small objects that all die together: looking for garbage among them takes a quarter of the
    # time. What is loaded by now stays anyhow.
    gc.freeze()
    gc.set_threshold(500_000)

    def out_of_time(*_: object) -> None:
        raise FileTimeoutError

    signal.signal(signal.SIGALRM, out_of_time)
    for path in json.loads(files.read_text()):
        sys.stdout.write(json.dumps({"begin": path}) + "\n")
        sys.stdout.flush()
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            answer = scan_file(path, testset)
            signal.setitimer(signal.ITIMER_REAL, 0)
        except FileTimeoutError:
            answer = {"file": path, "results": [], "error": f"bandit took longer than {seconds:g} s", "incomplete": []}
            answer["timeout"] = True
        sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
