"""Object3D."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.object3d import Object3D

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_artifacts.media import Inline, Media


@given(
    points=st.sampled_from([3, 4, 6]).flatmap(
        lambda width: hnp.arrays(
            np.float32, st.tuples(st.integers(0, 20), st.just(width)), elements=st.floats(-1e6, 1e6, width=32)
        )
    )
)
def test_points_are_kept_exactly(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object], points: Any
) -> None:
    cloud = Object3D(points, caption="c")
    kept = np.asarray(cloud.points, dtype=np.float32).reshape(points.shape)
    assert np.array_equal(kept, points)
    assert Object3D(torch.from_numpy(points), caption="c") == cloud == Object3D.from_numpy(points, "c")
    assert logged(cloud) == cloud
    assert added(cloud) == cloud


def test_the_file_and_its_json() -> None:
    file = Object3D(np.array([[1, 2, 3]])).to_file()
    assert (file.data, file.folder, file.suffix) == (b"[[1,2,3]]", "media/object3D", ".pts.json")
    assert file.info == {"_type": "object3D-file"}


def test_a_scene_with_boxes() -> None:
    box = {"corners": np.zeros((8, 3)), "label": "car", "color": [255, 0, 0]}
    scene: Any = Object3D.from_point_cloud(np.ones((2, 3)), [box]).points
    assert scene["type"] == "lidar/beta"
    assert scene["points"] == [[1, 1, 1], [1, 1, 1]]
    assert scene["boxes"][0]["label"] == "car"
    assert len(scene["boxes"][0]["corners"]) == 8
    assert scene["vectors"] == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.obj", b"v 0 0 0\n"),
        ("a.GLB", b"glTF\2\0\0\0"),
        ("a.gltf", b'{"asset":{}}'),
        ("a.babylon", b"{}"),
        ("a.stl", b"\0" * 84),
        ("a.pts.json", b"[[0,0,0]]"),
    ],
)
def test_files_by_their_ending(
    logged: Callable[[Media | Inline], object], tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    model = Object3D.from_file(str(tmp_path / name))
    assert model.data == data
    assert name.lower().endswith(model.suffix)
    assert Object3D(io.BytesIO(data), file_type=model.suffix[1:]) == model
    assert logged(model) == model
    assert model.points == (json.loads(data) if name.endswith(".pts.json") else None)


@pytest.mark.parametrize(
    ("data", "error", "text"),
    [
        (np.zeros((3, 5)), InvalidValueError, r"\(n, 3\) is x y z, \(n, 4\) x y z category"),
        (np.zeros(3), InvalidValueError, "no cloud of points"),
        (np.zeros((2, 3), dtype=bool), InvalidValueError, "no cloud of points"),
        (np.array([[0, np.nan, 1]]), InvalidValueError, "NaN or infinity"),
        ([[0, 0, 0]], InvalidTypeError, "not list"),
        ({"points": []}, InvalidValueError, "'type' must be 'lidar/beta', not None"),
        ({"type": "lidar/beta", "points": [[float("nan")]]}, InvalidValueError, "NaN or infinity"),
        ({"type": "lidar/beta", "points": object()}, InvalidTypeError, "Object3D 'points'"),
        (io.BytesIO(b"x"), InvalidValueError, "or give file_type"),
    ],
)
def test_what_is_refused(data: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Object3D(data)


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.txt", b"", "does not end in one of .babylon"),
        ("a.glb", b"<html>", "no binary glTF"),
        ("a.gltf", b"<html>", "is not JSON"),
        ("a.pts.json", b"\xff", "is not JSON"),
        ("a.obj", b"\0\0", "no text"),
    ],
)
def test_content_that_is_not_what_the_name_says(tmp_path: Path, name: str, data: bytes, text: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidValueError, match=text):
        Object3D(tmp_path / name)
