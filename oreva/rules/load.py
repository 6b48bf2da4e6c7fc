"""Loading rules: files below some paths in, one checked and ordered `RuleSet` out.

A rule file is a `*.yaml`, `*.yml` or `*.json` file with a `rules` list. Test targets beside it are not rule files: any
other suffix, and `<stem>.test.yaml`, `<stem>.test.json`, `<stem>.fixed.yaml` and so on.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from oreva.errors import RuleError
from oreva.models import Rule
from oreva.rules.definition import canonical_json, defects, rule_model
from oreva.rules.document import DocumentError, Entry, read_rules
from oreva.rules.problems import Problem, printable, rule_error

RULE_SUFFIXES = frozenset({".yaml", ".yml", ".json"})
TEST_SUFFIXES = frozenset({".test", ".fixed"})
"""What stands before the last suffix of a test target that would look like a rule file."""
CACHE_FORMAT = 1
"""Part of the cache key: raise it when this package reads the same file differently."""
CACHE_ENTRIES = 16


@dataclass(frozen=True)
class LoadedRule:
    """One rule, its definition, and where it stands."""

    rule: Rule
    definition: Mapping[str, object]
    """The rule as JSON-ready data, aliases resolved."""
    file: Path
    line: int
    """1-based."""


@dataclass(frozen=True)
class RuleSet:
    """Rules that are active together, ordered by id; ids are unique."""

    rules: tuple[LoadedRule, ...]

    @cached_property
    def by_id(self) -> Mapping[str, LoadedRule]:
        """The rules by their ids."""
        return {loaded.rule.id: loaded for loaded in self.rules}

    @cached_property
    def _json(self) -> bytes:
        return canonical_json({"rules": [loaded.definition for loaded in self.rules]})

    def to_json(self) -> bytes:
        """What Semgrep is given: `{"rules": [...]}`, the same bytes for the same rules."""
        return self._json

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over `to_json()`."""
        return hashlib.sha256(self._json).hexdigest()

    def only(self, rule_ids: Collection[str]) -> RuleSet:
        """The rules with these ids."""
        return RuleSet(tuple(loaded for loaded in self.rules if loaded.rule.id in rule_ids))


def builtin_rules_path() -> Path:
    """The folder of Oreva's own rules: `_rules` of the package in a wheel, else `rules/` of the checkout."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_rules"
    return packaged if packaged.is_dir() else package.parent / "rules"


def load_rules(paths: Sequence[Path] = (), *, builtin: bool = True, cache_dir: Path | None = None) -> RuleSet:
    """The rules in the files at or below `paths`, and Oreva's own unless `builtin` is false.

    `cache_dir` keeps the parsed files, keyed by their content. What lies there is trusted: give a folder of the user,
    never one inside scanned code.

    Raises `RuleError`, naming every rule that cannot be used with its file and line, or whose id is there twice.
    """
    roots = [*([builtin_rules_path()] if builtin else []), *paths]  # an id that is taken is the fault of the other
    contents = read_files(roots)
    cached = _read_cache(cache_dir, contents)
    entries = cached if cached is not None else _parse(contents)
    rules = [
        LoadedRule(rule_model(entry.definition), entry.definition, Path(entry.file), entry.line) for entry in entries
    ]
    rules.sort(key=lambda loaded: loaded.rule.id)
    if cached is None:
        _write_cache(cache_dir, contents, entries)
    return RuleSet(tuple(rules))


def rule_files(path: Path) -> Iterator[Path]:
    """The rule files at or below a path, sorted; hidden files, hidden folders and test targets are left out.

    A file that is named itself counts, whatever it is called. Raises `RuleError` if there is no such path.
    """
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise RuleError(f"{printable(str(path))}: no such file or folder of rules; check --rules and the configuration")
    for folder, folders, names in os.walk(path, onerror=_refuse_folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if not name.startswith(".") and is_rule_file(file) and file.is_file():
                yield file


def is_rule_file(file: Path) -> bool:
    """Whether a file is a rule file by its name."""
    return file.suffix in RULE_SUFFIXES and not TEST_SUFFIXES.intersection(file.suffixes[:-1])


def _refuse_folder(error: OSError) -> None:
    raise RuleError(f"{printable(str(error.filename))}: {error.strerror}; make the folder readable") from None


def read_files(roots: Sequence[Path]) -> dict[Path, bytes]:
    """The rule files at or below these paths and what is in them; a file reached twice counts once.

    Raises `RuleError` if a path does not exist, holds no rule file, or one cannot be read.
    """
    contents: dict[Path, bytes] = {}
    seen: set[str] = set()
    for root in roots:
        found = False
        for file in rule_files(root):
            found = True
            real = os.path.realpath(file)
            if real in seen:
                continue
            seen.add(real)
            try:
                contents[file] = file.read_bytes()
            except OSError as error:
                raise RuleError(f"{printable(str(file))}: {error.strerror}; make the rule file readable") from None
        if not found and root != builtin_rules_path():
            raise RuleError(f"{printable(str(root))}: no rule file (*.yaml, *.yml, *.json) in it; check the path")
    return contents


@dataclass(frozen=True)
class _CacheEntry:
    """One rule as the cache keeps it."""

    file: str
    line: int
    definition: dict[str, object]


_ENTRIES = TypeAdapter(list[_CacheEntry])


def _parse(contents: Mapping[Path, bytes]) -> list[_CacheEntry]:
    """All rules of all files. Raises `RuleError` with everything that is wrong with them."""
    definitions, problems = read_definitions(contents)
    if problems:
        raise rule_error(problems)
    return [_CacheEntry(str(found.file), found.entry.line, found.definition) for found in definitions]


@dataclass(frozen=True)
class Definition:
    """One element of a rule file's `rules` list that is a mapping, usable or not."""

    file: Path
    entry: Entry
    definition: dict[str, object]
    usable: bool

    def problem(self, key: str, message: str, level: Literal["error", "warning"] = "error") -> Problem:
        """A problem of this rule, placed at one of its keys if it has that key."""
        rule_id = self.definition.get("id")
        line = self.entry.key_lines.get(key, self.entry.line)
        return Problem(self.file, line, rule_id if isinstance(rule_id, str) else "", message, level)

    def loaded(self) -> LoadedRule:
        """The rule; only for a usable definition."""
        return LoadedRule(rule_model(self.definition), self.definition, self.file, self.entry.line)


