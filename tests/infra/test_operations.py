"""docs/operations.md says what is: settings, alarms, outputs, and sums that add up."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from infra.app import ROOT
from infra.functions import FUNCTIONS, NAMES
from infra.settings import Settings, settings_from
from tests.infra.cloudformation import ResolvedTemplate

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CENT = Decimal("0.01")


def section(title: str) -> str:
    """The text below a heading, up to the next one of its kind."""
    kind, _, _ = title.partition(" ")
    return PAGE.partition(f"\n{title}\n")[2].partition(f"\n{kind} ")[0]


def test_every_setting_is_listed_with_its_default() -> None:
    listed: dict[str, str] = {}
    for names, defaults in re.findall(r"^\| (`.+?`) \| (.+?) \| ", section("### Settings"), re.MULTILINE):
        values = [each.strip("` ") for each in defaults.split(",")]
        keys = re.findall(r"`(\w+)`", names)
        listed |= dict(zip(keys, values if len(values) == len(keys) else values * len(keys), strict=True))
    assert set(listed) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "—" if default in (None, (), {}, "") else str(default).lower() if isinstance(default, bool) else default
        assert listed[name] == str(shown), name


def test_the_example_of_a_file_can_be_used(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(# deploy\.yml\n.+?)```", PAGE, re.DOTALL)
    file = tmp_path / "deploy.yml"
    file.write_text(example)
    settings = settings_from({"settings": str(file)})
    assert settings.model_id in settings.prices


def test_every_alarm_has_something_to_do(template: ResolvedTemplate) -> None:
    told = set(re.findall(r"`([\w<>-]+)`", " ".join(re.findall(r"^\| (`.+?) \|", section("## Alarms"), re.MULTILINE))))
    alarms = {each["AlarmName"].removeprefix("oreva-") for _, each in template.of_type("AWS::CloudWatch::Alarm")}
    functions = "|".join(NAMES)
    general = {re.sub(rf"^({functions})-(errors|throttles)$", r"<function>-\2", name) for name in alarms}
    assert {re.sub(r"^model-\d", "model-<n>", name) for name in general} == told
    assert f"| Alarms | {len(alarms)} |" in PAGE


@pytest.mark.parametrize("title", ["**Per 1,000 scans**", "**Per month, whatever happens**"])
def test_the_sums_add_up(title: str) -> None:
    table = PAGE.partition(title)[2].partition("\n\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| .+? \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", table, re.MULTILINE)
    assert len(rows) == table.count("\n") - 2, "every row but head, rule and sum is read"
    total = Decimal(0)
    for quantity, price, cost in rows:
        assert (Decimal(quantity) * Decimal(price)).quantize(CENT, ROUND_HALF_UP) == Decimal(cost), (quantity, price)
        total += Decimal(cost)
    assert f"| **sum** | | | **{total}** |" in table


def test_the_sum_of_seconds_is_that_of_the_functions() -> None:
    seconds = {"fetch": 5, "scan": 12, "deduplicate": 2, "triage": 15, "report": 3, "webhook": Decimal("0.3")}
    total = sum(Decimal(FUNCTIONS[name].memory_mb) / 1024 * spent for name, spent in seconds.items())  # type: ignore[index]
    assert f"in GB-s | {round(total * 1000)} |" in PAGE
