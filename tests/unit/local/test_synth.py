"""Running the app and reading what it wrote."""

import json

import pytest

from oreva.errors import ConfigError, UsageError
from oreva.local import synth
from oreva.local.deploy import template_functions
from oreva.local.synth import StackTemplate, project_root, read_assembly, synthesize


def test_the_app_runs_with_context_and_its_stack_is_found(project, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the user's own")
    stack = synthesize(project, tmp_path / "out", {"other": 2})
    assert stack.name == "toy"
    assert json.loads(stack.template.read_text())["Resources"]["Machine"]
    (asset,) = stack.assets
    assert (asset.bucket, asset.key) == ("cdk-hnb659fds-assets-000000000000-us-east-1", "1.json")
    assert template_functions(stack) == ["toy-work", "toy-api", "toy-buckets"]


def test_what_the_app_complains_about_is_told_in_one_line(project, tmp_path):
    with pytest.raises(UsageError, match=r"the CDK app failed: ValueError: the setting break is set; run `make synth`"):
        synthesize(project, tmp_path / "out", {"break": 1})


def test_an_app_that_hangs_is_ended(project, tmp_path, monkeypatch):
    monkeypatch.setattr(synth, "SYNTH_S", 0.001)
    with pytest.raises(UsageError, match="did not end within"):
        synthesize(project, tmp_path / "out", {})


def test_a_checkout_is_found_or_asked_for(project, tmp_path, monkeypatch):
    assert project_root(project) == project.resolve()
    monkeypatch.chdir(project)
    assert project_root(None) == project.resolve()
    with pytest.raises(UsageError, match="get the source of this version of Oreva"):
        project_root(tmp_path)


@pytest.mark.parametrize(
    ("artifacts", "complaint"), [(None, "no cloud assembly"), ({}, "0 stacks"), ({"a": 1, "b": 1}, "2 stacks")]
)
def test_an_assembly_that_is_none_is_refused(tmp_path, artifacts, complaint):
    if artifacts is not None:
        stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "t.json"}}
        (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": dict.fromkeys(artifacts, stack)}))
    with pytest.raises(UsageError, match=complaint):
        read_assembly(tmp_path)


def test_broken_settings_of_cdk_are_named(project, tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "cdk.json").write_text("{")
    with pytest.raises((UsageError, ConfigError), match=r"cdk\.json: not JSON"):
        synthesize(root, tmp_path / "out", {})


def test_an_image_function_needs_a_fixed_name(tmp_path):
    template = tmp_path / "t.json"
    function = {"Type": "AWS::Lambda::Function", "Properties": {"PackageType": "Image"}}
    template.write_text(json.dumps({"Resources": {"F": function}}))
    with pytest.raises(UsageError, match="function F has no fixed name"):
        template_functions(StackTemplate("s", template))
