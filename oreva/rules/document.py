"""Reading one rule file: YAML or JSON in, plain JSON-ready data and the line of everything out.

Built on the parser's events, with limits, since rule files can come from strangers. Plain scalars follow the YAML 1.2
core schema, as Semgrep reads them: `on`, `yes` and dates stay text. Aliases and merge keys are resolved here, since
Semgrep's native front end does not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

MAX_FILE_BYTES = 4 * 1024**2
"""A larger rule file is refused."""
MAX_VALUES = 500_000
"""How many values (100 characters of text count as one more) a file may hold once its aliases are resolved."""
MAX_DEPTH = 100
"""How deep values may be nested; patterns need a tenth of it."""

JsonValue = bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"] | None

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"(?:[-+]?[0-9]{1,1000}|0o[0-7]{1,1000}|0x[0-9a-fA-F]{1,1000})\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?\Z")
_SURROGATES = re.compile(r"((?<!\\)(?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


class DocumentError(Exception):
    """The file cannot be read as data; `line` is 1-based."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Entry:
    """One element of the `rules` list, with where it and its keys stand."""

    value: JsonValue
    line: int
    """1-based."""
    key_lines: Mapping[str, int]
    """1-based line of each of its own keys."""
    has_alias: bool
    """True if it uses an alias, an anchor or a merge key."""


