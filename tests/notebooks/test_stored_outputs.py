"""What a reader sees on a code-hosting site: the committed outputs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import nbformat
import pytest

if TYPE_CHECKING:
    from pathlib import Path

PANELS = ("card", "artifact", "lineage", "examples", "table")


@pytest.fixture(params=["tutorial.ipynb"])
def path(request: pytest.FixtureRequest, repository: Path) -> Path:
    return repository / "notebooks" / str(request.param)


def html_outputs(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]


def test_each_panel_has_a_twin(path: Path) -> None:
    page = "".join(html_outputs(path))
    assert {kind for kind in PANELS if f'data-ja-kind="{kind}"' in page} == set(PANELS)


def test_no_widget_state_and_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "application/vnd.jupyter.widget" not in text
    assert "widgets" not in json.loads(text)["metadata"]
    assert len(text) < 1_000_000


def test_twins_need_nothing(path: Path) -> None:
    for page in html_outputs(path):
        assert "<style" not in page
        assert "<svg" not in page
        assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", page)


def test_no_trace_of_the_machine_that_ran_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"/(?:home|root|work|tmp|Users)/", text)