def read_definitions(contents: Mapping[Path, bytes]) -> tuple[list[Definition], list[Problem]]:
    """Every rule in the contents of these rule files, and everything that makes one of them, or a file, unusable."""
    definitions: list[Definition] = []
    problems: list[Problem] = []
    places: dict[object, tuple[Path, int]] = {}
    for file, content in contents.items():
        try:
            entries = read_rules(content)
        except DocumentError as error:
            problems.append(Problem(file, error.line, "", error.message))
            continue
        if not entries:
            problems.append(Problem(file, 1, "", "`rules` is empty; write a rule into it, or remove the file"))
        for entry in entries:
            if not isinstance(entry.value, dict):
                problems.append(Problem(file, entry.line, "", "a rule is no mapping; start it with `- id:`"))
                continue
            found = Definition(file, entry, dict(entry.value), usable=True)
            wrong = [found.problem(key, message) for key, message in defects(found.definition)]
            rule_id = entry.value.get("id")
            if isinstance(rule_id, str) and rule_id:
                other = places.setdefault(rule_id, (file, entry.line))
                if other != (file, entry.line):
                    wrong.append(found.problem("id", f"the id is also at {other[0]}:{other[1]}; rename one of the two"))
            problems += wrong
            definitions.append(replace(found, usable=not wrong))
    return definitions, problems


def _cache_file(cache_dir: Path, contents: Mapping[Path, bytes]) -> Path:
    key = hashlib.sha256(f"format {CACHE_FORMAT}".encode())
    for file, content in contents.items():
        name = os.fsencode(file)
        key.update(b"%d %d\n" % (len(name), len(content)))
        key.update(name)
        key.update(content)
    return cache_dir / f"rules-{key.hexdigest()}.json"


def _read_cache(cache_dir: Path | None, contents: Mapping[Path, bytes]) -> list[_CacheEntry] | None:
    """The rules of exactly these files, if they were parsed before; None if not, or if what lies there is damaged."""
    if cache_dir is None:
        return None
    try:
        return _ENTRIES.validate_json(_cache_file(cache_dir, contents).read_bytes())
    except (OSError, ValidationError):
        return None


def _write_cache(cache_dir: Path | None, contents: Mapping[Path, bytes], entries: Sequence[_CacheEntry]) -> None:
    """Keep the rules of these files. A folder that cannot be written costs time, not the scan."""
    if cache_dir is None:
        return
    with suppress(OSError, UnicodeEncodeError):
        cache_dir.mkdir(parents=True, exist_ok=True)
        target = _cache_file(cache_dir, contents)
        with tempfile.NamedTemporaryFile(dir=cache_dir, prefix=".rules-", delete=False) as file:
            file.write(json.dumps([asdict(entry) for entry in entries]).encode())
        Path(file.name).replace(target)
        kept = sorted(cache_dir.glob("rules-*.json"), key=lambda entry: entry.stat().st_mtime, reverse=True)
        for old in kept[CACHE_ENTRIES:]:
            old.unlink()
