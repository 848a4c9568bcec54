"""Objects of an artifact as files."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from jupyter_artifacts.errors import CorruptError, InvalidTypeError, InvalidValueError, UnsafePathError
from jupyter_artifacts.media import Image, bundle
from jupyter_artifacts.media.classes import Classes
from jupyter_artifacts.media.histogram import Histogram
from jupyter_artifacts.media.html import Html
from jupyter_artifacts.media.tables.table import Table


def test_a_picture_is_a_json_and_a_png() -> None:
    image = Image(np.zeros((2, 3), np.uint8), caption="c")
    (path, data), (png_path, png) = bundle.files_of(image, "folder/img")
    assert path == "folder/img.image-file.json"
    assert png_path == image.to_file().path
    assert png_path.startswith("media/images/")
    assert png == image.to_file().data
    tree = json.loads(data)
    assert (tree["_type"], tree["path"], tree["format"], tree["caption"]) == ("image-file", png_path, "png", "c")
    assert (tree["width"], tree["height"], tree["size"], len(tree["sha256"])) == (3, 2, len(png), 64)


@pytest.mark.parametrize(
    ("obj", "path"),
    [
        (Table(["a"]), "x.table.json"),
        (Html("a"), "x.html-file.json"),
        (Classes([]), "x.classes.json"),
    ],
)
def test_names_end_with_their_kind(obj: Any, path: str) -> None:
    assert bundle.files_of(obj, "x")[0][0] == path
    assert bundle.files_of(obj, path)[0][0] == path


def test_objects_are_found_by_name() -> None:
    paths = ["a.table.json", "b/c.image-file.json", "d.json", "e"]
    assert bundle.find("a", paths) == "a.table.json"
    assert bundle.find("a.table.json", paths) == "a.table.json"
    assert bundle.find("b/c", paths) == "b/c.image-file.json"
    assert [bundle.find(name, paths) for name in ("d", "d.json", "e", "f")] == [None] * 4


@pytest.mark.parametrize("obj", [3, "x", None, Histogram([1]), np.zeros((2, 2)), [Image(np.zeros((2, 2)))]])
def test_other_objects_are_a_type_error(obj: object) -> None:
    with pytest.raises(TypeError, match=r"add\(\) takes a Table, an Image or another medium"):
        bundle.files_of(obj, "x")


@pytest.mark.parametrize("name", ["../x", "/x", "a/../b", "\\x"])
def test_names_that_climb(name: str) -> None:
    with pytest.raises(UnsafePathError):
        bundle.files_of(Html("a"), name)


def test_a_file_that_is_not_the_one_that_was_added() -> None:
    image, other = Image(np.zeros((2, 2), np.uint8)), Image(np.ones((2, 2), np.uint8))
    files = dict(bundle.files_of(image, "x"))
    files[image.to_file().path] = other.to_file().data
    with pytest.raises(CorruptError, match="is not the file that was logged"):
        bundle.read("x.image-file.json", files.__getitem__)


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b'{"_type": 3}',
        b'{"_type": "histogram", "values": [1], "bins": [0, 1]}',
        b'{"_type": "images/separated", "filenames": []}',
    ],
)
def test_json_of_no_object(content: bytes) -> None:
    with pytest.raises(InvalidValueError):
        bundle.read("x", lambda _path: content)


def test_the_nearest_kind_is_named() -> None:
    with pytest.raises(InvalidValueError, match="did you mean 'table'"):
        bundle.read("x", lambda _path: b'{"_type": "tabel"}')


def test_a_picture_is_decoded_whatever_the_json_says() -> None:
    for content in (b"<svg onload=alert(1)>", b"<script>", b""):
        files = {"x": b'{"_type": "image-file", "path": "a.png", "format": "png"}', "a.png": content}
        with pytest.raises(InvalidValueError, match=r"a\.png is"):
            bundle.read("x", files.__getitem__)


def test_a_picture_as_wandb_writes_it() -> None:
    image = Image(np.zeros((2, 2), np.uint8))
    mask = Image(np.eye(2, dtype=np.uint8))
    box = {"position": {"minX": 0, "maxX": 1, "minY": 0, "maxY": 1}, "class_id": 1, "box_caption": "c", "domain": None}
    tree = {
        "_type": "image-file",
        "path": "a.png",
        "format": "png",
        "boxes": {"p": {"_type": "boxes2D", "path": "b.boxes2D.json"}},
        "masks": {"m": {"_type": "mask", "path": "m.mask.png"}},
        "classes": {"_type": "classes-file", "path": "c.classes.json", "digest": "x"},
    }
    files = {
        "i.image-file.json": json.dumps(tree).encode(),
        "a.png": image.to_file().data,
        "m.mask.png": mask.to_file().data,
        "b.boxes2D.json": json.dumps({"box_data": [box], "class_labels": {"1": "cat"}}).encode(),
        "c.classes.json": json.dumps({"_type": "classes", "class_set": [{"id": 1, "name": "cat"}]}).encode(),
    }
    back = bundle.read("i.image-file.json", files.__getitem__)
    assert back == Image(
        image,
        classes=[{"id": 1, "name": "cat"}],
        boxes={"p": {"box_data": [box], "class_labels": {1: "cat"}}},
        masks={"m": {"mask_data": np.eye(2, dtype=int)}},
    )


@pytest.mark.parametrize("change", [{"grouping": "a"}, {"masks": 3}, {"masks": {"p": 3}}, {"caption": 3}, {"boxes": 3}])
def test_spoilt_json_of_a_picture(change: dict[str, Any]) -> None:
    files = dict(bundle.files_of(Image(np.zeros((2, 2))), "x"))
    tree = {**json.loads(files["x.image-file.json"]), **change}
    files["x.image-file.json"] = json.dumps(tree).encode()
    with pytest.raises((InvalidValueError, InvalidTypeError)):
        bundle.read("x.image-file.json", files.__getitem__)
