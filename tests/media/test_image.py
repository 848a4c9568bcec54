"""Image: what it takes, what it refuses, what it logs."""

from __future__ import annotations

import io
import math
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image as Pictures

from jupyter_artifacts.errors import (
    InvalidTypeError,
    InvalidValueError,
    MissingFileError,
    UnsupportedError,
)
from jupyter_artifacts.media import Image, Media

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

mpl.use("Agg")


def pixels_of(image: Image) -> NDArray[Any]:
    """Read the stored file as a reader would."""
    with Pictures.open(io.BytesIO(image.to_file().data)) as picture:
        return np.asarray(picture)


def test_the_last_step_of_the_seeds_tutorial() -> None:
    examples = torch.rand(32, 1, 1, 28, 28)
    predictions, labels = torch.randint(0, 10, (32, 1, 1)), torch.randint(0, 10, (32, 1))
    images = [
        Image(hard_example, caption=str(int(pred)) + "," + str(int(label)))
        for hard_example, pred, label in zip(examples, predictions, labels, strict=True)
    ]
    assert {(image.width, image.height, image.format) for image in images} == {(28, 28, "png")}
    assert images[3].caption == f"{int(predictions[3])},{int(labels[3])}"
    expected = np.floor(examples[3, 0, 0].numpy() * 255 + 0.5)
    assert np.array_equal(pixels_of(images[3]), expected)


@given(array=hnp.arrays(np.uint8, st.sampled_from([(3, 4), (3, 4, 3), (3, 4, 4), (1, 1)])))
def test_uint8_is_kept_and_the_file_is_always_the_same(array: NDArray[np.uint8]) -> None:
    image = Image(array)
    assert np.array_equal(pixels_of(image), array)
    assert np.array_equal(np.asarray(image.image), array)
    assert image.to_file().data == Image(array.copy()).to_file().data
    assert image == Image(array.copy())
    assert hash(image) == hash(Image(array.copy()))


@given(array=hnp.arrays(np.uint16, (2, 3)))
def test_uint16_is_kept_exactly(array: NDArray[np.uint16]) -> None:
    image = Image(array)
    assert image.image.mode == "I;16"
    assert np.array_equal(pixels_of(image), array)
    assert np.array_equal(np.asarray(Image(torch.from_numpy(array)).image), array)
    assert image.to_file().data[24] == 16  # the bit depth in the PNG's header


def test_the_file_and_its_json() -> None:
    file = Image(np.zeros((2, 3, 3), np.uint8), caption="a", grouping=4).to_file()
    assert (file.folder, file.suffix) == ("media/images", ".png")
    assert file.info == {
        "_type": "image-file",
        "width": 3,
        "height": 2,
        "format": "png",
        "caption": "a",
        "grouping": 4,
    }
    assert "caption" not in Image(np.zeros((2, 3), np.uint8)).to_file().info
    assert isinstance(Image(np.zeros((2, 3))), Media)


@pytest.mark.parametrize("kind", ["png", "jpg", "jpeg", "bmp"])
def test_file_types(kind: str) -> None:
    image = Image(np.full((8, 8, 3), 100, np.uint8), file_type=kind)
    file = image.to_file()
    assert (file.suffix, file.info["format"], image.format) == (f".{kind}", kind, kind)
    with Pictures.open(io.BytesIO(file.data)) as picture:
        assert picture.format == {"jpg": "JPEG"}.get(kind, kind.upper())
    assert abs(pixels_of(image).astype(int) - 100).max() <= 1


def test_file_types_that_cannot_hold_the_pixels() -> None:
    for kind in ("jpg", "bmp"):
        with pytest.raises(InvalidValueError, match=f"file_type='{kind}' cannot hold mode RGBA .*mode='RGB'"):
            Image(np.zeros((2, 2, 4), np.uint8), file_type=kind)
        with pytest.raises(InvalidValueError, match="mode I;16"):
            Image(np.zeros((2, 2), np.uint16), file_type=kind)
        assert Image(np.zeros((2, 2, 4), np.uint8), mode="RGB", file_type=kind).image.mode == "RGB"
    with pytest.raises(InvalidValueError, match="file_type must be one of png, jpg, jpeg, bmp, not 'gif'"):
        Image(np.zeros((2, 2)), file_type="gif")


