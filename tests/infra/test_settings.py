"""Settings: where they come from, what is refused, and how it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.app import main
from infra.settings import Settings, settings_from
from oreva.errors import ConfigError
from oreva.triage.bedrock_settings import DEFAULT_MODEL_ID
from tests.infra.conftest import IMAGES


def test_everything_has_a_default_that_works() -> None:
    settings = settings_from({})
    assert settings == Settings()
    assert settings.models == (DEFAULT_MODEL_ID,)


def test_keys_of_cdk_are_left_alone() -> None:
    assert settings_from({"@aws-cdk/core:x": True, "aws:cdk:y": 1, "availability-zones:account=1": []}) == Settings()


def test_text_of_the_command_line_becomes_values() -> None:
    settings = settings_from(
        {
            "vpc": "false",
            "map_concurrency": "12",
            "allowed_repositories": "acme/*, beta/app",
            "prices": '{"m": {"input_per_million": "3", "output_per_million": "15"}}',
            "reserved_concurrency": '{"scan": 20}',
            "log_days": "30",
        }
    )
    assert settings.vpc is False
    assert settings.map_concurrency == 12
    assert settings.allowed_repositories == ("acme/*", "beta/app")
    assert settings.prices["m"].input_per_million == 3
    assert settings.reserved_concurrency == {"scan": 20}
    assert settings.log_days == 30


def test_a_file_is_read_and_the_command_line_wins(tmp_path: Path) -> None:
    file = tmp_path / "deploy.yml"
    file.write_text(
        "triage: heuristic\nlog_days: 30\nallowed_repositories: [acme/*]\n"
        "prices:\n  m: {input_per_million: 1, output_per_million: 2}\n"
    )
    settings = settings_from({"settings": str(file), "log_days": "7"})
    assert (settings.triage, settings.log_days, settings.allowed_repositories) == ("heuristic", 7, ("acme/*",))
    assert settings.models == ()


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    file = tmp_path / "deploy.yml"
    file.write_text("# nothing yet\n")
    assert settings_from({"settings": str(file)}) == Settings()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"modelid": "x"}, "modelid: no such setting; did you mean model_id?"),
        ({"qqqq": "x"}, "qqqq: no such setting; docs/operations.md lists them"),
        ({"name": "Oreva"}, "name: String should match pattern"),
        ({"vpc": "perhaps"}, "vpc: Input should be a valid boolean"),
        ({"log_days": "31"}, "log_days: CloudWatch keeps logs for 1, 3, 5"),
        ({"authorizer": "jwt"}, "settings: authorizer jwt needs jwt_issuer and jwt_audience"),
        ({"prices": "{x"}, "prices: "),
        ({"reserved_concurrency": '{"guess": 1}'}, "reserved_concurrency.guess"),
        ({"map_concurrency": "0"}, "map_concurrency: Input should be greater than or equal to 1"),
        ({"team_rules": "/no/such/folder"}, "team_rules: /no/such/folder is not a folder"),
        ({"scanner_image": "docker.io/x"}, "scanner_image: String should match pattern"),
        ({"alarm_email": "nobody"}, "alarm_email: String should match pattern"),
        ({"alarm_email": "a@b.c", "alarm_topic_arn": "arn:aws:sns:r:1:t"}, "set it or alarm_topic_arn, not both"),
        ({"jobs": "3"}, "3 jobs of memory_mb 1280 do not fit into scan_function_mb 3008"),
        ({"archive_total_bytes": "10737418240"}, "upload_bytes and archive_total_bytes together are more than the"),
        ({"settings": "/no/such/file.yml"}, "/no/such/file.yml: cannot be read"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(given: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_from(given)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"), [("a: [", "not YAML"), ("- a\n", "not a mapping"), ("1: 2\n", "not a mapping")]
)
def test_a_file_that_is_not_settings_is_refused(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "deploy.yml"
    file.write_text(content)
    with pytest.raises(ConfigError, match=said) as caught:
        settings_from({"settings": str(file)})
    assert "\n" not in str(caught.value)


def test_team_rules_and_a_finished_image_exclude_each_other(tmp_path: Path) -> None:
    image = f"{'1' * 12}.dkr.ecr.eu-west-1.amazonaws.com/o/scanner:1.2"
    with pytest.raises(ConfigError, match="team_rules_in_image"):
        settings_from({"team_rules": str(tmp_path), "scanner_image": image})


def test_the_app_says_what_is_wrong_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out"
    assert main(["--output", str(output), "-c", "modelid=x"]) == 2
    assert capsys.readouterr().err == "infra: context: modelid: no such setting; did you mean model_id?\n"
    assert main(["--output", str(output), "-c", "vpc"]) == 2
    assert "no value; write -c vpc=VALUE" in capsys.readouterr().err
    assert not list(output.glob("*.template.json"))


def test_more_variables_than_lambda_takes_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [part for each in IMAGES for part in ("-c", each)]
    many = ",".join(f"a-long-organization/service-{number:03}" for number in range(200))
    assert main(["--output", str(tmp_path), *given, "-c", f"allowed_repositories={many}"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("infra: settings: allowed_repositories: too long; the environment of the function webhook ")
    assert line.endswith("Lambda takes 4096; shorten it with patterns such as acme/*")
    some = ",".join(f"a-long-organization/service-{number:03}" for number in range(90))
    assert main(["--output", str(tmp_path), *given, "-c", f"allowed_repositories={some}"]) == 0


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ([], DEFAULT_MODEL_ID),
        (["model_id=a.b", "second_model_id=c.d", 'prices={"a.b": {"input_per_million": 1, "output_per_million": 2}}'],
         "c.d"),
        (["triage=heuristic"], None),
        (["model_id=a.b", 'prices={"a.b": {"input_per_million": 1, "output_per_million": 2}}'], None),
    ],
)  # fmt: skip
def test_who_sets_no_price_is_told_that_cost_stays_unknown(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    settings: list[str],
    missing: str | None,
) -> None:
    given = ["--output", str(tmp_path), *(part for each in (*IMAGES, *settings) for part in ("-c", each))]
    assert main(given) == 0
    said = capsys.readouterr().err
    assert said.startswith(f"infra: warning: prices: none for {missing}, so the cost") if missing else said == ""
    monkeypatch.setenv("CDK_CONTEXT_JSON", "{}")  # `cdk` runs it, and says so itself
    assert main(given) == 0
    assert capsys.readouterr().err == ""


def test_a_region_without_known_prefix_lists_needs_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    images = [f"{kind}_image={'1' * 12}.dkr.ecr.me-south-1.amazonaws.com/o/{kind}:1" for kind in ("scanner", "control")]
    context = [part for each in (*images, "region=me-south-1", "account=123456789012") for part in ("-c", each)]
    assert main(["--output", str(tmp_path), *context]) == 2
    assert "aws ec2 describe-managed-prefix-lists --region me-south-1" in capsys.readouterr().err
    given = ["-c", "s3_prefix_list=pl-0a", "-c", "dynamodb_prefix_list=pl-0b"]
    assert main(["--output", str(tmp_path), *context, *given]) == 0
