"""The tables of `oreva.analytics`, from every kind of store."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from oreva import analytics
from oreva.errors import ConfigError
from oreva.models import CoverageCounts, Finding, Rule, Scan, Severity, Source, TriageSpending
from oreva.store.base import Changes, FindingStore
from oreva.store.sqlite import SqliteStore
from tests.contract.conftest import Make

MAIN = Source(provider="github", repository="acme/shop", ref="main", default_branch="main")
DAY = dt.timedelta(days=1)
TABLES = {
    analytics.findings: analytics.FINDING_COLUMNS,
    analytics.scans: analytics.SCAN_COLUMNS,
    analytics.coverage: analytics.COVERAGE_COLUMNS,
    analytics.verdicts: analytics.VERDICT_COLUMNS,
    analytics.not_assessed: analytics.NOT_ASSESSED_COLUMNS,
}


def put(store: FindingStore, scan: Scan, *findings: Finding) -> None:
    """What a scan that opened these findings leaves."""
    known = store.baseline(scan.source.key, "main")
    before = None if known is None else known.scan_id
    baseline = {"repository": scan.source.key, "branch": "main", "scan_id": scan.id, "sequence": scan.sequence}
    baseline |= {"ruleset_digest": scan.ruleset_digest, "at": scan.started_at}
    store.apply(
        Changes.model_validate(
            {
                "repository": scan.source.key,
                "scan": scan,
                "findings": findings,
                "baseline": baseline,
                "expected_baseline_scan": before,
            }
        )
    )


def verdict(make: Make, **fields: Any) -> dict[str, Any]:
    return {
        "assessment": "false_positive",
        "confidence": 0.9,
        "rationale": "The value is a constant.",
        "evidence": [{"path": "shop/db.py", "line": 3, "quote": "cursor"}],
        "triaged_by": "heuristic",
        "at": make.moment,
    } | fields


@pytest.mark.parametrize("table", TABLES, ids=lambda function: function.__name__)
def test_an_empty_store_gives_empty_tables_with_all_columns_and_types(store: FindingStore, table: Any) -> None:
    empty = table(store)
    assert list(empty.columns) == list(TABLES[table])
    assert len(empty) == 0
    for name, kind in TABLES[table].items():
        assert empty[name].dtype == kind, name


def test_findings(store: FindingStore, make: Make) -> None:
    dismissal = {"kind": "accepted_risk", "reason": "behind the gateway", "by": "ada", "at": make.moment}
    put(
        store,
        make.scan(1),
        make.finding(1, severity="low", cwe=("CWE-89", "CWE-564"), verdict=verdict(make)),
        make.finding(2, status="fixed", severity="critical", fixed_at=make.moment + 3 * DAY, reopened=1),
        make.finding(3, status="dismissed", dismissal=dismissal),
    )
    table = analytics.findings(store, now=pd.Timestamp(make.moment + 10 * DAY))
    assert {name: str(kind) for name, kind in table.dtypes.items()} == {
        name: str(kind) for name, kind in analytics.FINDING_COLUMNS.items()
    }
    assert list(table["repository"].unique()) == ["github/acme/shop"]
    assert list(table["status"]) == ["open", "fixed", "dismissed"]
    assert list(table["days_open"]) == [10, 3, 10]
    assert list(table["reopened"]) == [0, 1, 0]
    assert table["assessment"].isna().tolist() == [False, True, True]
    assert table["dismissed_as"].fillna("").tolist() == ["", "", "accepted_risk"]
    assert list(table["cwe"]) == [("CWE-89", "CWE-564"), (), ()]
    assert table["scanners"][0] == ("semgrep",)
    assert table["rules"][0] == ("semgrep:python.sql-injection",)
    assert list(table.sort_values("severity")["id"]) == [make.ulid(1), make.ulid(3), make.ulid(2)]
    assert (table["severity"] >= "high").sum() == 2


def test_a_finding_with_many_weaknesses_is_in_each_and_one_with_none_is_not_lost(
    store: FindingStore, make: Make
) -> None:
    put(store, make.scan(1), make.finding(1, cwe=("CWE-89", "CWE-564")), make.finding(2))
    rows = analytics.exploded(analytics.findings(store), "cwe")
    assert sorted(zip(rows["id"], rows["cwe"], strict=True)) == [
        (make.ulid(1), "CWE-564"),
        (make.ulid(1), "CWE-89"),
        (make.ulid(2), analytics.UNMAPPED),
    ]


def test_scans_come_oldest_first_with_their_numbers(store: FindingStore, make: Make) -> None:
    spent = TriageSpending(calls=2, input_tokens=1000, output_tokens=200, cost="0.0125")
    store.put_scan(make.repository, make.scan(2, started_at=make.moment + DAY, triage=spent, files=12, duration_s=3.5))
    store.put_scan(make.repository, make.scan(1, counts={Severity.HIGH: 4}, opened=4))
    of_review = Source(provider="github", repository="acme/shop", ref="topic", default_branch="main")
    store.put_scan(make.repository, make.scan(3, source=of_review, state="failed", cause="too large"))
    table = analytics.scans(store)
    assert list(table["id"]) == [make.ulid(1), make.ulid(2), make.ulid(3)]
    assert list(table["high"]) == [4, 0, 0]
    assert list(table["model_tokens"]) == [0, 1200, 0]
    assert table["model_cost"].isna().tolist() == [True, False, True]
    assert table["model_cost"][1] == 0.0125
    assert list(table["branch"]) == ["main", "main", "topic"]
    assert not table["tracked"][2]
    assert (table["state"][2], table["cause"][2]) == ("failed", "too large")
    assert len(analytics.scans(store, limit=1)) == 1


def test_which_scans_are_of_a_tracked_branch(store: FindingStore, make: Make) -> None:
    folder = Source(provider="directory", repository="acme/shop")
    store.put_scan(make.repository, make.scan(1, source=MAIN))
    store.put_scan(make.repository, make.scan(2, source=MAIN, trigger="pull_request"))
    store.put_scan(folder.key, make.scan(3, source=folder))
    tracked = analytics.scans(store).set_index("id")["tracked"]
    assert tracked.to_dict() == {make.ulid(1): True, make.ulid(2): False, make.ulid(3): True}


def test_coverage_and_what_was_not_assessed(store: FindingStore, make: Make) -> None:
    counts = {
        "semgrep": CoverageCounts(scanned=5, cached=2, partial=1, skipped=4, not_applicable=2),
        "bandit": CoverageCounts(scanned=3, failed=1, skipped=4, not_applicable=6),
    }
    put(store, make.scan(1, source=MAIN, files=10, gaps=1, coverage={"semgrep": CoverageCounts(scanned=10)}))
    put(store, make.scan(2, source=MAIN, files=10, gaps=2, coverage=counts))
    store.put_scan(make.repository, make.scan(3, source=MAIN, state="failed"))
    store.put_scan(make.repository, make.scan(4, source=MAIN, state="running"))
    store.put_scan("github/acme/new", make.scan(5, source=MAIN.model_copy(update={"repository": "acme/new"}),
                                                state="failed"))  # fmt: skip
    rows = analytics.coverage(store).set_index(["scan_id", "scanner"])
    assert rows.loc[(make.ulid(2), "bandit"), ["scanned", "failed", "not_applicable"]].tolist() == [3, 1, 6]
    assert rows.loc[(make.ulid(2), "semgrep"), "version"] == "1.0"
    assert len(rows) == 3

    unseen = analytics.not_assessed(store).set_index("repository")
    shop = unseen.loc["github/acme/shop"]
    assert shop["scan_id"] == make.ulid(2)
    assert shop[["files", "gaps", "partial", "failed", "skipped"]].tolist() == [10, 2, 1, 1, 8]
    assert shop[["no_rule_least", "no_rule_most"]].tolist() == [0, 2]
    assert shop["unfinished_since"] == 2
    never = unseen.loc["github/acme/new"]
    assert pd.isna(never["scan_id"])
    assert pd.isna(never["at"])
    assert never["unfinished_since"] == 1


def test_files_without_a_rule_lie_between_what_the_counts_allow(store: FindingStore, make: Make) -> None:
    """10 files; one scanner is about 3 of them, the other about 2: 5 to 7 files have no rule."""
    counts = {
        "semgrep": CoverageCounts(scanned=3, not_applicable=7),
        "bandit": CoverageCounts(scanned=2, not_applicable=8),
    }
    put(store, make.scan(1, source=MAIN, files=10, coverage=counts))
    unseen = analytics.not_assessed(store).iloc[0]
    assert (unseen["no_rule_least"], unseen["no_rule_most"]) == (5, 7)


def test_verdicts(store: FindingStore, make: Make) -> None:
    put(store, make.scan(1), make.finding(1, verdict=verdict(make, triaged_by="bedrock", model_id="m")),
        make.finding(2))  # fmt: skip
    table = analytics.verdicts(store)
    assert list(table["finding_id"]) == [make.ulid(1)]
    first = table.iloc[0]
    assert (first["assessment"], first["confidence"], first["quotes"]) == ("false_positive", 0.9, 1)
    assert (first["triaged_by"], first["model_id"], first["rationale"]) == ("bedrock", "m", "The value is a constant.")


def test_only_the_repositories_asked_for(store: FindingStore, make: Make) -> None:
    other = Source(provider="archive", repository="other")
    put(store, make.scan(1), make.finding(1))
    put(store, make.scan(2, source=other), make.finding(2))
    assert len(analytics.findings(store)) == 2
    assert list(analytics.findings(store, ["archive/other"])["id"]) == [make.ulid(2)]
    assert list(analytics.not_assessed(store, ["archive/other"])["repository"]) == ["archive/other"]


def test_a_category_without_rules_is_not_assessed(store: FindingStore, make: Make) -> None:
    put(store, make.scan(1), make.finding(1, owasp=("A03:2021", "A05:2025")))
    rule = Rule(id="r", scanner="semgrep", title="t", severity="high", confidence="high", owasp=("A05:2025",))
    table = analytics.owasp_categories(analytics.findings(store), [rule, rule]).set_index("category")
    assert list(table.index) == list(analytics.OWASP["2025"])
    assert table.loc["A05:2025", ["name", "findings", "rules", "assessed"]].tolist() == ["Injection", 1, 2, True]
    assert table.loc["A06:2025", ["findings", "rules", "assessed"]].tolist() == [0, 0, False]
    older = analytics.owasp_categories(analytics.findings(store), [rule], "2021").set_index("category")
    assert older.loc["A03:2021", ["findings", "rules", "assessed"]].tolist() == [1, 0, False]


def test_the_rules_of_both_scanners_are_active() -> None:
    rules = analytics.active_rules()
    assert {rule.scanner for rule in rules} == {"semgrep", "bandit"}
    assert {category for rule in rules for category in rule.owasp} <= {
        category for edition in analytics.OWASP.values() for category in edition
    }


def test_the_environment_names_the_store(tmp_path: Any) -> None:
    SqliteStore.open(tmp_path).close()
    store = analytics.store_from_environment({"OREVA_STATE_DIR": str(tmp_path)})
    assert isinstance(store, SqliteStore)
    assert len(analytics.findings(store)) == 0
    store.close()


@pytest.mark.parametrize(
    ("variables", "message"),
    [({}, "neither OREVA_TABLE nor OREVA_STATE_DIR is set"), ({"OREVA_STATE_DIR": "nowhere"}, "nowhere: no state")],
)
def test_a_store_that_is_not_there_is_said_so(variables: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        analytics.store_from_environment(variables)


def test_the_table_comes_before_the_state_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is not there fails when it is read, not by falling back to something else."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    store = analytics.store_from_environment({"OREVA_TABLE": "t", "OREVA_STATE_DIR": ".", "AWS_REGION": "eu-central-1"})
    assert type(store).__name__ == "DynamoDbStore"
    store.close()
