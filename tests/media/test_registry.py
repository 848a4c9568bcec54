"""Values of history to what was logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media import Image
from jupyter_artifacts.media.images import separated
from jupyter_artifacts.media.registry import INLINE, MEDIA, is_logged, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media
    from jupyter_artifacts.model.jsonable import JsonObject

BOXES = {"p": {"box_data": [{"position": {"middle": [1, 1], "width": 1, "height": 1}, "class_id": 1}]}}
pictures = st.builds(
    Image,
    hnp.arrays(np.uint8, st.sampled_from([(2, 3), (3, 2, 3), (1, 1, 4)])) | hnp.arrays(np.uint16, (2, 2)),
    caption=st.none() | st.text(min_size=1, max_size=5),
    grouping=st.none() | st.integers(0, 3),
    boxes=st.none() | st.just(BOXES),
    masks=st.none() | st.just({"m": {"mask_data": np.eye(3, dtype=int)}}),
    classes=st.none() | st.just([{"id": 1, "name": "cat"}]),
)


@given(image=pictures)
def test_one_picture(logged: Callable[[Media | Inline], object], image: Image) -> None:
    back = logged(image)
    assert back == image
    assert isinstance(back, Image)
    assert (back.grouping, back.to_file()) == (image.grouping, image.to_file())


@given(images=st.lists(pictures, max_size=4))
def test_a_list_of_pictures(images: list[Image]) -> None:
    files: dict[str, bytes] = {}
    names = []
    for index, image in enumerate(images):
        file = image.to_file()
        names.append(f"media/images/k_{index}.png")
        files |= {names[-1]: file.data, **dict(file.beside)}
    entry = separated(images, names)
    assert is_logged(entry)
    assert read(entry, files.__getitem__) == images


def test_jpegs_are_what_was_kept(logged: Callable[[Media | Inline], object]) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (9, 9, 3), dtype=np.uint8)
    image = Image(noise, file_type="jpg", caption="c")
    assert logged(image) == image
    assert Image(image).to_file() == image.to_file()
    assert not np.array_equal(np.asarray(image.image), noise)
    assert logged(Image(noise, file_type="bmp")) == Image(noise)


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"_type": "nothing"}, {"_type": None}, {"_type": []}])
def test_values_that_stand_for_nothing(value: Any) -> None:
    assert not is_logged(value)
    if isinstance(value, dict):
        with pytest.raises(InvalidValueError, match="are not read here"):
            read(value, lambda _path: b"")


def test_every_kind_is_known_by_its_name() -> None:
    assert {kind.kind for kind in MEDIA.values()} <= set(MEDIA)
    assert {kind.kind for kind in INLINE.values()} == set(INLINE)
    assert all(is_logged({"_type": name}) for name in [*MEDIA, *INLINE, "images/separated"])


@pytest.mark.parametrize(
    "info",
    [
        {"_type": "images/separated"},
        {"_type": "images/separated", "filenames": "a"},
        {"_type": "images/separated", "filenames": [3]},
        {"_type": "images/separated", "filenames": ["a"], "captions": ["a", "b"]},
        {"_type": "images/separated", "filenames": ["../a"]},
        {"_type": "audio-file", "path": "a.wav"},
        {"_type": "video-file"},
        {"_type": "html-file", "path": 3},
        {"_type": "chart-file", "path": "a"},
        {"_type": "classes", "class_set": 3},
    ],
)
def test_spoilt_json_is_an_error_of_ours(info: JsonObject) -> None:
    with pytest.raises((InvalidValueError, InvalidTypeError)):
        read(info, lambda _path: b"\xff")
