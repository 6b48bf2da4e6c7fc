"""Rules of a repository under review, as the compared commit has them: a change cannot alter its own review."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from oreva.errors import RuleError
from oreva.rules.load import LoadedRule, RuleSet, load_rules
from oreva.sources import git
from oreva.sources.display import shown
from oreva.sources.git_program import git_output, split_paths


def load_reviewed_rules(
    root: Path, base: str, paths: Sequence[Path], *, builtin: bool, cache_dir: Path | None
) -> tuple[RuleSet, bool]:
    """The rules at or below `paths` for a review against the commit `base`, and whether the change would alter them.

    What the commit holds of a path is taken from it. A path that it does not know (outside of the repository, ignored,
    or new) is read as it lies there: a new one can only add rules. The other arguments are those of `load_rules`.

    Raises `RuleError` as `load_rules` does, `UsageError` if git is missing, `SourceError` if it cannot read the commit.
    """
    top = git.toplevel(root)
    held = {path: names for path in paths if top is not None and (names := _held(top, root, base, path))}
    rules = load_rules([path for path in paths if path not in held], builtin=builtin, cache_dir=cache_dir)
    if top is None or not held:
        return rules, False
    contents = git.GitTree(top, base).read_many(name for names in held.values() for name in names)
    altered = any(_read(top / name) != content for name, content in contents.items())
    with tempfile.TemporaryDirectory(prefix="oreva-rules-") as folder:
        for name, content in contents.items():
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        places = [Path(folder, _relative(top, root, path)) for path in held]
        try:
            reviewed = load_rules(places, builtin=False)
        except RuleError as error:
            raise RuleError(str(error).replace(f"{folder}/", f"{base[:12]}:")) from None
        originals = [replace(rule, file=top / rule.file.relative_to(folder)) for rule in reviewed.rules]
    return _joined(rules, originals), altered


def _joined(rules: RuleSet, others: Sequence[LoadedRule]) -> RuleSet:
    for rule in others:
        twin = rules.by_id.get(rule.rule.id)
        if twin is not None:
            place = f"{shown(str(rule.file))}:{rule.line}"
            raise RuleError(f"{place}: rule {rule.rule.id}: the id is also at {twin.file}:{twin.line}; rename one")
    return RuleSet(tuple(sorted((*rules.rules, *others), key=lambda loaded: loaded.rule.id)))


def _held(top: Path, root: Path, base: str, path: Path) -> list[str]:
    """The regular files at or below a path that the commit holds, relative to the top of the working tree."""
    relative = _relative(top, root, path)
    if not relative:
        return []
    output = git_output(top, "ls-tree", "-r", "-z", "--name-only", base, "--", relative)
    tree = git.GitTree(top, base)
    return [name for name in split_paths(output) if tree.exists(name) and f"{name}/".startswith(f"{relative}/")]


def _relative(top: Path, root: Path, path: Path) -> str:
    """The path relative to the top of the working tree, not following a link in its place; empty if it lies outside."""
    written, around = (Path(os.path.normpath(Path.cwd() / name)) for name in (path, root))
    real = Path(os.path.realpath(root))
    inside = real / written.relative_to(around) if written.is_relative_to(around) else written
    return inside.relative_to(top).as_posix() if inside != top and inside.is_relative_to(top) else ""


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
