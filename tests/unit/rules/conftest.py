"""Rule files for these tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

RULE = """\
rules:
  - id: {rule_id}
    languages: [python]
    severity: HIGH
    message: It is wrong. Repair it.
    pattern: {pattern}
    metadata: {{cwe: CWE-95}}
"""


@pytest.fixture
def write_rule(tmp_path: Path) -> Callable[..., Path]:
    """Write a rule file below the test's folder."""

    def write(
        rule_id: str = "acme.eval", name: str = "eval.yaml", *, pattern: str = "eval(...)", more: str = ""
    ) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(RULE.format(rule_id=rule_id, pattern=pattern) + more)
        return file

    return write