@pytest.mark.parametrize(
    "data", [object(), 3, None, [[1, 2]], [], {}, b"\x89PNG", "a\0b.png"], ids=lambda data: type(data).__name__
)
def test_objects_without_pixels(data: object) -> None:
    with pytest.raises((InvalidTypeError, InvalidValueError), match=r"holds no pixels|is not a path"):
        Image(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (np.zeros((0, 0)), r"the array of shape \(0, 0\) has 0 x 0 pixels"),
        (np.zeros(5), r"an array of shape \(5,\)"),
        (np.zeros((4, 4, 5)), "5 channels"),
        (np.full((2, 2), np.nan), r"the array of shape \(2, 2\) has NaN at \[0, 0\]"),
        (np.full((2, 2), 2.0), "normalize=True"),
        (np.full((2, 2), -1), "normalize=True"),
        (torch.full((2, 2), 2.0), r"the tensor of shape \(2, 2\) has float values"),
        (torch.full((1, 1, 2, 2), torch.nan), "NaN"),
        (np.zeros((2, 2, 3), np.uint16), "one channel only"),
    ],
)
def test_arrays_that_are_refused(data: object, text: str) -> None:
    with pytest.raises(InvalidValueError, match=text):
        Image(data)


def test_normalize() -> None:
    assert np.asarray(Image(np.array([[0.0, 5.0], [10.0, 2.5]]), normalize=True).image).tolist() == [
        [0, 128],
        [255, 64],
    ]


def test_what_has_an_array_of_its_own() -> None:
    class Lazy:
        dtype, shape = np.dtype(np.uint8), (2, 2)

        def __array__(self, dtype: object = None, copy: object = None) -> NDArray[np.uint8]:
            del dtype, copy
            return np.full((2, 2), 9, np.uint8)

    assert np.asarray(Image(Lazy()).image).tolist() == [[9, 9], [9, 9]]


