"""Metadata and config values: what is taken, in which form it is kept, how it is written.

A value is brought to plain JSON shapes once, at the border, with the key's path
in every refusal. Text form: JSON, with a tag for what JSON cannot say exactly
(NaN, infinities, -0.0, NUL and lone surrogates in text), so that SQLite and
PostgreSQL keep the same thing and everything comes back as it went in.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import json
import math
import os
import re
import sys
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Union

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Callable

JsonValue = Union[None, bool, int, float, str, "list[JsonValue]", "dict[str, JsonValue]"]
JsonObject = dict[str, JsonValue]

MAX_DEPTH = 100
MAX_BYTES = 1 << 20
MAX_ARRAY = 10_000
_TAG = "$ja"
_ODD = re.compile("[\0\ud800-\udfff]")


def normalise(value: object, where: str) -> JsonValue:
    """Return `value` as plain JSON shapes: a deep copy that nobody else can change.

    numpy and torch scalars become numbers and arrays nested lists (up to 10,000
    elements); tuples lists and sets sorted lists; dates ISO text; Path, Decimal,
    UUID text; an Enum its value; a dataclass an object; int, bool keys text.

    Parameters
    ----------
    value : object
        What the user gave.
    where : str
        Named in errors, for instance ``"metadata"``.

    Raises
    ------
    InvalidTypeError
        No JSON shape: bytes, functions, arbitrary objects, None and tuple keys.
    InvalidValueError
        Cycles, nesting over 100 deep, arrays over 10,000 elements, colliding keys.
    """
    return _walk(value, where, 0, ())


def normalise_object(value: object, where: str) -> JsonObject:
    """Return a mapping (or JSON text of an object, or None) as a plain JSON object."""
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise InvalidTypeError(f"{where} must be a dict; this str is not JSON ({error})") from None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if not isinstance(value, Mapping):
        raise InvalidTypeError(f"{where} must be a dict, not {type(value).__name__}")
    tree = _walk(value, where, 0, ())
    if not isinstance(tree, dict):
        raise InvalidTypeError(f"{where} must be a dict, not {type(value).__name__}")
    return tree


def _walk(value: object, where: str, depth: int, above: tuple[int, ...]) -> JsonValue:
    if value is None or type(value) in {bool, int, str}:
        return value  # type: ignore[return-value]  # narrowed by type() on purpose: subclasses go below
    if depth > MAX_DEPTH:
        raise InvalidValueError(f"{where[:200]} is nested deeper than {MAX_DEPTH} levels; flatten it or log a file")
    if id(value) in above:
        raise InvalidValueError(f"{where} contains itself; break the cycle")
    inside = (*above, id(value))
    if isinstance(value, Mapping):
        return _mapping(value, where, depth, inside)
    if isinstance(value, (list, tuple)):
        return [_walk(item, f"{where}[{i}]", depth + 1, inside) for i, item in enumerate(value)]
    if isinstance(value, (set, frozenset)):
        items = [_walk(item, f"{where}{{...}}", depth + 1, inside) for item in value]
        return sorted(items, key=lambda item: (type(item).__name__, dumps(item)))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields: dict[object, object] = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return _mapping(fields, where, depth, inside)
    return _leaf(value, where, depth, inside)


def _mapping(value: Mapping[object, object], where: str, depth: int, above: tuple[int, ...]) -> JsonObject:
    tree: JsonObject = {}
    for key, item in value.items():
        name = _key(key, where)
        if name in tree:
            raise InvalidValueError(f"{where} has two keys that both become {name!r}; rename one")
        tree[name] = _walk(item, f"{where}[{name!r}]", depth + 1, above)
    return tree


def _key(key: object, where: str) -> str:
    if isinstance(key, enum.Enum):
        key = key.value
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int):
        return str(int(key))
    if not isinstance(key, str):
        raise InvalidTypeError(f"{where} has the key {key!r} of type {type(key).__name__}; keys must be str")
    if not key:
        raise InvalidValueError(f"{where} has an empty key; name it")
    return str(key)


_PLAIN: tuple[tuple[tuple[type, ...], Callable[..., JsonValue]], ...] = (
    ((bool,), bool),
    ((int,), int),
    ((float,), float),
    ((str,), str),
    ((dt.datetime, dt.date, dt.time), lambda value: str(value.isoformat())),
    ((dt.timedelta,), lambda value: float(value.total_seconds())),
    ((decimal.Decimal, uuid.UUID), str),
    ((os.PathLike,), os.fsdecode),
)


def _leaf(value: object, where: str, depth: int, above: tuple[int, ...]) -> JsonValue:
    if isinstance(value, enum.Enum):
        return _walk(value.value, where, depth + 1, above)
    for types, convert in _PLAIN:
        if isinstance(value, types):
            return convert(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise InvalidTypeError(f"{where} is {type(value).__name__}; decode it to str, or add it as a file")
    array = _array(value)
    if array is not None:
        return _walk(_to_list(array, where), where, depth, above)
    raise InvalidTypeError(
        f"{where} is a {type(value).__module__}.{type(value).__qualname__}, which JSON cannot hold; "
        "pass numbers, text, lists and dicts, or add the object to an artifact"
    )


def _array(value: object) -> object | None:
    """Return numpy and torch values, asking only modules that are loaded already."""
    for module, names in (("numpy", ("ndarray", "generic")), ("torch", ("Tensor",))):
        loaded = sys.modules.get(module)
        if loaded is not None and isinstance(value, tuple(getattr(loaded, name) for name in names)):
            return value
    return None


def _to_list(array: object, where: str) -> object:
    detach: Callable[[], object] | None = getattr(array, "detach", None)
    if detach is not None:
        array = detach()
    shape = tuple(getattr(array, "shape", ()))
    count = math.prod(shape)
    if count > MAX_ARRAY:
        raise InvalidValueError(
            f"{where} is an array of shape {shape} with {count:,} elements (limit {MAX_ARRAY:,}); log it as a file"
        )
    to_list: Callable[[], object] = getattr(array, "tolist")  # noqa: B009  an object to the type checker; numpy and torch both have it
    plain = to_list()
    if type(plain) is type(array):
        raise InvalidTypeError(f"{where} is a {type(array).__name__} with no plain Python form")
    return plain


def dumps(value: JsonValue) -> str:
    """Return the text form that is stored: compact, keys in their order, tags where JSON falls short."""
    return json.dumps(_tagged(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def loads(text: str) -> JsonValue:
    """Return the value that :func:`dumps` wrote."""
    value: JsonValue = json.loads(text, object_hook=_untag)
    return value


def loads_object(text: str) -> JsonObject:
    """Return the object that :func:`dumps` wrote."""
    value = loads(text)
    if not isinstance(value, dict):
        raise InvalidValueError(f"stored text is not a JSON object: {text[:60]!r}")
    return value


def dumps_strict(value: JsonValue) -> str:
    """Return standard JSON for other programs; NaN and infinities become text ``"NaN"``, ``"Infinity"``."""
    return json.dumps(_strict(value), ensure_ascii=True, allow_nan=False, indent=2)


def check_size(value: JsonObject, where: str) -> None:
    """Refuse more than 1 MiB of metadata, saying how much there is."""
    size = len(dumps(value).encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise InvalidValueError(f"{where} takes {size:,} bytes as JSON (limit {MAX_BYTES:,}); add it as a file instead")


def _is_plain_text(text: str) -> bool:
    return _ODD.search(text) is None


def _tagged(value: JsonValue) -> JsonValue:
    if isinstance(value, float):
        if math.isnan(value):
            return {_TAG: "nan"}
        if math.isinf(value):
            return {_TAG: "inf" if value > 0 else "-inf"}
        return {_TAG: "-0"} if value == 0 and math.copysign(1, value) < 0 else value
    if isinstance(value, str):
        return value if _is_plain_text(value) else {_TAG: "text", "utf16": [ord(c) for c in value]}
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    if isinstance(value, dict):
        if _TAG in value or not all(map(_is_plain_text, value)):
            return {_TAG: "object", "items": [[_tagged(key), _tagged(item)] for key, item in value.items()]}
        return {key: _tagged(item) for key, item in value.items()}
    return value


_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf, "-0": -0.0}


def _untag(tree: dict[str, JsonValue]) -> JsonValue:
    tag = tree.get(_TAG)
    if tag is None:
        return tree
    if isinstance(tag, str) and tag in _FLOATS:
        return _FLOATS[tag]
    codes, items = tree.get("utf16"), tree.get("items")
    if tag == "text" and isinstance(codes, list):
        return "".join(chr(c) for c in codes if isinstance(c, int))
    if tag == "object" and isinstance(items, list):
        return {str(pair[0]): pair[1] for pair in items if isinstance(pair, list)}
    raise InvalidValueError(f"stored text has an unknown tag {tag!r}; it may come from a newer version")


def _strict(value: JsonValue) -> JsonValue:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, list):
        return [_strict(item) for item in value]
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    return value
