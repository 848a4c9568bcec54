from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.panels import contact, image_grid
from jupyter_artifacts.panels.examples_grid import Examples
from jupyter_artifacts.panels.gallery import of_hardest, of_pictures
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES
from jupyter_artifacts.panels.twin import MAX_PNG
from tests.panels.helpers import read_html
from tests.panels.test_gallery import asked, hardest

if TYPE_CHECKING:
    from tests.panels.helpers import FrontEnd


def test_the_snapshot_has_the_first_items_and_their_tiles() -> None:
    snapshot = Examples(of_hardest(hardest())).snapshot
    assert [item["index"] for item in snapshot["page"]["items"]] == [5, 15, 25, 35]
    assert (snapshot["tile_width"], snapshot["tile_height"], snapshot["columns"]) == (28, 28, 25)
    assert base64.b64decode(snapshot["tiles"]).startswith(b"\x89PNG")
    assert (snapshot["scored"], snapshot["wrong"]) == (100, 7)


def test_tiles_that_do_not_fit_are_left_to_ask_for(front_end: FrontEnd) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (500, 64, 64, 3), np.uint8)
    panel = Examples(of_pictures(noise))
    assert panel.snapshot["tiles"] == ""
    assert len(json.dumps(panel.snapshot)) < MAX_SNAPSHOT_BYTES
    answer = front_end.ask(panel, "tiles.page", {"page": 0, "buffers": True})
    assert answer["result"] == {"page": 0, "count": 500, "columns": 25, "png": ""}
    assert front_end.buffers[-1][0].startswith(b"\x89PNG")


def test_pictures_come_as_buffers_or_as_text(front_end: FrontEnd) -> None:
    panel = Examples(of_hardest(hardest()))
    result = front_end.ask(panel, "tiles.page", {"page": 0, "buffers": False})["result"]
    assert base64.b64decode(result["png"]).startswith(b"\x89PNG")
    assert front_end.buffers[-1] == []
    detail = front_end.ask(panel, "example.get", {"tile": 1, "buffers": True})["result"]
    assert (detail["item"]["index"], detail["width"], detail["height"]) == (15, 28, 28)
    assert len(detail["probabilities"]) == 3
    assert front_end.ask(panel, "example.get", {"tile": 4, "buffers": True})["error"]["code"] == "not-found"
    assert front_end.ask(panel, "tiles.page", {"page": 1, "buffers": True})["error"]["code"] == "not-found"


def test_items_are_answered_in_order(front_end: FrontEnd) -> None:
    panel = Examples(of_hardest(hardest(6)))
    result = front_end.ask(panel, "items.page", dict(asked(wrong_only=True, limit=2)))["result"]
    assert [item["index"] for item in result["items"]] == [5, 15]
    assert result["total"] == 4
    assert front_end.ask(panel, "items.page", dict(asked(sort="size")))["error"]["code"] == "bad-request"


def test_selected_holds_places_in_the_dataset() -> None:
    panel = Examples(of_hardest(hardest()))
    panel.view = {**panel.view, "selected": [2, 0]}
    assert panel.selected == [25, 5]
    panel.selected = np.array([35, 15])
    assert panel.view["selected"] == [3, 1]
    with pytest.raises(InvalidValueError, match="36 is not among"):
        panel.selected = [36]


def test_the_twin_shows_pictures_and_says_them() -> None:
    panel = Examples(of_hardest(hardest(6, names=("zero", "one", "two"))), "Hardest of mnist-val")
    twin = panel.twin()
    read = read_html(twin.html)
    assert read.tags.count("img") == 1
    pictures = dict(read.attributes)
    assert str(pictures["src"]).startswith("data:image/png;base64,")
    assert "zero -> one, 9.00" in str(pictures["alt"])
    assert "6 of 100 pictures, 7 wrong" in read.text
    assert "Most frequent mistakes" in read.text
    assert twin.text.splitlines()[1] == "  5: zero -> one, 9.00"
    assert twin.png is not None
    assert len(twin.png) <= MAX_PNG


def test_the_twin_shows_the_present_view() -> None:
    panel = Examples(of_hardest(hardest(6)))
    panel.view = {**panel.view, "label": 0}
    text = panel.twin().text
    assert "35: " in text
    assert "15: " not in text
    panel.view = {**panel.view, "label": 77}
    assert "No picture passes the filters." in str(panel.twin().html)


@pytest.mark.parametrize(
    "shape", [(40, 28, 28), (200, 28, 28), (40, 64, 64, 3), (40, 8, 8), (3, 64, 20), (40, 300, 300, 3)]
)
def test_twins_of_any_pictures_stay_small(shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, shape, np.uint8)
    captions = [f"a caption of some length {i}" for i in range(shape[0])]
    twin = Examples(of_pictures(noise, captions)).twin()
    assert len(str(twin.html).encode()) < 34_000
    assert twin.png is not None
    assert len(twin.png) <= contact.MAX_BYTES


def test_digits_fit_forty_to_a_twin_under_thirty_kilobytes() -> None:
    strokes = np.zeros((60, 28, 28), np.uint8)
    for i in range(60):
        strokes[i, 6 : 22 - i % 5, 8 + i % 9] = 255
        strokes[i, 10 + i % 7, 6:20] = np.linspace(40, 255, 14)
    twin = Examples(of_pictures(strokes, labels=[i % 10 for i in range(60)], predictions=[1] * 60)).twin()
    assert len(str(twin.html).encode()) < 30_000
    assert "first 40 of 60 pictures" in str(twin.html)


def test_captions_that_cannot_be_drawn_are_numbers_on_the_sheet_and_text_in_the_table() -> None:
    pictures = np.zeros((2, 28, 28), np.uint8)
    twin = Examples(of_pictures(pictures, ["猫 -> 犬", "b" * 300])).twin()
    assert "猫 -> 犬" in read_html(twin.html).text


def test_image_grid_takes_what_was_found_or_pictures() -> None:
    assert image_grid(hardest(), k=2).snapshot["page"]["total"] == 2
    assert image_grid(hardest()).view["sort"] == "loss"
    plain = image_grid(np.zeros((3, 8, 8), np.uint8), ["a", "b", "c"], k=2, title="Three")
    assert (plain.view["sort"], plain.snapshot["title"], plain.snapshot["page"]["total"]) == ("index", "Three", 2)
    with pytest.raises(InvalidValueError, match="labels cannot be given"):
        image_grid(hardest(), labels=[1])


def test_the_same_pictures_give_the_same_bytes() -> None:
    first, second = (Examples(of_hardest(hardest(12))).twin() for _ in range(2))
    assert str(first.html).replace(" ", "") == str(second.html).replace(" ", "")
    assert first.png == second.png
