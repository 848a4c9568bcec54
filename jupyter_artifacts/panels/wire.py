"""What comes from the page, judged as if an attacker had sent it.

Shapes are checked against the TypedDicts of :mod:`~jupyter_artifacts.panels.protocol`,
key by key, then every number and text against a range. What passes holds ids,
numbers and short texts; nothing of it is ever a path or part of a statement.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.panels.protocol import MAX_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

MAX_ID = 2**63 - 1
MAX_OFFSET = 2**53 - 1  # what JavaScript counts exactly
MAX_HOPS = 10_000
MAX_SELECTED = 10_000
MAX_TEXT = 1000
MAX_REQUEST_ID = 100

NODE_ID = re.compile(r"(artifact:[0-9]{1,19}|run:[^\x00-\x1f\x7f]{1,128})")

_INTEGERS = {
    "id": (1, MAX_ID),
    "offset": (0, MAX_OFFSET),
    "limit": (1, MAX_LIMIT),
    "page": (0, MAX_OFFSET),
    "tile": (0, MAX_OFFSET),
    "up": (-1, MAX_HOPS),
    "down": (-1, MAX_HOPS),
    "label": (-1, MAX_OFFSET),
    "predicted": (-1, MAX_OFFSET),
    "opened": (1, MAX_ID),
    "cols": (0, 100),
}
_MAX_ZOOM = 100.0
_NODE_FIELDS = frozenset({"id", "focus", "selected"})

T = TypeVar("T")


def check(value: object, kind: type[T], what: str) -> T:
    """Return `value` as the TypedDict `kind`, or refuse it in one line.

    Parameters
    ----------
    value : object
        Decoded JSON of any shape.
    kind : type
        A TypedDict whose fields are all required.
    what : str
        Named in the refusal, for instance ``"rows.page"``.

    Raises
    ------
    InvalidValueError
        A key is missing, unknown, of another type, or out of its range.
    """
    if not isinstance(value, dict):
        raise InvalidValueError(f"{what}: expected an object, got {type(value).__name__}")
    unknown = sorted(str(key)[:40] for key in value.keys() - kind.__annotations__.keys())
    if unknown:
        raise InvalidValueError(f"{what}: no such key as {', '.join(map(repr, unknown[:5]))}")
    try:
        made = msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError as error:
        raise InvalidValueError(f"{what}: {error}") from error
    for key, item in value.items():
        _check_item(key, item, what)
    return made


def _check_item(key: str, item: object, what: str) -> None:
    if isinstance(item, str):
        _check_text(key, item, what)
    elif isinstance(item, float):
        if not math.isfinite(item) or abs(item) > _MAX_ZOOM:
            raise InvalidValueError(f"{what}: {key} must be a number up to {_MAX_ZOOM:g}")
    elif isinstance(item, int) and not isinstance(item, bool):
        low, high = _INTEGERS.get(key, (0, MAX_ID))
        if not low <= item <= high:
            raise InvalidValueError(f"{what}: {key} must be from {low} to {high}, not {str(item)[:30]}")
    elif isinstance(item, list):
        if len(item) > MAX_SELECTED:
            raise InvalidValueError(f"{what}: {key} has {len(item):,} entries; at most {MAX_SELECTED:,} are taken")
        for each in item:
            _check_item("index", each, what)


def _check_text(key: str, item: str, what: str) -> None:
    if len(item) > MAX_TEXT:
        raise InvalidValueError(f"{what}: {key} has {len(item):,} characters; at most {MAX_TEXT:,} are taken")
    if key in _NODE_FIELDS and not NODE_ID.fullmatch(item):
        raise InvalidValueError(f"{what}: {key} must be a node id such as 'artifact:7' or 'run:3fk2'")


def json_safe(value: JsonValue) -> JsonValue:
    """Return `value` with what browsers' JSON lacks as text: NaN, infinities, integers over 2**53."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, int) and abs(value) > MAX_OFFSET:
        return str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [json_safe(item) for item in value]
    if isinstance(value, dict):
        return {str(json_safe(key)): json_safe(item) for key, item in value.items()}
    return value


def bounded(
    metadata: Mapping[str, JsonValue], keys: int, text: int, *, nested: bool = False
) -> tuple[JsonObject, bool]:
    """Return at most `keys` entries, texts cut, and whether anything was left out.

    Lists and objects are left out, or with `nested` kept up to `text` characters of JSON.
    """
    kept: JsonObject = {}
    cut = False
    for key, value in metadata.items():
        too_large = isinstance(value, (dict, list)) and not (nested and len(json.dumps(value)) <= text)
        if len(kept) == keys or too_large or len(key) > text:
            cut = True
        elif isinstance(value, str) and len(value) > text:
            kept[key], cut = value[: text - 1] + "…", True
        else:
            kept[key] = value
    safe = json_safe(kept)
    return (safe if isinstance(safe, dict) else {}), cut
