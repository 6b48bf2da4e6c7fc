"""The policy evaluator itself, on policies whose outcome the IAM user guide states."""

from __future__ import annotations

import pytest

from tests.infra.iam import Request, allowed, denied


def statement(effect: str = "Allow", **more: object) -> dict[str, object]:
    return {"Effect": effect, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", **more}


GET = Request("s3:GetObject", "arn:aws:s3:::b/k")


def test_nothing_is_allowed_by_default() -> None:
    assert not allowed([], GET)


def test_an_explicit_deny_wins() -> None:
    assert allowed([statement()], GET)
    assert not allowed([statement(), statement("Deny")], GET)
    assert denied([statement("Deny")], GET)
    assert not denied([statement()], GET)


@pytest.mark.parametrize(
    ("action", "asked", "expected"),
    [
        ("s3:*", "s3:GetObject", True),
        ("s3:get*", "s3:GetObject", True),  # actions are compared without regard to case
        ("s3:GetObject", "s3:GetObjectVersion", False),
        (["s3:PutObject", "s3:GetObject"], "s3:GetObject", True),
        ("*", "iam:PassRole", True),
        ("s3:GetObjec?", "s3:GetObject", True),
    ],
)
def test_actions(action: object, asked: str, expected: bool) -> None:
    assert allowed([statement(Action=action)], Request(asked, GET.resource)) is expected


@pytest.mark.parametrize(
    ("resource", "asked", "expected"),
    [
        ("arn:aws:s3:::b/scans/*/shards/*", "arn:aws:s3:::b/scans/1/shards/2", True),
        ("arn:aws:s3:::b/scans/*/shards/*", "arn:aws:s3:::b/scans/1/results/2", False),
        ("arn:aws:s3:::b/scans/*", "arn:aws:s3:::b/scans/1/2/3", True),  # a star crosses slashes
        ("arn:aws:s3:::b/K", "arn:aws:s3:::b/k", False),  # resources are compared with regard to case
        ("arn:aws:s3:::b/[k]", "arn:aws:s3:::b/k", False),  # no other character is special
        ("arn:aws:s3:::b.c/k", "arn:aws:s3:::bxc/k", False),
    ],
)
def test_resources(resource: str, asked: str, expected: bool) -> None:
    assert allowed([statement(Resource=resource)], Request("s3:GetObject", asked)) is expected


def test_not_action_and_not_resource() -> None:
    other = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert allowed([other], GET)
    assert not allowed([other], Request("iam:PassRole", "*"))
    elsewhere = {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::b/*"}
    assert not denied([elsewhere], GET)
    assert denied([elsewhere], Request("s3:GetObject", "arn:aws:s3:::c/k"))


@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        ({"StringEquals": {"k": "a"}}, {"k": "a"}, True),
        ({"StringEquals": {"K": ["b", "a"]}}, {"k": "a"}, True),
        ({"StringEquals": {"k": "a"}}, {"k": "A"}, False),
        ({"StringEquals": {"k": "a"}}, {}, False),  # what is not there does not match
        ({"StringEqualsIfExists": {"k": "a"}}, {}, True),
        ({"StringNotEquals": {"k": "a"}}, {"k": "b"}, True),
        ({"StringNotEquals": {"k": ["a", "b"]}}, {"k": "b"}, False),
        ({"StringNotEquals": {"k": "a"}}, {}, True),
        ({"StringLike": {"k": "a*"}}, {"k": "abc"}, True),
        ({"StringNotLike": {"k": "a*"}}, {"k": "abc"}, False),
        ({"StringEqualsIgnoreCase": {"k": "a"}}, {"k": "A"}, True),
        ({"Bool": {"k": "false"}}, {"k": "False"}, True),
        ({"Bool": {"k": False}}, {"k": "false"}, True),
        ({"Null": {"k": "true"}}, {}, True),
        ({"Null": {"k": "false"}}, {}, False),
        ({"NumericLessThan": {"k": "1.2"}}, {"k": "1.1"}, True),
        ({"NumericLessThan": {"k": "1.2"}}, {"k": "1.3"}, False),
        ({"NumericGreaterThanEquals": {"k": 1}}, {"k": "1"}, True),
        ({"ArnEquals": {"k": "arn:aws:lambda:r:a:function:f*"}}, {"k": "arn:aws:lambda:r:a:function:f1"}, True),
        ({"ArnLike": {"k": "arn:aws:*:r:a:f"}}, {"k": "arn:aws:x:y:a:f"}, False),  # a star stays within its part
        ({"ForAllValues:StringEquals": {"k": ["a", "b"]}}, {"k": ["a", "b"]}, True),
        ({"ForAllValues:StringEquals": {"k": ["a"]}}, {"k": ["a", "b"]}, False),
        ({"ForAllValues:StringEquals": {"k": ["a"]}}, {}, True),
        ({"ForAnyValue:StringEquals": {"k": ["a"]}}, {"k": ["a", "b"]}, True),
        ({"StringEquals": {"k": "a"}, "Bool": {"l": "true"}}, {"k": "a", "l": "false"}, False),  # all must hold
    ],
)
def test_conditions(condition: object, context: dict[str, str], expected: bool) -> None:
    asked = Request(GET.action, GET.resource, context)
    assert allowed([statement(Condition=condition)], asked) is expected


def test_what_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError):
        allowed(
            [statement(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})],
            Request(*GET_PARTS, {"aws:SourceIp": "x"}),
        )
    with pytest.raises(ValueError, match="NotPrincipal"):
        allowed([statement(NotPrincipal="*")], GET)


GET_PARTS = (GET.action, GET.resource)
