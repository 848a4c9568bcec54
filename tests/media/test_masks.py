"""Masks over pictures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from PIL import Image as Pictures

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media import Image, bundle
from jupyter_artifacts.media.classes import Classes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_artifacts.media import Inline, Media

CLASSES = [{"id": 0, "name": "road"}, {"id": 1, "name": "car"}]


def picture(**more: Any) -> Image:
    return Image(np.zeros((2, 3), np.uint8), **more)


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (np.array([[0, 1, 2], [3, 4, 255]]), "L"),
        (np.array([[0.0, 1.0, 2.0]]), "L"),
        (np.array([[True, False]]), "L"),
        (np.array([[0, 65535]]), "I;16"),
        (torch.tensor([[1, 2], [3, 4]]), "L"),
        ([[1, 2], [3, 4]], "L"),
    ],
)
def test_every_class_number_is_kept(data: Any, kept: str) -> None:
    mask = picture(masks={"p": {"mask_data": data}}).masks["p"]
    with Pictures.open(io.BytesIO(mask.png)) as found:
        assert found.mode == kept
        assert np.array_equal(np.asarray(found), np.asarray(data).astype(int))


def test_masks_go_out_and_come_back(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object], tmp_path: Path
) -> None:
    Pictures.fromarray(np.array([[0, 1], [1, 0]], np.uint8)).save(tmp_path / "mask.png")
    masks = {
        "predictions": {"mask_data": np.eye(3, dtype=int), "class_labels": {0: "road", 1: "car"}},
        "truth": {"path": tmp_path / "mask.png"},
    }
    image = picture(masks=masks, classes=Classes(CLASSES), caption="c")
    file = image.to_file()
    info: Any = file.info
    assert info["masks"]["predictions"]["class_labels"] == {"0": "road", "1": "car"}
    assert info["classes"] == CLASSES
    assert sorted(path for path, _ in file.beside) == sorted(mask["path"] for mask in info["masks"].values())
    assert logged(image) == image
    assert added(image) == image
    assert Image(image).masks == image.masks
    assert image != picture(classes=CLASSES, caption="c")


def test_an_artifact_wants_to_know_what_the_classes_are() -> None:
    boxes = {"p": {"box_data": [{"position": {"minX": 0, "maxX": 1, "minY": 0, "maxY": 1}, "class_id": 0}]}}
    for extra in ({"masks": {"p": {"mask_data": np.eye(2, dtype=int)}}}, {"boxes": boxes}):
        with pytest.raises(InvalidValueError, match="needs classes"):
            bundle.files_of(picture(**extra), "x")
        assert bundle.files_of(picture(**extra, classes=CLASSES), "x")


@pytest.mark.parametrize(
    ("masks", "text"),
    [
        ([1], "masks must be a dict of masks by name, not list"),
        ({3: {}}, "has the key 3; masks are named by a str"),
        ({"p": {}}, r"masks\['p'\] must be a dict with 'mask_data' or 'path'"),
        ({"p": {"mask_data": np.eye(2), "path": "x"}}, "with 'mask_data' or 'path'"),
        ({"p": {"mask_data": np.eye(2), "color": 1}}, "with 'mask_data' or 'path'"),
        ({"p": {"path": 3}}, r"\['path'\] must be a path, not int"),
        ({"p": {"mask_data": "x"}}, r"\['mask_data'\] must be an array or tensor of shape \(H, W\), not str"),
        ({"p": {"mask_data": np.zeros((2, 2, 2))}}, "must be numbers of shape"),
        ({"p": {"mask_data": np.array([["a"]])}}, "must be numbers of shape"),
        ({"p": {"mask_data": np.array([[0.5]])}}, r"whole class numbers in 0..65,535; it goes from 0.5 to 0.5"),
        ({"p": {"mask_data": np.array([[-1]])}}, "it goes from -1 to -1"),
        ({"p": {"mask_data": np.array([[65536]])}}, "whole class numbers"),
        ({"p": {"mask_data": np.array([[np.nan]])}}, "whole class numbers"),
        ({"p": {"mask_data": np.eye(2), "class_labels": [1]}}, r"\['class_labels'\] must be a dict"),
    ],
)
def test_masks_that_are_refused(masks: Any, text: str) -> None:
    with pytest.raises((InvalidTypeError, InvalidValueError), match=text):
        picture(masks=masks)


def test_a_coloured_picture_is_no_mask(tmp_path: Path) -> None:
    Pictures.new("RGB", (2, 2)).save(tmp_path / "a.png")
    with pytest.raises(InvalidValueError, match="has mode RGB; a mask has one channel"):
        picture(masks={"p": {"path": str(tmp_path / "a.png")}})
