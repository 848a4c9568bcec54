from __future__ import annotations

import numpy as np
import pytest

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.media import Image
from jupyter_artifacts.media.images import separated


def image(width: int = 3, caption: str | None = None, grouping: int | None = None) -> Image:
    return Image(np.zeros((2, width), np.uint8), caption=caption, grouping=grouping)


def test_the_entry_is_wandbs() -> None:
    assert separated([image(caption="a"), image(caption="b")], ["x/0.png", "x/1.png"]) == {
        "_type": "images/separated",
        "width": 3,
        "height": 2,
        "format": "png",
        "count": 2,
        "filenames": ["x/0.png", "x/1.png"],
        "captions": ["a", "b"],
    }


def test_no_caption_is_lost_when_the_first_has_none() -> None:
    assert separated([image(), image(caption="b")], ["0", "1"])["captions"] == ["", "b"]
    assert "captions" not in separated([image(), image()], ["0", "1"])


def test_sizes_groups_and_overlays_are_added_where_they_matter() -> None:
    entry = separated([image(3), image(5, grouping=2)], ["0", "1"])
    assert (entry["width"], entry["sizes"], entry["groupings"]) == (3, [[3, 2], [5, 2]], [None, 2])
    classes = [{"id": 1, "name": "cat"}]
    marked = Image(np.zeros((2, 3)), classes=classes)
    assert separated([marked, image()], ["0", "1"])["classes"] == [classes, None]


def test_an_empty_list() -> None:
    entry = separated([], [])
    assert (entry["count"], entry["filenames"]) == (0, [])


def test_names_and_images_must_match() -> None:
    with pytest.raises(InvalidValueError, match="2 images but 1 file names"):
        separated([image(), image()], ["0"])
