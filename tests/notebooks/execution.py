"""Running a notebook as Jupyter does, in a kernel of its own, and reading what it shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
TIMEOUT_S = 180


@dataclass(frozen=True)
class Executed:
    """A notebook that ran to its end."""

    notebook: NotebookNode

    def shown(self, kind: str) -> list[str]:
        """Everything that was shown in one MIME type, in order."""
        return [output["data"][kind] for output in self._outputs() if kind in output.get("data", {})]

    @property
    def warnings(self) -> list[str]:
        """What the kernel wrote to its error stream."""
        return [output["text"] for output in self._outputs() if output.get("name") == "stderr"]

    def _outputs(self) -> Iterator[NotebookNode]:
        for cell in self.notebook.cells:
            yield from cell.get("outputs", [])


def execute(name: str, environment: Mapping[str, str]) -> Executed:
    """Run `notebooks/<name>`, with these variables besides those of this process. An error in a cell is raised."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    client = NotebookClient(notebook, timeout=TIMEOUT_S, resources={"metadata": {"path": str(NOTEBOOKS)}})
    with mock.patch.dict("os.environ", environment):
        client.execute()
    return Executed(notebook)
