"""The text of a configuration file as plain data, with the line of every key and entry.

Built on the YAML parser's events, since the text may come from a stranger's branch: no tags, no aliases, no nesting
without end, no key twice. Plain scalars follow the YAML 1.2 core schema: `off`, `no` and dates stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MAX_DEPTH = 20

Value = bool | int | float | str | list["Value"] | dict[str, "Value"] | None
Location = tuple[str | int, ...]
"""Keys and positions from the top to a value."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"": None, "~": None}
for _word, _meaning in (("null", None), ("true", True), ("false", False)):
    _WORDS |= {_word: _meaning, _word.capitalize(): _meaning, _word.upper(): _meaning}
_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,30}|[0-9]{1,30}(?:\.[0-9]{0,30})?)(?:[eE][-+]?[0-9]{1,2})?\Z")


class ConfigTextError(Exception):
    """The text cannot be read as a mapping; `line` is 1-based, None if the text as a whole is meant."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass
class ConfigText:
    """What a configuration file holds. Keys without a value are left out, as if they were not written."""

    values: dict[str, Value] = field(default_factory=dict)
    lines: dict[Location, int] = field(default_factory=dict)
    """1-based line of each key and list entry."""


def read_config_text(text: str) -> ConfigText:
    """Parse a configuration file; an empty one is an empty mapping.

    Raises `ConfigTextError` for whatever is no plain YAML mapping.
    """
    result = ConfigText()
    try:
        events = yaml.parse(text, Loader=_LOADER)
        reader = _Reader(events, result.lines)
        value = reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "it cannot be parsed"
        raise ConfigTextError(
            mark.line + 1 if mark else None, f"invalid YAML: {reason}; check indentation and quotes"
        ) from None
    except (yaml.YAMLError, UnicodeEncodeError) as error:  # a character that YAML does not allow
        reason = str(error).partition("\n")[0]
        raise ConfigTextError(_line_of_bad_character(text), f"invalid YAML: {reason}; remove it") from None
    if value is None:
        return result
    if not isinstance(value, dict):
        raise ConfigTextError(1, "expected `key: value` lines at the top; see the documentation of .oreva.yml")
    result.values = value
    return result


def _line_of_bad_character(text: str) -> int | None:
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    return None if bad is None else text.count("\n", 0, bad.start()) + 1


class _Reader:
    """Builds values from the parser's events and notes where they stand."""

    def __init__(self, events: Iterator[yaml.Event], lines: dict[Location, int]) -> None:
        self._events = events
        self._lines = lines

    def document(self) -> Value:
        """The value of the only document; None if there is none."""
        value: Value = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise ConfigTextError(_line(event), "a second document (`---`) starts here; keep one per file")
                value = self._value(next(self._events), ())
        return value

    def _value(self, event: yaml.Event, at: Location) -> Value:
        line = _line(event)
        if len(at) > MAX_DEPTH:
            raise ConfigTextError(line, f"nested more than {MAX_DEPTH} levels deep; no setting is")
        if isinstance(event, yaml.AliasEvent):
            raise ConfigTextError(line, "aliases (`*name`) are not supported; write the value out")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
            raise ConfigTextError(line, "tags (`!name`) are not supported; remove it")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(at)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(at)
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - the parser's grammar leaves nothing else
        return _scalar(event)

    def _list(self, at: Location) -> list[Value]:
        entries: list[Value] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            place = (*at, len(entries))
            self._lines[place] = _line(event)
            entries.append(self._value(event, place))
        return entries

    def _mapping(self, at: Location) -> dict[str, Value]:
        entries: dict[str, Value] = {}
        seen: set[str] = set()
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise ConfigTextError(line, "a key must be a plain word")
            key = str(event.value)
            if key in seen:
                first = self._lines[(*at, key)]
                raise ConfigTextError(line, f"the key is already set in line {first}; remove one of the two")
            seen.add(key)
            self._lines[(*at, key)] = line
            value = self._value(next(self._events), (*at, key))
            if value is not None:
                entries[key] = value
        return entries


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> Value:
    text = str(event.value)
    if not event.implicit[0]:  # quoted, or a block of text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text