def test_a_path_is_read_at_once_and_encoded_again(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    Pictures.fromarray(np.arange(12, dtype=np.uint8).reshape(3, 4)).save(path)
    images = [Image(path), Image(str(path))]
    path.unlink()
    for image in images:
        assert image.to_file().data.startswith(b"\x89PNG")
        assert pixels_of(image).ravel().tolist() == list(range(12))


def test_paths_that_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        Image(tmp_path / "gone.png")
    with pytest.raises(FileNotFoundError):
        Image("gone.png")
    for address in ("https://example.org/a.png", "s3://bucket/a.png", "file:///etc/passwd"):
        with pytest.raises(UnsupportedError, match="is an address, and nothing is fetched"):
            Image(address)


def test_another_image_keeps_what_is_not_given_anew() -> None:
    boxes = {"p": {"box_data": [{"position": {"minX": 0, "maxX": 1, "minY": 0, "maxY": 1}, "class_id": 3}]}}
    first = Image(np.zeros((2, 2, 3), np.uint8), caption="a", grouping=1, file_type="bmp", boxes=boxes)
    second = Image(first)
    assert second == first
    assert second.to_file() == first.to_file()
    assert Image(first, caption="b").caption == "b"
    assert Image(first, file_type="png").format == "png"
    assert second.image is not first.image


def test_equality_is_pixels_and_caption() -> None:
    grey = np.zeros((2, 2), np.uint8)
    assert Image(grey, caption="a") == Image(grey, caption="a", file_type="bmp", grouping=2)
    assert Image(grey, caption="a") != Image(grey, caption="b")
    assert Image(grey) != Image(grey + 1)
    assert Image(grey) != Image(grey.reshape(1, 4))
    assert Image(grey) != Image(grey, mode="RGB")
    assert Image(grey) != "image"


def test_captions() -> None:
    grey = np.zeros((2, 2), np.uint8)
    assert [Image(grey, caption=c).caption for c in (None, "", "7 → 1", 7, 0.5, np.int64(3))] == [
        None,
        "",
        "7 → 1",
        "7",
        "0.5",
        "3",
    ]
    with pytest.raises(InvalidTypeError, match="caption must be a str, not list"):
        Image(grey, caption=["a"])
    with pytest.raises(InvalidTypeError, match="grouping must be an int, not str"):
        Image(grey, grouping="a")  # type: ignore[arg-type]  # the mistake under test


def test_the_callers_data_stays_its_own() -> None:
    array = np.zeros((2, 2), np.uint8)
    picture = Pictures.fromarray(array)
    images = [Image(array), Image(picture), Image(torch.from_numpy(array))]
    array[:] = 9
    picture.putpixel((0, 0), 9)
    assert all(np.asarray(image.image).max() == 0 for image in images)


def test_figures_axes_and_pyplot() -> None:
    from matplotlib import pyplot as plt
    from matplotlib.figure import SubFigure

    with pytest.raises(InvalidValueError, match="has no open figure"):
        Image(plt)
    figure, axes = plt.subplots(figsize=(2, 1), dpi=50)
    axes.plot([1, 2])
    images = [Image(figure), Image(axes), Image(plt)]
    part = figure.subfigures(1, 1)
    assert isinstance(part, SubFigure)
    images.append(Image(part.subplots()))
    plt.close(figure)
    assert {(image.width, image.height, image.image.mode) for image in images} == {(100, 50, "RGB")}
    assert images[0] == images[1] == images[2]
    assert pixels_of(images[0]).min() < 255
    clear = plt.figure(figsize=(1, 1), dpi=20, facecolor="none")
    assert Image(clear).image.mode == "RGBA"
    plt.close(clear)


def test_boxes_and_classes_are_kept_as_json() -> None:
    classes = [{"id": np.int64(1), "name": "cat"}, {"id": 2, "name": "dog"}]
    boxes = {
        "predictions": {
            "box_data": [
                {
                    "position": {"middle": (3, 4), "width": 2, "height": 1.5},
                    "class_id": 1,
                    "scores": {"p": np.float32(0.5)},
                }
            ],
            "class_labels": {1: "cat"},
        }
    }
    image = Image(np.zeros((8, 8), np.uint8), classes=classes, boxes=boxes)
    info = image.to_file().info
    assert info["classes"] == [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
    assert info["boxes"] == {
        "predictions": {
            "box_data": [
                {"position": {"middle": [3, 4], "width": 2, "height": 1.5}, "class_id": 1, "scores": {"p": 0.5}}
            ],
            "class_labels": {"1": "cat"},
        }
    }
    assert image.overlays.keys() == {"classes", "boxes"}


def box(**changes: object) -> dict[str, object]:
    good: dict[str, object] = {"position": {"minX": 0, "maxX": 1, "minY": 0, "maxY": 1}, "class_id": 3}
    return {"p": {"box_data": [{**good, **changes}]}}


@pytest.mark.parametrize(
    ("extras", "text"),
    [
        ({"boxes": [1]}, "boxes must be a dict of groups, not list"),
        ({"boxes": {"p": [1]}}, r"boxes\['p'\] must be a dict with a list 'box_data'"),
        ({"boxes": {"p": {"box_data": [3]}}}, r"boxes\['p'\]\['box_data'\]\[0\] must be a dict with a 'position'"),
        ({"boxes": box(position={"minX": 0})}, r"it has \['minX'\]"),
        ({"boxes": box(position={"middle": [1], "width": 1, "height": 1})}, "not a finite number"),
        ({"boxes": box(position={"middle": [1, math.nan], "width": 1, "height": 1})}, "not a finite number"),
        ({"boxes": box(position={"minX": 0, "maxX": math.inf, "minY": 0, "maxY": 1})}, r"\['maxX'\] is inf"),
        (
            {"boxes": box(position={"middle": [1, 2], "width": "1", "height": 1})},
            r"\['width'\] is '1', not a finite number",
        ),
        ({"boxes": box(class_id="cat")}, "an int 'class_id', not 'cat'"),
        ({"boxes": box(scores=object())}, r"\['scores'\] is a builtins.object"),
        ({"classes": "cat"}, "classes must be a list"),
        ({"classes": [{"id": "1", "name": "a"}]}, r"classes\[0\] must have an int 'id'"),
        ({"classes": [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]}, "has the id 1 a second time"),
    ],
)
def test_overlays_that_are_refused(extras: dict[str, Any], text: str) -> None:
    with pytest.raises((InvalidTypeError, InvalidValueError, UnsupportedError), match=text):
        Image(np.zeros((2, 2)), **extras)


def test_it_shows_itself() -> None:
    image = Image(np.zeros((2, 3), np.uint16), caption="<b>")
    assert repr(image) == "<Image 3x2 I;16 png '<b>'>"
    assert image._repr_png_().startswith(b"\x89PNG")


def test_images_are_made_in_threads() -> None:
    data = np.random.default_rng(0).integers(0, 255, (20, 16, 16), dtype=np.uint8)
    made: dict[int, bytes] = {}

    def make(index: int) -> None:
        made[index] = Image(data[index]).to_file().data

    threads = [threading.Thread(target=make, args=(index,)) for index in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == {index: Image(data[index]).to_file().data for index in range(20)}


def test_the_class_imports_no_heavy_package() -> None:
    code = """
import sys
from jupyter_artifacts.media import Image
heavy = {"numpy", "torch", "PIL", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
from PIL import Image as P
Image(P.new("RGB", (2, 2))).to_file()
heavy = {"torch", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
