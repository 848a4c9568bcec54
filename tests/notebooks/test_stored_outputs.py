"""What a reader sees on a code-hosting site: the committed outputs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import nbformat
import pytest

if TYPE_CHECKING:
    from pathlib import Path

PAYLOAD = "application/vnd.jupyter-artifacts.panel.v1+json"
PANELS = {
    "tutorial.ipynb": {"card", "artifact", "lineage", "examples", "table"},
    "gallery.ipynb": {"card", "artifact", "lineage", "examples", "table", "run", "diff"},
}


@pytest.fixture(params=PANELS)
def path(request: pytest.FixtureRequest, repository: Path) -> Path:
    return repository / "notebooks" / str(request.param)


def outputs(path: Path) -> list[dict[str, object]]:
    notebook = nbformat.read(path, as_version=4)
    return [dict(output.get("data", {})) for cell in notebook.cells for output in cell.get("outputs", [])]


def html_outputs(path: Path) -> list[str]:
    return [str(data["text/html"]) for data in outputs(path) if "text/html" in data]


def test_each_panel_has_a_twin(path: Path) -> None:
    payloads = [data[PAYLOAD] for data in outputs(path) if PAYLOAD in data and "text/html" in data]
    assert {payload["kind"] for payload in payloads if isinstance(payload, dict)} == PANELS[path.name]


def test_every_code_cell_was_run_in_order(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


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
