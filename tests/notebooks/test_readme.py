"""The README's quick start runs as it stands, in one notebook, in its order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

import jupyter_artifacts as ja

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

# What a reader has at hand: data, a training function, a score, a saved model.
AROUND = """\
import torch
from safetensors.torch import save_file
load = lambda: (torch.zeros(8, 2), torch.ones(4, 2))
train = lambda training: torch.nn.Linear(2, 1)
score = lambda model: 0.97
loss, step, accuracy = 0.1, 3, 0.98
save_file({"weight": torch.ones(1, 2)}, "model.safetensors")
"""


def test_the_three_forms_of_the_quick_start(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (repository / "README.md").read_text(encoding="utf-8")
    part = text[text.index("## Quick start") : text.index("## The commands")]
    blocks = re.findall(r"```python\n(.*?)```", part, flags=re.DOTALL)
    assert len(blocks) == 6
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in (AROUND, *blocks)])
    monkeypatch.setenv("JUPYTER_ARTIFACTS_PROJECT", "digits")
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    api = ja.Api(store=tmp_path / ".jupyter_artifacts")
    best = api.artifact("digit-model:best")
    assert best.version == "v1"
    assert best.metadata == {"accuracy": 0.98, "epochs": 5}
    graph = notebook.cells[-1].outputs[-1].data["text/plain"]
    assert "DiGraph" in graph