def read_rules(content: bytes) -> list[Entry]:
    """The elements of the `rules` list of one rule file.

    Raises `DocumentError` if the content is no YAML or JSON, is too large, or has no `rules` list.
    """
    if len(content) > MAX_FILE_BYTES:
        raise DocumentError(1, f"the file has {len(content):,} bytes; split it, the limit is {MAX_FILE_BYTES:,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(_line_at(content, error.start), "the file is not UTF-8; save it as UTF-8") from None
    if text.lstrip().startswith("{"):
        text = _SURROGATES.sub(_join_surrogates, text)  # JSON escapes that YAML does not know
    try:
        parser = _LOADER(text)
    except yaml.YAMLError as error:
        raise _syntax_error(error, text) from None
    try:
        return _Document(parser).rules()
    except yaml.YAMLError as error:
        raise _syntax_error(error, text) from None
    finally:
        parser.dispose()


def _join_surrogates(match: re.Match[str]) -> str:
    high, low = (int(part, 16) for part in match.group(2, 3))
    return f"{match.group(1)}{chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF))}"


def _line_at(content: bytes | str, position: int) -> int:
    newline: bytes | str = b"\n" if isinstance(content, bytes) else "\n"
    return content.count(newline, 0, position) + 1  # type: ignore[arg-type]


def _syntax_error(error: yaml.YAMLError, text: str) -> DocumentError:
    """Line and reason of a YAML syntax error."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "it cannot be parsed"
        return DocumentError(
            mark.line + 1 if mark else 1, f"invalid YAML: {reason}; check the indentation and quotes there"
        )
    if isinstance(error, yaml.reader.ReaderError):
        return DocumentError(_line_at(text, error.position), f"invalid YAML: {error.reason}; remove that character")
    return DocumentError(1, f"invalid YAML: {str(error).splitlines()[0]}; check the indentation and quotes")


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


@dataclass(frozen=True)
class _Anchored:
    value: JsonValue
    count: int


class _Document:
    """Builds data from the events of one document, counting values so that aliases cannot multiply without bound."""

    def __init__(self, parser: yaml.SafeLoader) -> None:
        self._parser = parser
        self._count = 0
        self._anchors: dict[str, _Anchored | None] = {}
        self._aliased = False
        self._key_lines: dict[str, int] = {}

    def rules(self) -> list[Entry]:
        """The elements of the `rules` list at the top of the one document there is."""
        self._next()  # stream start
        if isinstance(self._next(), yaml.DocumentStartEvent):
            start = self._next()
            if not isinstance(start, yaml.MappingStartEvent):
                raise DocumentError(_line(start), "no mapping with a `rules` list; start the file with `rules:`")
            rules = self._top_level()
            self._next()  # document end
            after = self._next()
            if isinstance(after, yaml.DocumentStartEvent):
                raise DocumentError(_line(after), "a second document starts here; put its rules into a file of its own")
            if rules is not None:
                return rules
        raise DocumentError(
            1, "no `rules` key; add one, or rename the file to `<stem>.test.<suffix>` if it is a test target"
        )

    def _next(self) -> yaml.Event:
        event: yaml.Event = self._parser.get_event()  # type: ignore[no-untyped-call]
        return event

    def _top_level(self) -> list[Entry] | None:
        rules: list[Entry] | None = None
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            value = self._next()
            if key != "rules":
                self._value(value, 1)
            elif rules is not None:
                raise DocumentError(_line(event), "key `rules` is there twice; join the two lists")
            elif not isinstance(value, yaml.SequenceStartEvent):
                raise DocumentError(_line(value), "`rules` is no list; write each rule as `- id: ...` below it")
            else:
                rules = []
                while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                    rules.append(self._entry(event))
        return rules

    def _entry(self, event: yaml.Event) -> Entry:
        self._aliased = False
        self._key_lines = {}
        value = self._value(event, 2)
        return Entry(value=value, line=_line(event), key_lines=self._key_lines, has_alias=self._aliased)

    def _value(self, event: yaml.Event, depth: int) -> JsonValue:
        if depth > MAX_DEPTH:
            raise DocumentError(_line(event), f"values are nested too deeply; the limit is {MAX_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):  # pragma: no cover - no other kinds
            raise DocumentError(_line(event), "neither text, list nor mapping")
        before = self._count
        self._add(1, event)
        if event.anchor is not None:
            self._aliased = True
            self._anchors[event.anchor] = None  # not complete yet: an alias inside itself is an error
        value: JsonValue
        if isinstance(event, yaml.ScalarEvent):
            self._add(len(event.value) // 100, event)
            value = _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            _refuse_tag(event, "seq")
            value = []
            while not isinstance(item := self._next(), yaml.SequenceEndEvent):
                value.append(self._value(item, depth + 1))
        else:
            _refuse_tag(event, "map")
            value = self._mapping(depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, self._count - before)
        return value

    def _add(self, count: int, event: yaml.Event) -> None:
        self._count += count
        if self._count > MAX_VALUES:
            raise DocumentError(_line(event), f"more than {MAX_VALUES:,} values; use fewer aliases or split the file")

    def _alias(self, event: yaml.AliasEvent) -> JsonValue:
        self._aliased = True
        anchored = self._anchors.get(event.anchor or "")
        if anchored is None:
            raise DocumentError(_line(event), f"alias `*{event.anchor}` names no finished value; write it out")
        self._add(anchored.count, event)
        return anchored.value

    def _mapping(self, depth: int) -> dict[str, JsonValue]:
        own: dict[str, JsonValue] = {}
        merged: dict[str, JsonValue] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            if depth == 2:  # an element of `rules`
                self._key_lines[key] = _line(event)
            value = self._value(self._next(), depth + 1)
            if key == _MERGE and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
                self._aliased = True
                for source in value if isinstance(value, list) else [value]:
                    if not isinstance(source, dict):
                        raise DocumentError(_line(event), "`<<` merges something that is no mapping; remove it")
                    merged = source | merged
            elif key in own:
                raise DocumentError(_line(event), f"key `{key}` is there twice; remove one")
            else:
                own[key] = value
        return merged | own

    def _key(self, event: yaml.Event) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        raise DocumentError(_line(event), "a key is no text; quote it")


def _scalar(event: yaml.ScalarEvent) -> JsonValue:
    text: str = event.value
    if event.tag == f"{_TAG}str" or (event.tag is None and not event.implicit[0]):
        return text
    _refuse_tag(event, "str")
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INT.match(text):
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    if _FLOAT.match(text) and math.isfinite(number := float(text)):
        return number
    return text


def _refuse_tag(event: yaml.ScalarEvent | yaml.CollectionStartEvent, kind: str) -> None:
    if event.tag not in (None, "!", f"{_TAG}{kind}"):
        raise DocumentError(_line(event), f"the tag `{event.tag}` is not allowed; write plain text, lists and mappings")
