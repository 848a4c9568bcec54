"""The tutorial runs to its last cell and leaves the right record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from torch.utils.data import TensorDataset

import jupyter_artifacts as ja

if TYPE_CHECKING:
    from tests.notebooks.conftest import Worked

pytestmark = [pytest.mark.notebook, pytest.mark.slow, pytest.mark.xdist_group("tutorial")]

PIPELINE = {
    "load-data": (set(), {"mnist-raw"}),
    "preprocess-data": ({"mnist-raw"}, {"mnist-preprocess"}),
    "initialize": (set(), {"convnet"}),
    "train": ({"mnist-preprocess", "convnet"}, {"trained-model"}),
    "report": ({"mnist-preprocess", "trained-model"}, set()),
}


def bare(names: list[str]) -> set[str]:
    return {name.split(":")[0] for name in names}


def test_every_code_cell_ran(worked: Worked) -> None:
    cells = [cell for cell in worked.notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [o for cell in cells for o in cell.outputs if o.output_type == "error"]
    assert "widgets" not in worked.notebook.metadata


@pytest.mark.parametrize("project", ["uncategorized", "with-wandb-names"])
def test_five_runs_with_the_edges_of_the_pipeline(worked: Worked, project: str) -> None:
    api = ja.Api(store=worked.folder / ".jupyter_artifacts")
    found: dict[str, tuple[set[str], set[str]]] = {}
    for run in api.runs(project, order="+created_at"):
        used, made = (bare([a.name for a in side()]) for side in (run.used_artifacts, run.logged_artifacts))
        found.setdefault(run.job_type, (used, made))
        assert run.state == "finished"
    assert {job: found[job] for job in PIPELINE} == PIPELINE


def test_the_model_learnt_something_and_the_report_says_so(worked: Worked) -> None:
    api = ja.Api(store=worked.folder / ".jupyter_artifacts")
    (report,) = [run for run in api.runs("with-wandb-names") if run.job_type == "report"]
    assert 0.8 < report.summary["accuracy"] <= 1
    pictures = report.summary["high-loss-examples"]
    assert pictures["count"] == 32
    assert all(re.fullmatch(r"\d → \d, \d+\.\d+", caption.replace("->", "→")) for caption in pictures["captions"])


def test_what_the_magics_logged_comes_back(worked: Worked) -> None:
    api = ja.Api(store=worked.folder / ".jupyter_artifacts")
    raw = api.artifact("mnist-raw:v0")
    training = raw.load("training")
    assert isinstance(training, TensorDataset)
    assert [len(part) for part in training.tensors] == [20_000, 20_000]
    assert raw.metadata == {"source": "torchvision.datasets.MNIST", "sizes": [20_000, 2_000, 10_000]}
    assert raw.type == "dataset"
    assert ja.verify(store=worked.folder / ".jupyter_artifacts", data=True) == []


def test_the_exercise_gives_a_hint_and_then_praise(worked: Worked) -> None:
    before, after = worked.tries
    assert before.startswith("○")
    assert after.startswith("✓")


def test_stale_marks_after_the_exercise(worked: Worked) -> None:
    api = ja.Api(store=worked.folder / ".jupyter_artifacts")
    stale = {
        name: bool(api.artifact(f"{name}:latest").stale)
        for name in ("mnist-raw", "mnist-preprocess", "convnet", "trained-model")
    }
    assert stale == {"mnist-raw": False, "mnist-preprocess": True, "convnet": False, "trained-model": True}
