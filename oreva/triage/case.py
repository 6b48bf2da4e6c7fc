"""One finding with everything the signals ask about it: its file, its place in the tree, what its data is made of."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from functools import cached_property

from oreva.models import Detection, Evidence, Finding
from oreva.triage import text_view
from oreva.triage.evidence import MAX_QUOTE_CHARACTERS, is_substantial, quote_line, split_lines
from oreva.triage.families import DATA_FLOW, family_of
from oreva.triage.python_flow import NOTHING, Ingredients, PythonFlow
from oreva.triage.python_locate import Located, byte_column, locate
from oreva.triage.python_tree import (
    MAX_PARSED_CHARACTERS,
    ScopeNode,
    Step,
    dotted,
    parse,
    scope_nodes,
    steps_to,
)
from oreva.triage.vocabulary import SINKS, Sink

MAX_DETECTIONS = 8
"""How many detections of one finding are looked at; the others lie on the same lines."""

MAX_REGION_LINES = 12
"""How many flagged lines are read as text."""


class FileView:
    """One scanned file. Everything is worked out when it is first asked for, and once."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.language = text_view.language_of(path)

    @cached_property
    def lines(self) -> list[str]:
        """The lines as scanned."""
        return split_lines(self.text)

    @cached_property
    def code(self) -> list[str]:
        """The lines with comments turned into spaces; empty for a file too long to read."""
        if len(self.text) > MAX_PARSED_CHARACTERS:
            return []
        return text_view.without_comments("\n".join(self.lines), self.language).split("\n")

    @cached_property
    def python(self) -> PythonFlow | None:
        """The parsed file, if it is Python that this interpreter can parse."""
        module = parse(self.text) if self.language == "python" else None
        return None if module is None else PythonFlow(module, self.path, self.lines)

    def quote(self, line: int) -> Evidence | None:
        """The code on a line as evidence, without the comment behind it; None if there is too little."""
        if not self.code:
            return quote_line(self.path, line, self.lines)
        if not 1 <= line <= len(self.code):
            return None
        quote = self.code[line - 1].strip()[:MAX_QUOTE_CHARACTERS].rstrip()
        usable = is_substantial(quote) and quote in self.lines[line - 1]
        return Evidence(path=self.path, line=line, quote=quote) if usable else None


@dataclass(frozen=True)
class Flagged:
    """One expression that a detection means, and the parts of it that matter."""

    node: ast.expr
    parts: tuple[ast.expr, ...]
    """The arguments that the call acts on; for another expression, itself."""
    known: bool
    """Whether it is known which arguments matter, so that the others need not be looked at."""
    place: Located


