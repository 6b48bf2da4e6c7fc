"""The notebook for analysts, on the table that the deployed pipeline has written."""

from oreva.local.function import REGION
from oreva.models import Status
from tests.e2e.conftest import ProjectScan
from tests.e2e.world import World
from tests.notebooks.execution import execute


def test_the_notebook_counts_what_the_pipeline_found(world: World, project_scan: ProjectScan):
    store = world.store()
    opened = [f for key in store.repositories() for f in store.findings(key) if f.status is Status.OPEN]
    assert {finding["id"] for finding in project_scan.remote["findings"]} <= {finding.id for finding in opened}
    place = {"OREVA_TABLE": world.stack.deployed.table, "AWS_ENDPOINT_URL": world.stack.url, "AWS_REGION": REGION}
    executed = execute(
        "explore_findings.ipynb", {**place, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    )
    (first, *_) = executed.shown("text/markdown")
    assert first.startswith(f"**{len(opened):,} open findings** in {len(store.repositories())} repositor")
    assert "django-shop" in executed.shown("text/html")[0]
    assert executed.shown("image/png")
    assert executed.warnings == []
