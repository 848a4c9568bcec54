"""What users call: the functions of the room, and which store and project they mean."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts import panels
from jupyter_artifacts.errors import InvalidValueError, NotFoundError
from jupyter_artifacts.panels.current import current_shelf
from jupyter_artifacts.tracking import messages
from jupyter_artifacts.tracking.init import init
from tests.panels.helpers import PROJECT, log

if TYPE_CHECKING:
    from jupyter_artifacts.panels.shelf import Shelf


def test_without_a_store_it_says_so_and_makes_none() -> None:
    with pytest.raises(NotFoundError, match="no store"):
        panels.artifacts()
    assert not list(Path.cwd().iterdir())


def test_the_project_is_that_of_the_active_run_else_of_what_was_logged_last(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shelf.project == current_shelf().project == PROJECT
    last = messages.last_logged()
    assert last is not None
    messages._last.clear()
    assert current_shelf().project == PROJECT  # the only one there is
    messages._last.append(last)
    with init(project="other"):
        assert current_shelf().project == "other"
    assert current_shelf().project == PROJECT
    assert current_shelf("third").project == "third"
    messages._last.clear()
    monkeypatch.setenv("WANDB_PROJECT", "named")
    assert current_shelf().project == "named"


def test_all_of_them_again_and_again(shelf: Shelf) -> None:
    for _ in range(2):
        assert panels.artifacts("type:model").kind == "table"
        assert panels.artifact("raw").kind == "artifact"
        assert panels.lineage().level == "grouped"
        assert panels.lineage("model:v1", up=None, down=0).level == "exploded"
        assert panels.card("raw:v0").kind == "card"
    assert shelf.project == panels.artifacts().snapshot["project"]


def test_names_that_are_not_there_bring_the_nearest(shelf: Shelf) -> None:
    log("mnist-raw", "dataset", {"a": b"1"})
    for call in (panels.artifact, panels.lineage, panels.card):
        with pytest.raises(NotFoundError, match="mnist-raw"):
            call("mnist-rwa")
    assert panels.card("mnist-rwa", "failed", message="ValueError").snapshot["row"]["id"] == 0
    assert shelf.project == PROJECT


def test_the_display_is_chosen_by_name() -> None:
    panels.choose_display("static")
    with pytest.raises(InvalidValueError):
        panels.choose_display("loud")  # type: ignore[arg-type]  # that is the point


def test_importing_the_room_imports_no_widget() -> None:
    heavy = ("anywidget", "IPython", "numpy", "sqlalchemy")
    code = f"import sys, jupyter_artifacts.panels; print([m for m in {heavy} if m in sys.modules])"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT)
    assert made.stdout.strip() == "[]"


_ROOT = Path(__file__).parents[2]
