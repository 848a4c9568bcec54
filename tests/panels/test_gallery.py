from __future__ import annotations

import io
import math
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, NotFoundError
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.panels import gallery
from jupyter_artifacts.panels.gallery import of_hardest, of_pictures
from jupyter_artifacts.tracking.hardest import HardestExamples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_artifacts.panels.gallery import Gallery
    from jupyter_artifacts.panels.protocol import ItemsParams


def hardest(k: int = 4, classes: int = 3, names: tuple[str, ...] | None = None) -> HardestExamples:
    """Return k examples; example i is class i % classes, predicted one class on, except every third."""
    labels = np.arange(k) % classes
    predictions = np.where(np.arange(k) % 3 == 2, labels, (labels + 1) % classes)
    probabilities = np.full((k, classes), 0.1, np.float32)
    probabilities[np.arange(k), predictions] = 1 - 0.1 * (classes - 1)
    return HardestExamples(
        losses=np.linspace(9, 1, k).astype(np.float32),
        indices=np.arange(k) * 10 + 5,
        labels=labels,
        predictions=predictions,
        probabilities=probabilities,
        images=np.linspace(0, 1, k * 28 * 28, dtype=np.float32).reshape(k, 1, 28, 28),
        n=100,
        wrong=7,
        mean_loss=0.5,
        confusion=np.arange(classes * classes).reshape(classes, classes),
        class_names=names,
    )


def asked(**changes: object) -> ItemsParams:
    params: dict[str, object] = {"sort": "loss", "descending": True, "wrong_only": False, "label": -1, "predicted": -1}
    params["versus"] = "any"
    return cast("ItemsParams", {**params, "offset": 0, "limit": 100, **changes})


def indices(made: Gallery, **changes: object) -> list[int]:
    return [item["index"] for item in made.page(asked(**changes))["items"]]


def test_the_hardest_are_kept_with_their_scores() -> None:
    made = of_hardest(hardest())
    assert made.tiles.shape == (4, 28, 28)
    first = made.items[0]
    assert (first["index"], first["label"], first["predicted"], first["loss"]) == (5, 0, 1, 9.0)
    assert first["caption"] == "0 -> 1, 9.00"
    assert first["confidence"] == pytest.approx(0.8)
    assert first["margin"] == pytest.approx(0.7)
    assert first["entropy"] == pytest.approx(-(0.8 * math.log(0.8) + 2 * 0.1 * math.log(0.1)), abs=1e-5)
    assert (made.scored, made.wrong) == (100, 7)
    assert made.class_names == ["0", "1", "2"]
    assert made.confusion == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert made.probabilities(0) == pytest.approx([0.1, 0.8, 0.1])


def test_orders_and_filters() -> None:
    made = of_hardest(hardest(6))
    assert indices(made) == [5, 15, 25, 35, 45, 55]
    assert indices(made, descending=False) == [55, 45, 35, 25, 15, 5]
    assert indices(made, sort="index", descending=True, limit=2) == [55, 45]
    assert indices(made, wrong_only=True) == [5, 15, 35, 45]
    assert indices(made, label=0) == [5, 35]
    assert indices(made, label=0, predicted=1) == [5, 35]
    assert indices(made, predicted=2, offset=1) == [25, 45, 55]
    assert made.page(asked(wrong_only=True, limit=1))["total"] == 4


def test_scores_that_are_no_numbers_come_last_and_are_null() -> None:
    found = hardest()
    found.losses[0] = np.nan
    found.probabilities[0] = np.nan
    made = of_hardest(found)
    item = made.items[0]
    assert item["loss"] is item["confidence"] is item["margin"] is item["entropy"] is None
    assert indices(made)[-1] == indices(made, descending=False)[-1] == 5
    assert made.probabilities(0) == [0.0, 0.0, 0.0]


def test_too_many_classes_have_no_matrix() -> None:
    made = of_hardest(hardest(4, classes=61))
    assert made.confusion == []
    assert made.class_names == []


@pytest.mark.parametrize(
    "pictures",
    [
        np.zeros((3, 8, 9), np.uint8),
        np.zeros((3, 8, 9, 3), np.uint8),
        np.zeros((3, 1, 8, 9), np.float32),
        [np.zeros((8, 9), np.uint8)] * 3,
        [Image(np.zeros((8, 9), np.uint8), caption=c) for c in "abc"],
    ],
)
def test_any_batch_of_pictures(pictures: object) -> None:
    made = of_pictures(pictures)
    assert made.tiles.shape[:3] == (3, 8, 9)
    assert [item["index"] for item in made.items] == [0, 1, 2]
    data, size = made.full(2)
    assert size == (9, 8)
    assert data.startswith(b"\x89PNG")


def test_captions_come_with_images_or_from_labels() -> None:
    images = [Image(np.zeros((8, 9), np.uint8), caption=c) for c in ("a", "b")]
    assert [item["caption"] for item in of_pictures(images).items] == ["a", "b"]
    made = of_pictures(np.zeros((2, 8, 9), np.uint8), labels=[3, 4], predictions=np.array([3, 9]))
    assert [item["caption"] for item in made.items] == ["3 -> 3", "4 -> 9"]
    assert made.wrong == 1
    assert indices(made, sort="index", wrong_only=True) == [1]


