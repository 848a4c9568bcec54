"""Trees of JSON values as ``.json``.

Stricter than metadata: nothing becomes text on the way, so what is read back is
what was saved, except that tuples come back as lists, numpy scalars as numbers,
and dicts with their keys sorted (two equal dicts are one content).
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.handlers.base import full_name, is_loaded_instance
from jupyter_artifacts.handlers.files import landing, plain_file, unreadable
from jupyter_artifacts.model.jsonable import MAX_DEPTH, dumps, loads

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.model.jsonable import JsonValue

# CPython refuses to write or read an int of more than 4,300 decimal digits.
_MAX_INT_BITS = 14_000
# Up to this size the file is indented for people; above, compact for machines.
_INDENTED = 1 << 16


class JsonHandler:
    """dict with str keys, list, str, numbers, bool, None; NaN and infinities exactly."""

    name = "json"
    suffix = ".json"

    def claims(self, obj: object) -> bool:
        """Take every dict, list and tuple, so that the refusal can name the part that does not fit."""
        if isinstance(obj, enum.Enum):
            return False
        builtin = obj is None or isinstance(obj, (bool, int, float, list, tuple, Mapping))
        return builtin or is_loaded_instance(obj, "numpy", "number", "bool")

    def dump(self, obj: object, path: Path) -> None:
        """Write the tree, or raise naming the part that JSON cannot hold."""
        text = dumps(_plain(obj, "the object", 0, ()))
        if len(text) <= _INDENTED:
            text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
        with landing(path) as part:
            part.write_bytes(text.encode() + b"\n")

    def load(self, path: Path) -> JsonValue:
        """Read the tree."""
        try:
            return loads(plain_file(path).read_bytes().decode())
        except (ValueError, RecursionError) as error:
            raise unreadable(path, "JSON", error) from error


def _plain(value: object, where: str, depth: int, above: tuple[int, ...]) -> JsonValue:
    if depth > MAX_DEPTH:
        raise InvalidValueError(f"{where[:200]} is nested deeper than {MAX_DEPTH} levels")
    if id(value) in above:
        raise InvalidValueError(f"{where} contains itself; break the cycle")
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise InvalidTypeError(f"{where} has the key {key!r} of type {full_name(key)}; keys must be str")
        inside = (*above, id(value))
        return {str(key): _plain(value[key], f"{where}[{key!r}]", depth + 1, inside) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        inside = (*above, id(value))
        return [_plain(item, f"{where}[{i}]", depth + 1, inside) for i, item in enumerate(value)]
    return _leaf(value, where)


def _leaf(value: object, where: str) -> JsonValue:
    if is_loaded_instance(value, "numpy", "number", "bool"):
        value = value.item()  # type: ignore[attr-defined]  # is_loaded_instance has seen a numpy scalar
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        raise InvalidTypeError(f"{where} is {value!r}; save its .value or .name")
    if isinstance(value, int):
        if value.bit_length() > _MAX_INT_BITS:
            raise InvalidValueError(f"{where} is an int of {value.bit_length():,} bits; save it as text")
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str(value)
    raise InvalidTypeError(
        f"{where} is of type {full_name(value)}, which JSON cannot hold. Save it under a name of its own "
        "(arrays and tensors have handlers), or register_handler() one for the whole"
    )
