"""Signals from where the code stands: tests, examples, migrations, generated files, code that never runs."""

from __future__ import annotations

import ast
import re

from oreva.triage.case import Case
from oreva.triage.families import Family
from oreva.triage.python_dead import why_dead
from oreva.triage.python_tree import FunctionNode
from oreva.triage.signals.base import Observation, Signal

_TEST_FOLDER = re.compile(r"(?:^|/)(tests?|testing|__tests__|specs?|e2e|testdata|test-data|__mocks__|mocks)/")
_TEST_FILE = re.compile(
    r"(?:^|/)(?:test_[^/]*\.py|[^/]*_tests?\.py|tests?\.py|conftest\.py|[^/]*_test\.go|[^/]*\.(?:spec|test)\.[cm]?[jt]sx?"
    r"|[^/]*(?:Test|Tests|IT)\.(?:java|kt)|[^/]*_(?:spec|test)\.rb)$"
)
_EXAMPLE_FOLDER = re.compile(
    r"(?:^|/)(examples?|samples?|demos?|docs?|tutorials?|benchmarks?|bench|snippets|playground|cookbook|fixtures?)/"
)
_MIGRATION = re.compile(r"(?:^|/)(migrations|alembic)/")
_GENERATED = re.compile(
    r"(?:^|/)(?:generated|__generated__|gen)/|(?:_pb2(?:_grpc)?\.pyi?|\.pb\.go|_generated\.\w+|\.g\.dart|\.min\.js)$"
)


_MUST_RUN = frozenset(Family) - {Family.SECRET, Family.ASSERT, Family.IMPORT}
"""Families whose defects do harm only when the code runs, and are worth parsing the file for."""


def _where(case: Case) -> str:
    return case.finding.path


def test_path(path: str) -> str:
    """Which convention makes a path test code, in words; empty if none does."""
    folder = _TEST_FOLDER.search(path)
    if folder:
        return f"the file lies in a folder called `{folder[1]}`"
    return "the file is named like a test" if _TEST_FILE.search(path) else ""


def in_test(case: Case) -> str:
    """Why the code is certainly test code, in words; empty if nothing says so."""
    reason = test_path(_where(case))
    if reason or case.family not in _MUST_RUN | {Family.SECRET}:
        return reason
    for node in reversed(case.scopes[1:]):
        if isinstance(node, ast.ClassDef) and any(_is_test_case(base) for base in node.bases):
            return f"it is inside the test case `{node.name}`"
    return ""


def _test_function(case: Case) -> str:
    """The name of a function around the code that is named like a test; empty if there is none."""
    functions = [node.name for node in case.scopes[1:] if isinstance(node, FunctionNode)] if case.steps else []
    return next((name for name in functions if name.startswith("test_")), "")


def _is_test_case(base: ast.expr) -> bool:
    return (base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")) in {
        "TestCase",
        "SimpleTestCase",
        "TransactionTestCase",
        "LiveServerTestCase",
        "IsolatedAsyncioTestCase",
    }


_IN_TEST_WEIGHT = {Family.ASSERT: -2.9, Family.TEMP_FILE: -2.0, Family.SECRET: -0.8}
_IN_TEST_WORDS = {
    Family.ASSERT: "Assertions are how tests report a failure, and tests do not run with `-O`.",
    Family.TEMP_FILE: "No other user shares the temporary folder of a test run.",
    Family.SECRET: "Secrets in tests are often made up, but one that works is as exposed here as anywhere.",
}


def test_code(case: Case) -> Observation | None:
    """Test code runs on a developer's data, not on an attacker's."""
    reason = in_test(case)
    if not reason:
        name = _test_function(case) if case.family in _MUST_RUN else ""
        words = f"The function is called `{name}` like a test, but does not lie among tests."
        return Observation(-0.7, words, case.quote()) if name else None
    words = _IN_TEST_WORDS.get(case.family, "Test code does not run in production and gets no data from outsiders.")
    return Observation(_IN_TEST_WEIGHT.get(case.family, -1.6), f"This is test code ({reason}). {words}", case.quote())


def example_code(case: Case) -> Observation | None:
    """Examples, documentation and benchmarks are shipped to be read, not run on data of others."""
    folder = _EXAMPLE_FOLDER.search(_where(case))
    if folder is None:
        return None
    weight = -0.7 if case.family is Family.SECRET else -1.3
    words = f"The file lies in a folder called `{folder[1]}`, so it is probably not part of what runs in production."
    return Observation(weight, words, case.quote())


def migration_code(case: Case) -> Observation | None:
    """Database migrations run once, by the developer."""
    if _MIGRATION.search(_where(case)) is None:
        return None
    words = "This is a database migration: it runs once, without input from users."
    return Observation(-1.4, words, case.quote())


def generated_code(case: Case) -> Observation | None:
    """Generated files are mended in their generator."""
    if _GENERATED.search(_where(case)) is None:
        return None
    words = "The file is named like a generated one: a repair belongs into its generator."
    return Observation(-0.6, words, case.quote())


def dead_code(case: Case) -> Observation | None:
    """Code that can never run harms nobody."""
    python = case.view.python
    if python is None or not case.steps:
        return None
    found = why_dead(case.steps, python.false_names, python.leaving)
    if found is None:
        return None
    reason, proof = found
    return Observation(-5.0, f"This code can never run: {reason}.", case.quote(proof) + case.quote(case.statement))


SIGNALS = (
    Signal("dead-code", "reach", dead_code, "the code before it changed so that this statement is reached", _MUST_RUN),
    Signal("test-code", "place", test_code, "the code is used outside of tests"),
    Signal("example-code", "place", example_code, "people run or copy this code as it is"),
    Signal(
        "migration-code",
        "place",
        migration_code,
        "the migration builds statements from data that users have entered",
        frozenset({Family.SQL}),
    ),
    Signal("generated-code", "generated", generated_code, "the file is in fact written by hand"),
)
