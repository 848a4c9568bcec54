"""Metadata, config and metrics that differ, key by key."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jupyter_artifacts.model.jsonable import dumps
from jupyter_artifacts.panels.protocol import DiffKey
from jupyter_artifacts.panels.twin import value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.panels.protocol import DiffWhere

TEXT = 200
_DEEP = 8


def differing(where: DiffWhere, before: JsonObject, after: JsonObject) -> list[DiffKey]:
    """Return the keys whose values differ, in the order of the side before; objects are followed inwards."""
    here, there = dict(_leaves(before, "", 0)), dict(_leaves(after, "", 0))
    keys = [*here, *(key for key in there if key not in here)]
    return [_key(where, key, here, there) for key in keys if not _same(key, here, there)]


def _leaves(tree: JsonObject, prefix: str, depth: int) -> Iterator[tuple[str, JsonValue]]:
    for key, value in tree.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict) and value and depth < _DEEP:
            yield from _leaves(value, path, depth + 1)
        else:
            yield path, value


def _same(key: str, here: JsonObject, there: JsonObject) -> bool:
    # Compared as they are stored: 1, 1.0 and true differ, and NaN equals itself.
    return key in here and key in there and dumps(here[key]) == dumps(there[key])


def _key(where: DiffWhere, key: str, here: JsonObject, there: JsonObject) -> DiffKey:
    sides = [value_text(side[key], TEXT) if key in side else None for side in (here, there)]
    return DiffKey(where=where, key=key[:TEXT], before=sides[0], after=sides[1], delta=_delta(here, there, key))


def _delta(here: JsonObject, there: JsonObject, key: str) -> float | None:
    before, after = here.get(key), there.get(key)
    if isinstance(before, bool) or isinstance(after, bool):
        return None
    if not isinstance(before, (int, float)) or not isinstance(after, (int, float)):
        return None
    try:
        delta = float(after - before)
    except OverflowError:
        return None
    return delta if math.isfinite(delta) else None
