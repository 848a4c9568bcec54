from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.panels import contact, image_grid
from jupyter_artifacts.panels.examples_grid import Examples
from jupyter_artifacts.panels.gallery import of_hardest, of_pictures
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES
from jupyter_artifacts.panels.twin import MAX_PAYLOAD, MAX_PNG
from tests.panels.helpers import read_html
from tests.panels.test_gallery import asked, hardest, judged

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
    answer = front_end.ask(panel, "tiles.page", {"tiles": [3, 1], "buffers": True})
    assert answer["result"] == {"columns": 25, "png": ""}
    assert front_end.buffers[-1][0].startswith(b"\xff\xd8")  # a JPEG: noise is a photograph
    for many in ([], list(range(201))):
        asked_for = {"tiles": many, "buffers": True}
        assert front_end.ask(panel, "tiles.page", asked_for)["error"]["code"] == "bad-request"


def test_pictures_come_as_buffers_or_as_text(front_end: FrontEnd) -> None:
    panel = Examples(of_hardest(hardest()))
    result = front_end.ask(panel, "tiles.page", {"tiles": [0, 1, 2, 3], "buffers": False})["result"]
    assert base64.b64decode(result["png"]).startswith(b"\x89PNG")
    assert front_end.buffers[-1] == []
    detail = front_end.ask(panel, "example.get", {"tile": 1, "buffers": True})["result"]
    assert (detail["item"]["index"], detail["width"], detail["height"]) == (15, 28, 28)
    assert len(detail["probabilities"]) == 3
    assert front_end.ask(panel, "example.get", {"tile": 4, "buffers": True})["error"]["code"] == "not-found"
    assert front_end.ask(panel, "tiles.page", {"tiles": [4], "buffers": True})["error"]["code"] == "not-found"


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


@pytest.mark.parametrize(("side", "stored"), [(8, 40), (28, 24), (64, 0)])
def test_what_is_stored_has_a_picture_for_each_item_or_leaves_it_to_the_twin(side: int, stored: int) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (60, side, side), np.uint8)
    twin = Examples(of_pictures(noise)).twin()
    if not stored:
        assert twin.payload == {}
        return
    snapshot: Any = twin.payload["snapshot"]
    assert len(snapshot["page"]["items"]) == snapshot["page"]["total"] == snapshot["shown"] == stored
    with Image.open(io.BytesIO(base64.b64decode(snapshot["tiles"]))) as sheet:
        assert sheet.size == (25 * side, -(-stored // 25) * side)
    assert len(json.dumps(twin.payload)) < MAX_PAYLOAD


def test_digits_fit_forty_to_a_twin_under_thirty_kilobytes() -> None:
    strokes = np.zeros((60, 28, 28), np.uint8)
    for i in range(60):
        strokes[i, 6 : 22 - i % 5, 8 + i % 9] = 255
        strokes[i, 10 + i % 7, 6:20] = np.linspace(40, 255, 14)
    twin = Examples(of_pictures(strokes, labels=[i % 10 for i in range(60)], predictions=[1] * 60)).twin()
    assert len(str(twin.html).encode()) < 30_000
    assert "first 40 of 60 pictures" in str(twin.html)


def test_the_sheet_has_no_ground_of_its_own_and_letters_that_read_on_any() -> None:
    pictures = np.full((3, 16, 16), 200, np.uint8)
    twin = Examples(of_pictures(pictures, labels=[0, 1, 2], predictions=[0, 1, 1])).twin()
    with Image.open(io.BytesIO(twin.png or b"")) as sheet:
        painted = np.asarray(sheet.convert("RGBA"))
    assert painted[0, 0, 3] == 0
    solid = painted[painted[..., 3] == 255][:, :3]
    letters = {tuple(int(value) for value in colour) for colour in solid} - {(200, 200, 200)}
    assert len(letters) == 2
    for colour in letters:
        for page in ((255, 255, 255), (17, 17, 17)):
            lighter, darker = sorted(map(_luminance, (colour, page)), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) > 4


def _luminance(colour: tuple[int, ...]) -> float:
    parts = [value / 255 for value in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


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


def test_ten_thousand_pictures_are_first_seen_in_a_hundred_kilobytes(front_end: FrontEnd) -> None:
    rng = np.random.default_rng(1)
    ink = (rng.random((10_000, 28, 28)) ** 4 * 255).astype(np.uint8) * (rng.random((10_000, 28, 28)) > 0.8)
    digits = Examples(of_pictures(ink))
    assert digits.snapshot["shown"] >= 48  # a page's first rows, with no question asked
    assert len(json.dumps(digits.snapshot)) < 65_536
    smooth = rng.integers(0, 255, (48, 4, 4, 3), np.uint8).repeat(16, axis=1).repeat(16, axis=2)
    photographs = Examples(of_pictures(np.concatenate([smooth] * 10)))
    front_end.ask(photographs, "tiles.page", {"tiles": list(range(60)), "buffers": True})
    assert len(json.dumps(photographs.snapshot)) + len(front_end.buffers[-1][0]) < 100_000


def test_columns_are_chosen_and_settable() -> None:
    grid = image_grid(np.zeros((9, 8, 8), np.uint8), cols=3)
    assert (grid.cols, grid.view["cols"]) == (3, 3)
    grid.cols = 0
    assert grid.view["cols"] == 0
    for cols in (-1, 101, 2.5, True):
        with pytest.raises(InvalidValueError, match="cols must be"):
            image_grid(np.zeros((9, 8, 8), np.uint8), cols=cols)  # type: ignore[arg-type]  # that is the point


def test_two_versions_stand_side_by_side() -> None:
    found = hardest(4)
    grid = image_grid(found, compare=judged(found), versions=("v3", "v4"))
    assert grid.snapshot["versions"] == ["v3", "v4"]
    text = read_html(grid.twin().html).text
    assert "Predicted (v3)" in text
    assert "Loss (v4)" in text
    with pytest.raises(InvalidValueError, match="plain pictures"):
        image_grid(np.zeros((2, 8, 8)), compare=found)


def test_another_model_is_asked_about_the_same_pictures() -> None:
    import torch

    found = hardest(6)

    def first_class(inputs: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(len(inputs), 3)
        logits[:, 0] = 4
        return logits

    grid = image_grid(found, compare=first_class)
    verdicts = [item["other"] for item in grid.snapshot["page"]["items"]]
    assert [verdict["predicted"] for verdict in verdicts] == [0] * 6
    wrong = [verdict["loss"] > 1 for verdict in verdicts]
    assert wrong == [label != 0 for label in found.labels.tolist()]


def test_the_same_pictures_give_the_same_bytes() -> None:
    first, second = (Examples(of_hardest(hardest(12))).twin() for _ in range(2))
    assert str(first.html).replace(" ", "") == str(second.html).replace(" ", "")
    assert first.png == second.png


def test_pictures_that_nothing_judged_have_no_scores() -> None:
    tiles = np.zeros((4, 8, 8), np.uint8)
    plain = Examples(of_pictures(tiles))
    judged = Examples(of_pictures(tiles, labels=[0, 1, 2, 3], predictions=[0, 1, 1, 1]))
    assert [panel.snapshot["scored"] for panel in (plain, judged)] == [0, 4]
    assert "4 of 4 pictures" in str(plain.twin().html)