class Case:
    """A finding and its code, as the signals see them."""

    def __init__(self, finding: Finding, view: FileView) -> None:
        self.finding = finding
        self.view = view
        self.family = family_of(finding)

    @cached_property
    def located(self) -> tuple[Located, ...]:
        """Where the detections lie in the tree; empty if the file is not parsed."""
        python = self.view.python
        if python is None:
            return ()
        spans = {
            (d.start_line, d.start_col, d.end_line, d.end_col): d
            for d in self.finding.detections[:MAX_DETECTIONS]
            if d.path == self.finding.path
        }
        found = (self._locate(python, detection) for detection in spans.values())
        return tuple(place for place in found if place is not None)

    def _locate(self, python: PythonFlow, detection: Detection) -> Located | None:
        lines = self.view.lines
        start = (detection.start_line, byte_column(lines, detection.start_line, detection.start_col))
        end = (detection.end_line, byte_column(lines, detection.end_line, detection.end_col))
        steps = steps_to(python.module, *start)
        if not steps:
            return None
        return locate(steps, python.index(steps[-1].statement), start, end, self._is_sink)

    @property
    def steps(self) -> list[Step]:
        """The way down to the statement of the primary detection; empty if there is none."""
        return self.located[0].steps if self.located else []

    @property
    def statement(self) -> ast.stmt | None:
        """The innermost statement of the primary detection."""
        return self.steps[-1].statement if self.steps else None

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """The nodes of that statement, without those of the statements inside it; of a huge one, those nearby."""
        python, statement = self.view.python, self.statement
        if python is None or statement is None:
            return []
        return python.index(statement).near(self.finding.primary.start_line, self.finding.primary.end_line)

    @cached_property
    def scopes(self) -> list[ScopeNode]:
        """Module, functions and classes around that statement, outermost first."""
        python = self.view.python
        return scope_nodes(python.module, self.steps) if python is not None and self.steps else []

    @cached_property
    def flagged(self) -> tuple[Flagged, ...]:
        """The flagged expressions of all detections, each once."""
        found = {id(node): self._flag(node, place) for place in self.located for node in place.nodes}
        return tuple(found.values())

    @property
    def calls(self) -> list[ast.Call]:
        """The flagged expressions that are calls."""
        return [flagged.node for flagged in self.flagged if isinstance(flagged.node, ast.Call)]

    def sink_of(self, call: ast.Call) -> Sink | None:
        """What is known of a call that the family's rules warn of."""
        return SINKS.get(self.family, {}).get(_last_name(call.func))

    def _is_sink(self, call: ast.Call) -> bool:
        return self.sink_of(call) is not None

    def _flag(self, node: ast.expr, place: Located) -> Flagged:
        if not isinstance(node, ast.Call):
            return Flagged(node, (node,), known=True, place=place)
        sink = self.sink_of(node)
        if sink is None:
            receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
            parts = [*node.args, *(keyword.value for keyword in node.keywords)]
            if receiver is not None and not dotted(receiver).strip("."):
                parts.append(receiver)
            return Flagged(node, tuple(parts), known=False, place=place)
        named = [k.value for k in node.keywords if sink.positions is None or k.arg is None or k.arg in sink.keywords]
        return Flagged(node, (*node.args[: sink.positions], *named), known=True, place=place)

    @cached_property
    def ingredients(self) -> Ingredients | None:
        """What the data of the flagged expressions is made of; None if there is nothing to look at."""
        parts = [(part, flagged.place) for flagged in self.flagged for part in flagged.parts]
        if self.family not in DATA_FLOW or not parts:
            return None
        return NOTHING.union(*(self.ingredients_of(part, place) for part, place in parts))

    def ingredients_of(self, node: ast.expr, place: Located) -> Ingredients:
        """What one expression of a flagged statement is made of."""
        python = self.view.python
        if python is None:
            return NOTHING
        later = python.index(place.statement).has_lambda
        scopes = scope_nodes(python.module, place.steps)
        return python.ingredients(node, scopes, None if later else place.statement, self.family)

    @cached_property
    def region(self) -> str:
        """The flagged text of the primary detection, without comments; empty if it cannot be read."""
        first = self.finding.primary
        code = self.view.code[first.start_line - 1 : min(first.end_line, first.start_line + MAX_REGION_LINES)]
        if first.start_line < 1 or not code:
            return ""
        if len(code) == first.end_line - first.start_line + 1:
            code[-1] = code[-1][: max(first.end_col - 1, 0)]
        code[0] = code[0][max(first.start_col - 1, 0) :]
        return "\n".join(line[:2_000] for line in code)

    @cached_property
    def fragment(self) -> ast.stmt | None:
        """The first flagged statement, parsed from the flagged lines alone; None if they are no whole statements.

        Much cheaper than the tree of the file, for evidence that needs nothing around the statement.
        """
        first = self.finding.primary
        if self.view.language != "python" or first.start_line < 1 or first.end_line - first.start_line > 100:
            return None
        module = parse(textwrap.dedent("\n".join(self.view.lines[first.start_line - 1 : first.end_line])))
        return module.body[0] if module is not None and module.body else None

    def quote(self, node: ast.expr | ast.stmt | None = None) -> tuple[Evidence, ...]:
        """A node as evidence; without one, or where it is too short, the flagged line."""
        python = None if node is None else self.view.python
        found = None if python is None or node is None else python.evidence(node)
        found = found or self.view.quote(self.finding.primary.start_line)
        return () if found is None else (found,)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
