"""Object3D: a cloud of points, or a model from a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.arrays import is_array, is_tensor, plain_array, to_numpy
from jupyter_artifacts.media.file_media import FileMedia
from jupyter_artifacts.media.given import Given, read_given
from jupyter_artifacts.model.jsonable import normalise

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonValue

_COLUMNS = (3, 4, 6)
_PLANE = 2
_CLOUD = ".pts.json"
_SCENES = ("lidar/beta",)


class Object3D(FileMedia):
    """Something in three dimensions to log.

    Parameters
    ----------
    data_or_path : array, tensor, dict, path or open file
        Points of shape (n, 3): x, y, z; (n, 4): and a category; (n, 6): and red,
        green, blue. A dict ``{"type": "lidar/beta", "points", "boxes", "vectors"}``.
        A file that ends as `SUPPORTED_TYPES` lists.
    caption : str, optional
    file_type : str, optional
        The ending, for an open file, which has none.
    """

    SUPPORTED_TYPES: ClassVar[frozenset[str]] = frozenset(["obj", "gltf", "glb", "babylon", "stl", "pts.json"])
    kind: ClassVar[str] = "object3D-file"
    folder: ClassVar[str] = "media/object3D"

    def __init__(self, data_or_path: object, caption: object = None, file_type: str | None = None) -> None:
        if isinstance(data_or_path, (str, os.PathLike)) or hasattr(data_or_path, "read"):
            given = read_given(data_or_path, "a 3D object")
            name = given.name if given.name and not file_type else f"given.{file_type or ''}"
            super().__init__(given.data, self.suffix_of(Given(given.data, name)), caption)
        elif isinstance(data_or_path, Mapping):
            super().__init__(_json(_scene(data_or_path)), _CLOUD, caption)
        elif is_array(data_or_path) or is_tensor(data_or_path):
            super().__init__(_json(_points(data_or_path)), _CLOUD, caption)
        else:
            raise InvalidTypeError(
                f"Object3D takes an (n, 3), (n, 4) or (n, 6) array, a dict or a file, not {type(data_or_path).__name__}"
            )

    @classmethod
    def from_numpy(cls, data: object, caption: object = None) -> Object3D:
        """Return a cloud of the points in an array."""
        return cls(data, caption)

    @classmethod
    def from_file(cls, data_or_path: object, file_type: str | None = None) -> Object3D:
        """Return the object in a file."""
        return cls(data_or_path, file_type=file_type)

    @classmethod
    def from_point_cloud(
        cls, points: object, boxes: object = (), vectors: object = (), point_cloud_type: str = "lidar/beta"
    ) -> Object3D:
        """Return a cloud of points with boxes and arrows in it."""
        return cls({"type": point_cloud_type, "points": points, "boxes": boxes, "vectors": vectors})

    @classmethod
    def suffix_of(cls, given: Given) -> str:
        """Return the end of the name, if the content can be what it says."""
        name = Path(given.name).name.lower()
        known = sorted(f".{kind}" for kind in cls.SUPPORTED_TYPES)
        suffix = next((suffix for suffix in known if name.endswith(suffix)), None)
        if suffix is None:
            raise InvalidValueError(f"{given.where!r} does not end in one of {', '.join(known)} (or give file_type)")
        if suffix == ".glb" and given.data[:4] != b"glTF":
            raise InvalidValueError(f"{given.where} is no binary glTF, whatever its name says")
        if suffix in {".gltf", ".babylon", _CLOUD}:
            try:
                json.loads(given.data)
            except (ValueError, RecursionError) as error:
                raise InvalidValueError(f"{given.where} is not JSON: {error}") from error
        if suffix == ".obj" and b"\0" in given.data:
            raise InvalidValueError(f"{given.where} is no text, so it is no .obj")
        return suffix

    @property
    def points(self) -> JsonValue:
        """The points of a cloud, or its dict; None for other files."""
        if self.suffix != _CLOUD:
            return None
        content: JsonValue = json.loads(self.data)
        return content


def _points(data: object) -> JsonValue:
    import numpy as np

    array = to_numpy(data) if is_tensor(data) else plain_array(data)
    if array.ndim != _PLANE or array.shape[1] not in _COLUMNS or array.dtype.kind not in "iuf":
        raise InvalidValueError(
            f"an array of {array.dtype} and shape {array.shape} is no cloud of points: "
            "(n, 3) is x y z, (n, 4) x y z category, (n, 6) x y z r g b"
        )
    if not np.isfinite(array).all():
        raise InvalidValueError(
            "the points hold NaN or infinity; drop those rows first (array[numpy.isfinite(array).all(1)])"
        )
    rows: JsonValue = array.tolist()
    return rows


def _scene(given: Mapping[str, object]) -> JsonValue:
    if given.get("type") not in _SCENES:
        raise InvalidValueError(
            f"the dict's 'type' must be {' or '.join(map(repr, _SCENES))}, not {given.get('type')!r}"
        )
    scene: dict[str, JsonValue] = {}
    for key, value in given.items():
        is_points = key == "points" and (is_array(value) or is_tensor(value))
        scene[str(key)] = _points(value) if is_points else normalise(value, f"Object3D {key!r}")
    return scene


def _json(content: JsonValue) -> bytes:
    try:
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()
    except ValueError as error:
        raise InvalidValueError("the points hold NaN or infinity; drop those first") from error
