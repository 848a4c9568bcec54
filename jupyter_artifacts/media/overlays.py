"""Classes and boxes that go beside a picture, checked before anything is logged.

The shapes are W&B's: ``boxes`` maps a group's name (``"predictions"``) to
``{"box_data": [...], "class_labels": {...}}``; a box has ``position``, either
``minX, maxX, minY, maxY`` or ``middle, width, height``, and a ``class_id``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.model.jsonable import normalise

if TYPE_CHECKING:
    from jupyter_artifacts.media.source import Source
    from jupyter_artifacts.model.jsonable import JsonValue

_CORNERS = {"minX", "maxX", "minY", "maxY"}
_CENTRED = {"middle", "width", "height"}


def check_classes(classes: object) -> JsonValue:
    """Return a list of ``{"id": int, "name": str}``, each id once."""
    classes = getattr(classes, "class_set", classes)  # a Classes
    if not isinstance(classes, (list, tuple)):
        raise InvalidTypeError(f"classes must be a list of {{'id', 'name'}}, not {type(classes).__name__}")
    plain = normalise(list(classes), "classes")
    seen: set[int] = set()
    for index, entry in enumerate(plain if isinstance(plain, list) else []):
        number = entry.get("id") if isinstance(entry, dict) else None
        name = entry.get("name") if isinstance(entry, dict) else None
        if isinstance(number, bool) or not isinstance(number, int) or not isinstance(name, str):
            raise InvalidValueError(f"classes[{index}] must have an int 'id' and a str 'name', not {entry!r}")
        if number in seen:
            raise InvalidValueError(f"classes[{index}] has the id {number} a second time")
        seen.add(number)
    return plain


def check_boxes(boxes: object) -> JsonValue:
    """Return boxes by group, each with a position and a class."""
    if not isinstance(boxes, Mapping):
        raise InvalidTypeError(f"boxes must be a dict of groups, not {type(boxes).__name__}")
    plain = normalise(boxes, "boxes")
    for name, group in plain.items() if isinstance(plain, dict) else ():
        data = group.get("box_data") if isinstance(group, dict) else None
        if not isinstance(data, list):
            raise InvalidValueError(f"boxes[{name!r}] must be a dict with a list 'box_data'")
        for index, box in enumerate(data):
            _check_box(box, f"boxes[{name!r}]['box_data'][{index}]")
    return plain


def read_classes(info: JsonValue, source: Source) -> JsonValue:
    """Return the classes beside a picture: our list, or W&B's JSON that names a file of them."""
    return source.document(info).get("class_set") if isinstance(info, dict) else info


def read_boxes(info: JsonValue, source: Source) -> JsonValue:
    """Return the boxes beside a picture: our groups, or W&B's, each of which names a file."""
    if not isinstance(info, dict):
        return info
    return {
        name: source.document(group) if isinstance(group, dict) and "path" in group else group
        for name, group in info.items()
    }


def _check_box(box: JsonValue, where: str) -> None:
    position = box.get("position") if isinstance(box, dict) else None
    if not isinstance(box, dict) or not isinstance(position, dict):
        raise InvalidValueError(f"{where} must be a dict with a 'position'")
    if set(position) not in (_CORNERS, _CENTRED):
        raise InvalidValueError(
            f"{where}['position'] must have minX, maxX, minY, maxY or middle, width, height; it has {sorted(position)}"
        )
    for key, value in position.items():
        numbers = value if key == "middle" and isinstance(value, list) else [value]
        wrong = [n for n in numbers if isinstance(n, bool) or not isinstance(n, (int, float)) or not math.isfinite(n)]
        if wrong or (key == "middle" and len(numbers) != len("xy")):
            raise InvalidValueError(f"{where}['position'][{key!r}] is {value!r}, not a finite number ('middle': two)")
    class_id = box.get("class_id")
    if isinstance(class_id, bool) or not isinstance(class_id, int):
        raise InvalidValueError(f"{where} must have an int 'class_id', not {class_id!r}")
