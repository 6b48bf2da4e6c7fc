"""What Semgrep passes over in silence is told before a scan."""

import pytest

from oreva.rules.load import load_rules
from oreva.rules.patterns import pattern_problems


def problems(**changes: object) -> list[str]:
    return [message for _, message in pattern_problems({"id": "a.b", "languages": ["python"]} | changes)]


@pytest.mark.parametrize(
    "changes",
    [
        {"pattern": "f($X)", "patern-not": "f(1)"},
        {"patterns": [{"pattern": "f($X)"}, {"pattern": "$Y", "pattern-insde": "g()"}]},
        {
            "mode": "taint",
            "pattern-sources": [{"pattern": "a()"}],
            "pattern-sinks": [{"pattern": "b()"}],
            "pattern-sanitisers": [],
        },
        {"patterns": [{"pattern": "f($X)"}, {"metavariable-regexp": {"metavariable": "$X", "regex": "a"}}]},
    ],
)
def test_a_misspelt_key_is_told_with_what_was_meant(changes: dict[str, object]) -> None:
    (message,) = problems(**changes)
    assert message.startswith("unknown key `")
    assert "did you mean `pattern-" in message or "did you mean `metavariable-regex`" in message


@pytest.mark.parametrize(
    "condition",
    [
        {"metavariable-regex": {"metavariable": "$Y", "regex": "a"}},
        {"focus-metavariable": "$Y"},
        {"focus-metavariable": ["$X", "$Y"]},
        {"metavariable-pattern": {"metavariable": "$Y", "pattern": "1"}},
    ],
)
def test_a_condition_on_what_nothing_binds_is_told(condition: dict[str, object]) -> None:
    (message,) = problems(patterns=[{"pattern": "f($X)"}, condition])
    assert message == "no pattern binds `$Y`, so the condition on it never holds; name it in a pattern"


@pytest.mark.parametrize(
    "changes",
    [
        {"pattern": "f($X, ...)", "metadata": {"pattern-not": 1}, "my-key": 1},
        {"patterns": [{"pattern": "if $C: $...BODY"}, {"focus-metavariable": "$...BODY"}]},
        {
            "patterns": [
                {"pattern-regex": "(?P<KEY>a+)(b)"},
                {"metavariable-regex": {"metavariable": "$KEY", "regex": "a"}},
            ]
        },
        {"patterns": [{"pattern-regex": "(a+)(?:x)(b)"}, {"focus-metavariable": "$2"}]},
        {
            "mode": "taint",
            "pattern-propagators": [{"pattern": "$TO.add($FROM)", "from": "$FROM", "to": "$TO"}],
            "pattern-sources": [{"pattern": "a()", "label": "A"}],
            "pattern-sinks": [{"pattern": "b()", "requires": "A"}],
        },
        {"match": {"all": ["f($X)"], "where": [{"metavariable": "$Q", "regex": "a"}]}},
    ],
)
def test_what_is_right_is_not_told(changes: dict[str, object]) -> None:
    assert problems(**changes) == []


def test_the_pack_has_none_of_it() -> None:
    assert [loaded.rule.id for loaded in load_rules().rules if list(pattern_problems(loaded.definition))] == []
