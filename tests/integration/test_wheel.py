"""The wheel: holds what a scan needs, and works where there is no checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-q"]
    done = subprocess.run([*command, "-w", folder, ROOT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("oreva-*.whl")
    return built


def test_holds_rules_and_data(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {f"oreva/_rules/{file.relative_to(ROOT / 'rules').as_posix()}" for file in (ROOT / "rules").rglob("*.yaml")}
    assert len(rules) >= 60
    assert rules <= names
    package = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "oreva").rglob("*")
        if file.is_file() and file.suffix not in (".pyc",)
    }
    assert package <= names
    for name in (
        "py.typed",
        "reports/schema-v1.json",
        "reports/templates/report.html.jinja",
        "rules/bandit_advice.yaml",
    ):
        assert f"oreva/{name}" in names
    assert "oreva/store/migrations/0001.sql" in names
    assert not [name for name in names if not name.startswith(("oreva/", "oreva-"))]


def test_scans_with_its_own_rules_far_from_the_checkout(wheel, tmp_path):
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True)
    python = environment / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "-q", wheel]
    subprocess.run(install, check=True, capture_output=True)
    # The libraries come from the environment that runs the tests, without its link to the checkout.
    (site,) = (environment / "lib").glob("python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.js").write_text("document.body.innerHTML = location.hash;\n")
    (project / "a.py").write_text("import subprocess\n\n\ndef run(text):\n    subprocess.call(text, shell=True)\n")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))}
    where = "import oreva.rules.load as load; print(load.builtin_rules_path())"
    found = subprocess.run([python, "-I", "-c", where], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert found.stdout.strip() == str(site / "oreva" / "_rules")
    command = [environment / "bin" / "oreva", "scan", project, "--format", "json"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{clean['PATH']}"
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env={**clean, "PATH": path}, check=False)
    assert done.returncode == 1, done.stderr
    scanners = {d["scanner"] for f in json.loads(done.stdout)["findings"] for d in f["detections"]}
    assert scanners == {"semgrep", "bandit"}
