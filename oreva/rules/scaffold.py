"""Starting a new rule: a rule file and its test target that pass as they are, for a person to change."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oreva.errors import UsageError
from oreva.rules.definition import canonical_language, title_of
from oreva.rules.problems import printable


@dataclass(frozen=True)
class _Language:
    """What the first version of a rule for one language looks like."""

    suffix: str
    """Of the test target."""
    comment: str
    patterns: tuple[str, ...]
    """YAML lines below the rule's own indentation."""
    reported: tuple[str, str]
    """Two pieces of code that the patterns match."""
    silent: tuple[str, str]
    """Two that they do not match."""
    before: str = ""
    """What a test target must begin with."""


def _call(suffix: str, comment: str, function: str, *, end: str = "", before: str = "") -> _Language:
    """A language with calls: the rule reports a call unless its argument is a literal."""
    return _Language(
        suffix=suffix,
        comment=comment,
        patterns=("patterns:", f"  - pattern: {function}($INPUT)", f'  - pattern-not: {function}("...")'),
        reported=(f"{function}(value){end}", f'{function}("prefix " + value){end}'),
        silent=(f'{function}("a constant"){end}', f"somethingElse(value){end}"),
        before=before,
    )


_LANGUAGES: Mapping[str, _Language] = {
    "python": _call(".py", "#", "dangerous_call"),
    "ruby": _call(".rb", "#", "dangerous_call"),
    "javascript": _call(".js", "//", "dangerousCall", end=";"),
    "typescript": _call(".ts", "//", "dangerousCall", end=";"),
    "php": _call(".php", "//", "dangerous_call", end=";", before="<?php\n"),
    "csharp": _call(".cs", "//", "DangerousCall", end=";"),
    "kotlin": _call(".kt", "//", "dangerousCall"),
    "java": _Language(
        ".java",
        "//",
        ("patterns:", "  - pattern: dangerousCall($INPUT)", '  - pattern-not: dangerousCall("...")'),
        (
            "class A { void f(String v) { dangerousCall(v); } }",
            'class B { void f(String v) { dangerousCall("a" + v); } }',
        ),
        ('class C { void f() { dangerousCall("a"); } }', "class D { void f(String v) { somethingElse(v); } }"),
    ),
    "go": _Language(
        ".go",
        "//",
        ("patterns:", "  - pattern: dangerousCall($INPUT)", '  - pattern-not: dangerousCall("...")'),
        ("func a(v string) { dangerousCall(v) }", 'func b(v string) { dangerousCall("prefix " + v) }'),
        ('func c() { dangerousCall("a constant") }', "func d(v string) { somethingElse(v) }"),
        before="package example\n",
    ),
    "dockerfile": _Language(
        ".dockerfile",
        "#",
        ("pattern: USER root",),
        ("USER root", "USER root"),
        ("USER app", "USER 1000"),
        before="FROM scratch\n",
    ),
    "terraform": _Language(
        ".tf",
        "#",
        ("pattern: publicly_accessible = true",),
        ('resource "a" "b" { publicly_accessible = true }', 'resource "c" "d" { publicly_accessible = true }'),
        ('resource "e" "f" { publicly_accessible = false }', 'resource "g" "h" {}'),
    ),
    "yaml": _Language(
        ".test.yaml",
        "#",
        ('pattern: "privileged: true"',),
        ("- privileged: true", "- privileged: true"),
        ("- privileged: false", "- name: web"),
    ),
    "generic": _Language(
        ".conf",
        "#",
        ("pattern: debug_mode = on",),
        ("debug_mode = on", "debug_mode = on"),
        ("debug_mode = off", "log_level = info"),
    ),
    "regex": _Language(
        ".txt",
        "#",
        ("pattern-regex: ACME-KEY-[0-9]{8}",),
        ("key = ACME-KEY-12345678", "ACME-KEY-87654321"),
        ("key = ACME-KEY-", "key = from-the-vault"),
    ),
}

SCAFFOLD_LANGUAGES = tuple(sorted(_LANGUAGES))
"""The languages that `new_rule` knows; a rule may be for any that Semgrep knows."""

_RULE_ID = re.compile(r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)+\Z")


def new_rule(rule_id: str, language: str, folder: Path) -> tuple[Path, ...]:
    """Write `<last part of the id>.yaml`, a test target and a page about it into `folder`; the files written.

    The folder is made if it is missing.

    Raises `UsageError` for an id of one part, an unknown language, or if a file is already there.
    """
    if not _RULE_ID.match(rule_id):
        raise UsageError(f"{printable(rule_id)}: no rule id; name it like `acme.python.sql-injection.raw-query`")
    template = _LANGUAGES.get(canonical_language(language))
    if template is None:
        raise UsageError(
            f"{printable(language)}: no template for this language; use one of {', '.join(SCAFFOLD_LANGUAGES)}"
        )
    stem = rule_id.rsplit(".", 1)[-1]
    texts = {
        folder / f"{stem}.yaml": _rule_text(rule_id, canonical_language(language), template),
        folder / f"{stem}{template.suffix}": _target_text(rule_id, template),
        folder / f"{stem}.md": _page_text(rule_id, canonical_language(language), template),
    }
    for file in texts:
        if file.exists() or file.is_symlink():
            raise UsageError(f"{printable(str(file))}: already there; choose another id, or remove it first")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            with file.open("x", encoding="utf-8") as stream:
                stream.write(text)
    except OSError as error:
        name = printable(str(error.filename or folder))
        raise UsageError(f"{name}: {error.strerror}; choose a folder that can be written") from None
    return tuple(texts)


def _rule_text(rule_id: str, language: str, template: _Language) -> str:
    patterns = "\n".join(f"    {line}" for line in template.patterns)
    return f"""\
rules:
  - id: {rule_id}
    languages: [{language}]
    severity: MEDIUM
    message: >-
      Say here what is wrong and what an attacker can do with it. Then say how to repair it.
    metadata:
      title: {json.dumps(title_of(rule_id))}
      category: security
      confidence: MEDIUM
      likelihood: MEDIUM
      impact: MEDIUM
      cwe: ["CWE-20: Improper Input Validation"]
      owasp: ["A03:2021 - Injection"]
      asvs: ["V5.1.3"]
      references:
        - https://cwe.mitre.org/data/definitions/20.html
      fix: |
        Show the repaired code here.
{patterns}
"""


def _target_text(rule_id: str, template: _Language) -> str:
    cases = [f"{template.comment} ruleid: {rule_id}\n{code}\n" for code in template.reported]
    cases += [f"{template.comment} ok: {rule_id}\n{code}\n" for code in template.silent]
    return "\n".join([template.before, *cases] if template.before else cases)


def _page_text(rule_id: str, language: str, template: _Language) -> str:
    fence = "" if language in ("generic", "regex") else language
    return f"""\
# {title_of(rule_id)}

`{rule_id}`

Say here what the rule reports, what an attacker can do with it, and where it does not look.

## Reported

```{fence}
{template.reported[0]}
```

## Not reported

```{fence}
{template.silent[0]}
```

## How to repair it

Show the repaired code, and link to the page of your framework that explains it.
"""
