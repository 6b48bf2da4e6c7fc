"""What a detection points at in a Python tree: from line and column to the expression that is meant."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oreva.triage.python_tree import Step, last_line

Position = tuple[int, int]
"""Line (1-based) and column (0-based, UTF-8 bytes), as trees count."""


@dataclass(frozen=True)
class Located:
    """A detection in a tree: the statement it lies in, the way there, and the expressions it can mean."""

    steps: list[Step]
    nodes: Sequence[ast.expr]
    """The flagged expression, or the calls it may be; empty if the statement has none."""

    @property
    def statement(self) -> ast.stmt:
        """The innermost statement."""
        return self.steps[-1].statement


class StatementIndex:
    """The nodes of one statement, without those of the statements inside it, found by line and by what holds them."""

    def __init__(self, statement: ast.stmt) -> None:
        self.statement = statement
        self.nodes: list[ast.AST] = []
        self.has_lambda = False
        """Whether part of it runs at another time than the statement."""
        self.parents: dict[int, ast.AST] = {}
        """By `id` of a node."""
        self.values: dict[int, ast.expr] = {}
        """By `id` of a key in a dictionary or of the index that is assigned to: the value that goes with it."""
        self._by_line: dict[int, list[ast.AST]] = {}
        pending: list[ast.AST] = [statement]
        while pending:
            node = pending.pop()
            self.nodes.append(node)
            if isinstance(node, ast.Dict):
                self.values |= {id(key): value for key, value in zip(node.keys, node.values, strict=True)}
            elif isinstance(node, ast.Assign):
                targets = [target for target in node.targets if isinstance(target, ast.Subscript)]
                self.values |= {id(target.slice): node.value for target in targets}
            self.has_lambda = self.has_lambda or isinstance(node, ast.Lambda)
            self._by_line.setdefault(getattr(node, "lineno", 0), []).append(node)
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
                    self.parents[id(child)] = node
                    pending.append(child)

    def near(self, first: int, last: int) -> list[ast.AST]:
        """All nodes of a statement of ordinary size; of a huge one, those that start on lines `first` to `last`."""
        if len(self.nodes) <= HUGE_STATEMENT:
            return self.nodes
        lines = range(first, min(last, first + MAX_FLAGGED_LINES) + 1)
        return [node for line in lines for node in self._by_line.get(line, ())][:HUGE_STATEMENT]

    def whole_text(self, node: ast.expr) -> ast.expr:
        """The expression that a flagged piece of text is built into: Bandit points at the first literal of a query."""
        whole, current = node, self.parents.get(id(node))
        while isinstance(current, ast.expr):
            method = (
                current.func.attr if isinstance(current, ast.Call) and isinstance(current.func, ast.Attribute) else ""
            )
            if isinstance(current, ast.BinOp | ast.JoinedStr) or method in {"format", "join", "replace"}:
                whole = current
            elif not isinstance(current, ast.Attribute | ast.FormattedValue):
                break
            current = self.parents.get(id(current))
        return whole


HUGE_STATEMENT = 2_000
"""Nodes from which on only the neighbourhood of a finding in its statement is looked at."""

MAX_FLAGGED_LINES = 200
"""How many flagged lines of such a statement."""


def locate(
    steps: list[Step], index: StatementIndex, start: Position, end: Position, is_sink: Callable[[ast.Call], bool]
) -> Located:
    """Find what a detection points at in the statement at the end of `steps`.

    An expression that starts and ends where the detection does is meant. Else the calls on its lines that `is_sink`
    knows are: Bandit can give the line of one argument together with the column of the whole call. Else the call that
    starts where the detection does, else the outermost calls of its lines.

    Args:
        steps: the way to its statement, not empty.
        index: of that statement.
        start: line and column of its first character, as the tree counts (see `byte_column`).
        end: line and column behind its last character.
        is_sink: whether a call is one that the rule warns of.
    """
    expressions = [
        node
        for node in index.near(start[0], end[0])
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
    ]
    there = [node for node in expressions if (node.lineno, node.col_offset) == start]
    matching = [node for node in there if (node.end_lineno, node.end_col_offset) == end]
    if matching:
        return Located(steps, [index.whole_text(_longest(matching))])
    overlapping = [node for node in expressions if node.lineno <= end[0] and last_line(node) >= start[0]]
    calls = [node for node in overlapping if isinstance(node, ast.Call)]
    sinks = [call for call in calls if is_sink(call)]
    here = [call for call in calls if (call.lineno, call.col_offset) == start]
    meant: Sequence[ast.expr] = sinks or ([_longest(here)] if here else _outermost(calls))
    if there and not meant:
        meant = [index.whole_text(_longest(there))]
    return Located(steps, meant)


def byte_column(lines: list[str], line: int, column: int) -> int:
    """A 1-based column in characters as the 0-based one in UTF-8 bytes that trees use."""
    if not 1 <= line <= len(lines):
        return max(column - 1, 0)
    before = lines[line - 1].removeprefix("\ufeff")[: max(column - 1, 0)]
    return len(before.encode("utf-8", "surrogatepass"))


def _longest(nodes: Sequence[ast.expr]) -> ast.expr:
    return max(nodes, key=lambda node: (last_line(node), node.end_col_offset or 0))


def _outermost(calls: Sequence[ast.expr]) -> list[ast.expr]:
    """The calls that lie in no other of them."""
    spans = [(call, (call.lineno, call.col_offset), (last_line(call), call.end_col_offset or 0)) for call in calls]
    spans.sort(key=lambda span: (span[1], (-span[2][0], -span[2][1])))
    outer: list[ast.expr] = []
    reach = (0, 0)
    for call, start, end in spans:
        if start >= reach:
            outer.append(call)
            reach = end
    return outer