def test_large_pictures_are_small_in_the_grid_and_whole_on_demand() -> None:
    from PIL import Image as Pictures

    made = of_pictures(np.full((2, 300, 200, 3), 7, np.uint8))
    assert max(made.tiles.shape[1:3]) == 64
    data, size = made.full(1)
    assert size == (200, 300)
    with Pictures.open(io.BytesIO(data)) as picture:
        assert picture.size == (200, 300)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"captions": ["a"]}, InvalidValueError, "2 pictures but 1 captions"),
        ({"labels": [1, 2, 3]}, InvalidValueError, "3 labels"),
        ({"labels": "ab"}, InvalidTypeError, "labels must be class numbers"),
        ({"labels": [0, -1]}, InvalidTypeError, "class numbers from 0"),
        ({"predictions": [0.5, 1]}, InvalidTypeError, "predictions must be"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: dict[str, object], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        of_pictures(np.zeros((2, 8, 9), np.uint8), **arguments)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    "pictures", [np.zeros((0, 8, 8)), [], np.zeros((2, 8, 8, 5)), "x", None, np.full((2, 8, 8), 2.0)]
)
def test_what_holds_no_pictures_is_refused(pictures: object) -> None:
    with pytest.raises((InvalidValueError, InvalidTypeError)):
        of_pictures(pictures)


def test_sheets_of_asked_tiles() -> None:
    from PIL import Image as Pictures

    tiles: NDArray[np.uint8] = np.arange(30, dtype=np.uint8)[:, None, None] * np.ones((1, 4, 4), np.uint8)
    made = of_pictures(tiles)
    with Pictures.open(io.BytesIO(made.sheet([7, 29, 7]))) as picture:
        assert picture.size == (gallery.COLUMNS * 4, 4)
        assert [picture.getpixel((4 * i, 0)) for i in range(4)] == [7, 29, 7, 0]
    with pytest.raises(NotFoundError, match="no picture 30"):
        made.sheet([0, 30])


def judged(found: HardestExamples, **changes: object) -> HardestExamples:
    """Return another version's word: right on every second example, with a loss one lower."""
    predictions = np.where(np.arange(len(found)) % 2 == 0, found.labels, found.predictions)
    return replace(found, predictions=predictions, losses=found.losses - 1, **changes)  # type: ignore[arg-type]  # by name


def test_two_versions_are_joined_by_their_places() -> None:
    found = hardest(6)
    turned = judged(found)
    order = [5, 3, 0, 1, 2, 4]
    rows = ("losses", "indices", "labels", "predictions", "probabilities", "images")
    turned = replace(turned, **{name: getattr(turned, name)[order] for name in rows})
    made = gallery.compared(of_hardest(found), found, turned, ("v1", "v2"))
    assert [item["change"] for item in made.items] == [-1] * 6
    assert made.items[0]["other"] == {"predicted": 0, "loss": 8.0, "confidence": pytest.approx(0.8)}
    assert made.other(0) == pytest.approx([0.1, 0.8, 0.1])
    # Wrong are 0, 1, 3 and 4; the other has 0, 2 and 4 right, and is as the first elsewhere.
    assert indices(made, versus="fixed") == [5, 45]
    assert indices(made, versus="broken") == []
    assert indices(made, versus="differs") == [5, 45]
    back = gallery.compared(of_hardest(judged(found)), judged(found), found, ("v2", "v1"))
    assert indices(back, versus="broken") == [5, 45]
    assert indices(back, sort="change")[0] == 5


def test_what_the_other_has_not_stays_without() -> None:
    found = hardest(4)
    other = gallery.first(judged(found), 2)
    made = gallery.compared(of_hardest(found), found, other, ("v1", "v2"))
    assert [item["other"] is None for item in made.items] == [False, False, True, True]
    assert made.other(3) == []
    assert indices(made, sort="change", descending=False)[:2] == [5, 15]
    assert indices(made, versus="differs") == [5]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"indices": np.arange(4)}, "no picture in common"),
        ({"labels": np.array([2, 2, 2, 2])}, "not of one dataset"),
        ({"probabilities": np.full((4, 2), 0.5, np.float32)}, "numbers of classes: 3 and 2"),
    ],
)
def test_versions_of_different_things_are_refused(changes: dict[str, object], says: str) -> None:
    found = hardest(4)
    with pytest.raises(InvalidValueError, match=says):
        gallery.compared(of_hardest(found), found, judged(found, **changes), ("v1", "v2"))


def test_the_first_k() -> None:
    found = gallery.first(hardest(6), 2)
    assert (len(found), found.n) == (2, 100)
    assert of_hardest(found).tiles.shape[0] == 2
    assert gallery.first([1, 2, 3], np.int64(2)) == [1, 2]
    assert gallery.first(None, 2) is None
    for k in (0, -1, True, 1.5, "2"):
        with pytest.raises(InvalidValueError, match="k must be"):
            gallery.first([1], k)  # type: ignore[arg-type]  # that is the point
