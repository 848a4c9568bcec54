"""Masks that go over a picture: one class number a pixel, stored as a PNG of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.arrays import is_array, is_tensor, plain_array, to_numpy
from jupyter_artifacts.media.base import HASH_LENGTH
from jupyter_artifacts.media.given import is_path
from jupyter_artifacts.media.pictures import encoded, from_pixels, open_picture, read_picture
from jupyter_artifacts.media.pixels import check_size
from jupyter_artifacts.model.jsonable import normalise_object
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image as PILImage

    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

FOLDER = "media/images/mask"
_PLANE = 2
_KEYS = {"mask_data", "path", "class_labels"}


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask as it is stored.

    Attributes
    ----------
    png : bytes
        One channel of 8 or 16 bits; the value is the class.
    labels : dict
        Class number, as text, to name; may be empty.
    """

    png: bytes
    labels: JsonObject

    @property
    def sha256(self) -> str:
        """The content's digest."""
        return hashlib.sha256(self.png).hexdigest()

    @property
    def path(self) -> str:
        """Where the PNG belongs."""
        return f"{FOLDER}/{self.sha256[:HASH_LENGTH]}.mask.png"

    def info(self) -> JsonObject:
        """Return the JSON that stands for it."""
        info: JsonObject = {"_type": "mask", "path": self.path, "sha256": self.sha256, "size": len(self.png)}
        return {**info, "class_labels": self.labels} if self.labels else info

    @classmethod
    def read(cls, info: JsonValue, source: Source) -> Mask:
        """Return the mask that :meth:`info` stands for, decoded and encoded anew."""
        if not isinstance(info, dict):
            raise InvalidValueError(f"the JSON of a mask must be an object, not {info!r:.80}")
        picture = read_picture(source.content(info), str(info.get("path")))
        return cls(_one_channel(picture, str(info.get("path"))), normalise_object(info.get("class_labels"), "labels"))


def check_masks(masks: object) -> dict[str, Mask]:
    """Return masks by name from W&B's ``{name: {"mask_data" or "path", "class_labels"}}``.

    ``mask_data`` is an array or tensor of shape (H, W) of whole numbers in 0..65535.
    """
    if not isinstance(masks, Mapping):
        raise InvalidTypeError(f"masks must be a dict of masks by name, not {type(masks).__name__}")
    found: dict[str, Mask] = {}
    for name, given in masks.items():
        where = f"masks[{name!r}]"
        if not isinstance(name, str) or not name:
            raise InvalidTypeError(f"masks has the key {name!r}; masks are named by a str")
        if not isinstance(given, Mapping) or ("mask_data" in given) == ("path" in given) or set(given) - _KEYS:
            raise InvalidValueError(f"{where} must be a dict with 'mask_data' or 'path', and perhaps 'class_labels'")
        labels = normalise_object(given.get("class_labels"), f"{where}['class_labels']")
        if "path" in given:
            if not is_path(given["path"]):
                raise InvalidTypeError(f"{where}['path'] must be a path, not {type(given['path']).__name__}")
            png = _one_channel(open_picture(Path(given["path"])), str(given["path"]))
        else:
            png = encoded(from_pixels(_classes(given["mask_data"], f"{where}['mask_data']")), "png")
        found[name] = Mask(png, labels)
    return found


def _classes(data: object, where: str) -> NDArray[Any]:
    require("numpy", "numpy", "to make masks")
    import numpy as np

    if not is_tensor(data) and not is_array(data) and not isinstance(data, list):
        raise InvalidTypeError(f"{where} must be an array or tensor of shape (H, W), not {type(data).__name__}")
    array = to_numpy(data) if is_tensor(data) else plain_array(data)
    if array.ndim != _PLANE or array.dtype.kind not in "buif":
        raise InvalidValueError(f"{where} must be numbers of shape (H, W), not {array.dtype} of {array.shape}")
    check_size(array.shape[0], array.shape[1], where)
    whole = array.astype(np.uint8) if array.dtype.kind == "b" else np.round(array)
    low, high = whole.min().item(), whole.max().item()
    limit = np.iinfo(np.uint16).max
    if not (np.asarray(whole == array).all() and low >= 0 and high <= limit):
        found = f"it goes from {array.min().item():.6g} to {array.max().item():.6g}"
        raise InvalidValueError(f"{where} must hold whole class numbers in 0..{limit:,}; {found}")
    return whole.astype(np.uint8 if high <= np.iinfo(np.uint8).max else np.uint16)


def _one_channel(picture: PILImage.Image, where: str) -> bytes:
    if picture.mode not in {"L", "I;16"}:
        raise InvalidValueError(f"{where} has mode {picture.mode}; a mask has one channel, the class number")
    return encoded(picture, "png")
