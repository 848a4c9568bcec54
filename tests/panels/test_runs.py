"""The run panel's kernel side: snapshots, answers, growing, the twin."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from jupyter_artifacts import Image, init, words
from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, NotFoundError
from jupyter_artifacts.panels import run_panel
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES
from jupyter_artifacts.panels.run_chart import smoothed
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.tracking.session import finish
from tests.panels.helpers import HOSTILE, PROJECT, read_html

if TYPE_CHECKING:
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import RunRecord
    from tests.panels.helpers import FrontEnd


@pytest.fixture
def trained(shelf: Shelf) -> str:
    with init(project=PROJECT, job_type="train", config={"lr": 0.1}, tags=["b", "a"], name="brisk-fox-9") as run:
        run.use_artifact("raw:latest")
        for step in range(20):
            run.log({"loss": 1 / (step + 1), "part": {"acc": step / 20}})
        run.log({"digits": [Image(np.full((8, 8), 40 * n, np.uint8), caption=f"digit {n}") for n in range(3)]})
    assert shelf.catalog.runs.get(run.id).state == "finished"
    return run.id


def test_what_is_shown(trained: str) -> None:
    panel = run_panel(trained)
    (run,) = panel.snapshot["runs"]
    assert (run["name"], run["state"], run["config"]) == ("brisk-fox-9", "finished", {"lr": 0.1})
    assert [link["label"] for link in run["inputs"]] == ["raw:v1"]
    assert run["keys"] == [{"key": "loss", "points": 20}, {"key": "part.acc", "points": 20}]
    assert run["media"] == [{"key": "digits", "steps": [20]}]
    assert run["summary"]["loss"] == 0.05
    loss = panel.snapshot["series"][0]
    assert loss["step"] == list(range(20))
    assert loss["last"] == [1 / (step + 1) for step in range(20)]


def test_the_twin_has_the_same_facts(trained: str) -> None:
    twin = run_panel(trained).twin()
    read = read_html(twin.html)
    for said in ("brisk-fox-9", "✓ finished", "train", "raw:v1", "lr", "0.1", "loss", "part.acc", "0.05"):
        assert said in read.text
    assert any(name == "alt" and "loss ends at 0.05" in (value or "") for name, value in read.attributes)
    assert "brisk-fox-9 (finished)  train" in twin.text.splitlines()[0]
    assert len(str(twin.html)) < 30_000
    assert json.dumps(twin.payload)


def test_the_twin_of_several_runs_says_which_line_is_which(trained: str) -> None:
    with init(project=PROJECT, job_type="train", name="calm-owl-3") as run:
        run.log({"loss": 0.5})
        run.log({"loss": 0.25})
    pictures = {}
    for log in (False, True):
        read = read_html(run_panel(trained, "calm-owl-3", log=log).twin().html)
        attributes = dict(read.attributes)
        assert "loss of calm-owl-3 ends at 0.25" in (attributes["alt"] or "")
        pictures[log] = base64.b64decode((attributes["src"] or "").partition(",")[2]).decode()
        assert ">calm-owl-3</text>" in pictures[log]
        assert ">brisk-fox-9</text>" in pictures[log]
    assert "0.05 to 1, log" in pictures[True]
    assert ", log" not in pictures[False]
    assert "0 to 0.95<" in pictures[True], "no logarithm of zero"


def test_a_page_asks(trained: str, front_end: FrontEnd) -> None:
    panel = run_panel(trained)
    facts = front_end.ask(panel, "run.get", {"id": f"run:{trained}"})["result"]
    assert facts["rows"] == 21
    page = front_end.ask(panel, "series.get", {"id": f"run:{trained}", "keys": ["loss"]})["result"]
    assert [one["key"] for one in page["series"]] == ["loss"]
    pictures = front_end.ask(
        panel, "media.get", {"id": f"run:{trained}", "key": "digits", "step": 20, "buffers": False}
    )["result"]
    assert (pictures["count"], pictures["captions"]) == (3, ["digit 0", "digit 1", "digit 2"])
    assert pictures["png"].startswith("iVBOR")


def test_a_page_asks_for_a_run_that_is_not_shown(trained: str, front_end: FrontEnd) -> None:
    panel = run_panel(trained)
    error = front_end.ask(panel, "run.get", {"id": "run:another"})["error"]
    assert error["code"] == "not-found"
    assert front_end.ask(panel, "run.get", {"id": trained})["error"]["code"] == "bad-request"


def test_charts_grow_while_the_run_logs(shelf: Shelf, front_end: FrontEnd) -> None:
    del shelf
    run = init(project=PROJECT, job_type="train")
    panel = run_panel()
    assert panel.runs == [run.id]
    panel.open()
    for step in range(5):
        run.log({"loss": 5 - step})
    run._writer.flush()
    grown = front_end.messages("grown")
    assert [message["rows"] for message in grown][-1] == 5
    assert grown[-1]["series"][0]["last"][-1] == 1
    finish()


def test_runs_are_chosen_by_name_id_and_object(trained: str, shelf: Shelf) -> None:
    assert run_panel("brisk-fox-9").runs == [trained]
    assert run_panel(trained, "brisk-fox-9").runs == [trained]
    assert run_panel().runs == [trained]
    with pytest.raises(NotFoundError, match="brisk-fox-9"):
        run_panel("brisk-fox-8")
    with pytest.raises(InvalidTypeError, match="not by int"):
        run_panel(7)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(InvalidValueError, match="1 to 8 runs"):
        run_panel(*(run.id for run in shelf_runs(shelf, 9)))


def shelf_runs(shelf: Shelf, count: int) -> list[RunRecord]:
    for _ in range(count):
        init(project=PROJECT, job_type="many")
        finish()
    return list(shelf.catalog.runs.page(Query(project=PROJECT, job_type="many", limit=count)).rows)


def test_hostile_texts_stay_texts_and_the_snapshot_stays_small(shelf: Shelf) -> None:
    del shelf
    config = {f"k{i}": text for i, text in enumerate(HOSTILE)}
    with init(project=PROJECT, name="hostile", notes=HOSTILE[0], config=config) as run:
        run.log({text[:200] or "empty": 1.0 for text in HOSTILE if "\ud800" not in text})
        run.log({f"key-{i}": i for i in range(300)})
    panel = run_panel(run.id)
    assert len(json.dumps(panel.snapshot)) <= MAX_SNAPSHOT_BYTES
    read = read_html(panel.twin().html)
    assert not {"script", "svg", "button"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on")]


def test_the_twin_draws_as_the_panel_is_looked_at(trained: str) -> None:
    plain, looked = run_panel(trained), run_panel(trained, axis="time", smooth=0.5)
    first, second = drawn(str(plain.twin().html)), drawn(str(looked.twin().html))
    assert "step 0 to 19" in first
    assert "time 0.0 s to" in second
    assert "0.05 to 1, smoothed 0.50" in second
    assert first.count("<polyline") == second.count("<polyline") == 2


def test_smoothing_is_the_pages() -> None:
    assert smoothed([1.0, 3.0], 0) == [1.0, 3.0]
    assert smoothed([1.0, 3.0, 3.0], 0.5) == pytest.approx([1.0, 7 / 3, 19 / 7])


def test_a_run_in_japanese(trained: str) -> None:
    words.choose("ja")
    twin = run_panel(trained).twin()
    assert all(said in read_html(twin.html).text for said in ("✓ 完了", "開始", "設定, 1 キー", "利用"))
    assert "brisk-fox-9 (完了)" in twin.text


def drawn(html: str) -> str:
    """Return the SVG inside of a twin."""
    return base64.b64decode(html.split("data:image/svg+xml;base64,")[1].split('"', maxsplit=1)[0]).decode()
