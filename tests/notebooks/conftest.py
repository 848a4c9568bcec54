"""A kernel that works through the tutorial once, for all tests of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

if TYPE_CHECKING:
    from pathlib import Path

SOLUTION = """\
%%log_artifact mnist-raw --type dataset -v training validation test -m sizes=[len(x) for x in parts]
training, validation, test = ja.load("mnist-raw:v0", "training", "validation", "test")
training = TensorDataset(*(tensor[1_000:] for tensor in training.tensors))
parts = training, validation, test
"""


@dataclass(frozen=True)
class Worked:
    """The tutorial as executed, and the exercise as a learner would go through it.

    Attributes
    ----------
    folder : Path
        Where it ran; the store is in it.
    notebook : NotebookNode
        With outputs.
    tries : list of str
        What the check said: before, at a second try, and after the solution.
    """

    folder: Path
    notebook: nbformat.NotebookNode
    tries: list[str]


@pytest.fixture(scope="session")
def worked(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Worked:
    """Execute the tutorial at its default size, then solve its exercise."""
    folder = tmp_path_factory.mktemp("tutorial")
    digits = repository / "notebooks" / "MNIST"
    assert digits.is_dir(), "no MNIST digits: `make setup` fetches them"
    (folder / "MNIST").symlink_to(digits)
    notebook = nbformat.read(repository / "notebooks" / "tutorial.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=300, store_widget_state=False, resources={"metadata": {"path": folder}})
    with client.setup_kernel():
        for index, cell in enumerate(list(notebook.cells)):
            client.execute_cell(cell, index)
        tries = [
            said(client, source)
            for source in ("ja.check('drop-mislabelled')", SOLUTION, "ja.check('drop-mislabelled')")
        ]
    return Worked(folder, notebook, [tries[0], tries[2]])


def said(client: NotebookClient, source: str) -> str:
    """Execute a further cell and return the text it printed."""
    cell = nbformat.v4.new_code_cell(source)
    client.nb.cells.append(cell)
    client.execute_cell(cell, len(client.nb.cells) - 1)
    client.nb.cells.pop()
    return "".join(output.get("text", "") for output in cell.outputs if output.output_type == "stream")
