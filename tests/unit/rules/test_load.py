"""Loading rule sets: which files count, what is an error, and what the digest and the cache follow."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import oreva
from oreva.errors import RuleError
from oreva.models import Severity
from oreva.rules import load
from oreva.rules.load import builtin_rules_path, load_rules

WriteRule = Callable[..., Path]


def ids(*paths: Path, **options: object) -> list[str]:
    return [loaded.rule.id for loaded in load_rules(paths, builtin=False, **options).rules]  # type: ignore[arg-type]


def errors(*paths: Path) -> list[str]:
    with pytest.raises(RuleError) as raised:
        load_rules(paths, builtin=False)
    return str(raised.value).splitlines()


def test_rules_come_ordered_with_file_and_line(tmp_path: Path, write_rule: WriteRule) -> None:
    write_rule("b.two", "a/two.yml")
    one = write_rule("a.one", "z/one.yaml")
    rules = load_rules([tmp_path], builtin=False).rules
    assert [loaded.rule.id for loaded in rules] == ["a.one", "b.two"]
    assert (rules[0].file, rules[0].line) == (one, 2)
    assert rules[0].rule.severity is Severity.HIGH
    assert rules[0].definition["pattern"] == "eval(...)"


def test_only_rule_files_are_read(tmp_path: Path, write_rule: WriteRule) -> None:
    write_rule("a.one", "one.yaml")
    for name in ("one.test.yaml", "one.fixed.yaml", "one.test.json", ".hidden.yaml", ".git/x.yaml", "one.py", "one.md"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("not: a rule file")
    (tmp_path / "two.json").write_text(
        json.dumps({"rules": [{"id": "a.two", "languages": ["go"], "severity": "LOW", "message": "m", "pattern": "x"}]})
    )
    assert ids(tmp_path) == ["a.one", "a.two"]


def test_a_file_that_is_named_counts_whatever_it_is_called(write_rule: WriteRule) -> None:
    assert ids(write_rule("a.one", ".semgrep.rules")) == ["a.one"]


def test_a_file_reached_twice_counts_once(tmp_path: Path, write_rule: WriteRule) -> None:
    file = write_rule("a.one", "one.yaml")
    (tmp_path / "link.yaml").symlink_to(file)
    (tmp_path / "loop").symlink_to(tmp_path)
    assert ids(tmp_path, file) == ["a.one"]


def test_our_own_rules_are_there_unless_unwanted(write_rule: WriteRule) -> None:
    file = write_rule("a.one")
    own = load_rules()
    assert builtin_rules_path().name in ("rules", "_rules")
    assert len(load_rules([file]).rules) == len(own.rules) + 1
    assert load_rules([builtin_rules_path()]).digest == own.digest


def test_rules_of_a_wheel_lie_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "oreva"
    (package / "rules").mkdir(parents=True)
    monkeypatch.setattr(load, "__file__", str(package / "rules" / "load.py"))
    assert builtin_rules_path() == tmp_path / "rules"
    (package / "_rules").mkdir()
    assert builtin_rules_path() == package / "_rules"
    assert Path(oreva.__file__).parent != package


def test_one_problem_is_one_line(write_rule: WriteRule) -> None:
    file = write_rule("a.one", pattern="")
    (line,) = errors(file)
    assert line.startswith(f"{file}:2: rule a.one: it has no pattern; add one of `match`, `pattern`,")


def test_all_problems_are_reported_after_a_summary(tmp_path: Path, write_rule: WriteRule) -> None:
    (tmp_path / "broken.yaml").write_text("rules:\n  - id: a\n   b: c\n")
    (tmp_path / "none.yaml").write_text("foo: bar\n")
    one = write_rule("a.one", "one.yaml")
    two = write_rule("a.one", "two.yaml", more="  - 7\n  - {id: a.bad, severity: BAD}\n")
    lines = errors(tmp_path)
    assert lines[0].startswith("8 problems")
    assert lines[1].startswith(f"{tmp_path}/broken.yaml:3: invalid YAML")
    assert lines[2].startswith(f"{tmp_path}/none.yaml:1: no `rules` key")
    assert lines[3] == f"{two}:2: rule a.one: the id is also at {one}:2; rename one of the two"
    assert lines[4].startswith(f"{two}:8: a rule is no mapping")
    assert [line.split(":")[1] for line in lines[5:]] == ["9"] * 4
    assert all("rule a.bad: " in line for line in lines[5:])


def test_an_id_twice_in_one_file_is_an_error(write_rule: WriteRule) -> None:
    file = write_rule("a.one", more="  - {id: a.one, languages: [go], severity: LOW, message: m, pattern: x}\n")
    (line,) = errors(file)
    assert line.startswith(f"{file}:8: rule a.one: the id is also at {file}:2")


def test_an_id_of_ours_cannot_be_taken(write_rule: WriteRule) -> None:
    own = load_rules()
    if own.rules:
        with pytest.raises(RuleError, match="the id is also at"):
            load_rules([write_rule(own.rules[0].rule.id)])


def test_paths_without_rules_are_errors(tmp_path: Path) -> None:
    assert "no such file or folder" in errors(tmp_path / "nothing")[0]
    assert "no rule file" in errors(tmp_path)[0]


def test_names_cannot_break_the_message(tmp_path: Path) -> None:
    name = os.fsdecode(b"a\n\x1b[31m\xff.yaml")
    (tmp_path / name).write_text('rules: [{id: "x\\n\\e[0m"}]')
    text = "\n".join(errors(tmp_path))
    assert "\x1b" not in text
    assert text.encode("ascii", "strict")
    assert all(line.startswith(f"{tmp_path}/a\\n\\x1b[31m") for line in text.splitlines()[1:])


def test_what_cannot_be_read_is_named(tmp_path: Path, write_rule: WriteRule, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_rule("a.one")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        assert errors(file) == [f"{file}: Permission denied; make the rule file readable"]

    def refuse_listing(path: str) -> object:
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse_listing)
        assert errors(tmp_path) == [f"{tmp_path}: Permission denied; make the folder readable"]


def test_json_and_digest_are_stable(tmp_path: Path, write_rule: WriteRule) -> None:
    write_rule("a.one", "one.yaml")
    write_rule("b.two", "two.yaml")
    rules = load_rules([tmp_path], builtin=False)
    assert [rule["id"] for rule in json.loads(rules.to_json())["rules"]] == ["a.one", "b.two"]
    again = load_rules([tmp_path / "two.yaml", tmp_path / "one.yaml"], builtin=False)
    assert (again.to_json(), again.digest) == (rules.to_json(), rules.digest)
    write_rule("b.two", "two.yaml", pattern="exec(...)")
    changed = load_rules([tmp_path], builtin=False)
    assert changed.digest != rules.digest
    assert changed.by_id["a.one"].rule.digest == rules.by_id["a.one"].rule.digest
    assert changed.by_id["b.two"].rule.digest != rules.by_id["b.two"].rule.digest


def test_a_rule_set_can_be_narrowed(tmp_path: Path, write_rule: WriteRule) -> None:
    write_rule(
        "a.one", "one.yaml", more="  - {id: a.go, languages: [golang, js], severity: LOW, message: m, pattern: x}\n"
    )
    rules = load_rules([tmp_path], builtin=False)
    assert [loaded.rule.id for loaded in rules.only(["a.one", "a.none"]).rules] == ["a.one"]


def test_the_cache_gives_the_same_rules(tmp_path: Path, write_rule: WriteRule) -> None:
    write_rule("a.one", "rules/one.yaml")
    cache = tmp_path / "new" / "cache"
    paths = [tmp_path / "rules"]
    first = load_rules(paths, builtin=False, cache_dir=cache)
    (entry,) = cache.iterdir()
    entry.write_text(entry.read_text().replace("It is wrong", "From the cache"))
    second = load_rules(paths, builtin=False, cache_dir=cache)
    assert second.rules[0].rule.message == "From the cache. Repair it."
    assert (second.rules[0].file, second.rules[0].line) == (first.rules[0].file, first.rules[0].line)


def test_the_cache_follows_the_content_and_survives_damage(tmp_path: Path, write_rule: WriteRule) -> None:
    file = write_rule("a.one", "rules/one.yaml")
    cache = tmp_path / "cache"
    assert ids(file, cache_dir=cache) == ["a.one"]
    status = file.stat()
    write_rule("a.two", "rules/one.yaml")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert ids(file, cache_dir=cache) == ["a.two"]
    for entry in cache.iterdir():
        entry.write_text("{damaged")
    assert ids(file, cache_dir=cache) == ["a.two"]
    assert ids(file, cache_dir=cache) == ["a.two"]


def test_the_cache_does_not_grow_without_bound(tmp_path: Path, write_rule: WriteRule) -> None:
    cache = tmp_path / "cache"
    for number in range(load.CACHE_ENTRIES + 3):
        assert ids(write_rule(f"a.rule-{number}", "rules/one.yaml"), cache_dir=cache) == [f"a.rule-{number}"]
    assert len(list(cache.iterdir())) == load.CACHE_ENTRIES


def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path: Path, write_rule: WriteRule) -> None:
    (tmp_path / "file").write_text("")
    assert ids(write_rule("a.one"), cache_dir=tmp_path / "file" / "cache") == ["a.one"]
