"""Metadata and config values: what is taken, and that it comes back as it went in."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import json
import math
import struct
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.model import jsonable
from jupyter_artifacts.model.jsonable import dumps, loads, normalise, normalise_object

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonValue

TREES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=4), inner, max_size=4),
    max_leaves=12,
)


def same(a: JsonValue, b: JsonValue) -> bool:
    """Equality that tells NaN, the sign of zero and int from float."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float) and isinstance(b, float):
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return a == b


@given(TREES)
def test_everything_json_like_comes_back_exactly(tree: JsonValue) -> None:
    kept = normalise(tree, "metadata")
    text = dumps(kept)
    assert same(loads(text), tree)
    assert "\\u0000" not in text
    text.encode("utf-8")
    json.loads(text, parse_constant=lambda name: pytest.fail(f"not standard JSON: {name}"))


@pytest.mark.parametrize("key", ["$ja", "a\0b", "\ud800"])
def test_keys_that_look_like_our_tags(key: str) -> None:
    tree: JsonValue = {key: {"$ja": "nan"}, "b": [math.nan]}
    assert same(loads(dumps(tree)), tree)


class Colour(enum.Enum):
    RED = "red"


@dataclass
class Hyper:
    lr: float
    layers: tuple[int, ...]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.arange(3), [0, 1, 2]),
        (torch.tensor(2.5), 2.5),
        (torch.tensor([[1, 2]], dtype=torch.int32), [[1, 2]]),
        (torch.nn.Parameter(torch.ones(2)), [1.0, 1.0]),
        ((1, (2,)), [1, [2]]),
        ({3, 1, 2}, [1, 2, 3]),
        (dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.timezone.utc), "2024-01-02T03:04:05+00:00"),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.timedelta(minutes=1), 60.0),
        (Path("/a/b"), "/a/b"),
        (decimal.Decimal("1.10"), "1.10"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "red"),
        (Hyper(0.1, (1, 2)), {"lr": 0.1, "layers": [1, 2]}),
        (2**70, 2**70),
        (10**400, 10**400),
    ],
)
def test_documented_forms(value: object, kept: JsonValue) -> None:
    got = normalise(value, "metadata")
    assert same(got, kept)
    assert same(loads(dumps(got)), kept)


def test_refusals_name_the_path() -> None:
    cycle: dict[str, object] = {}
    cycle["self"] = cycle
    deep: dict[str, object] = {}
    for _ in range(5000):
        deep = {"k": deep}
    cases: list[tuple[object, type[Exception], str]] = [
        ({"a": {"b": b"\x00"}}, InvalidTypeError, r"metadata\['a'\]\['b'\] is bytes"),
        ({"a": [1, object()]}, InvalidTypeError, r"metadata\['a'\]\[1\] is a builtins\.object"),
        ({"f": len}, InvalidTypeError, "builtin_function_or_method"),
        ({None: 1}, InvalidTypeError, "key None"),
        ({(1, 2): 1}, InvalidTypeError, "key"),
        ({"": 1}, InvalidValueError, "empty key"),
        ({1: "a", "1": "b"}, InvalidValueError, "two keys"),
        (cycle, InvalidValueError, r"metadata\['self'\] contains itself"),
        (deep, InvalidValueError, "deeper than 100"),
        ({"x": np.zeros(10_001)}, InvalidValueError, "10,001 elements"),
        ({"x": np.array([object()])}, InvalidTypeError, "builtins.object"),
    ]
    for value, error, text in cases:
        with pytest.raises(error, match=text):
            normalise(value, "metadata")


def test_nesting_of_100_is_fine() -> None:
    deep: object = 1
    for _ in range(100):
        deep = {"k": deep}
    assert normalise(deep, "metadata") == deep


def test_the_same_object_twice_is_no_cycle() -> None:
    shared = [1]
    assert normalise({"a": shared, "b": shared}, "m") == {"a": [1], "b": [1]}


def test_int_and_bool_keys_become_text() -> None:
    assert normalise({1: "a", False: "b"}, "m") == {"1": "a", "false": "b"}


def test_a_copy_is_taken() -> None:
    mine = {"a": [1]}
    kept = normalise_object(mine, "metadata")
    mine["a"].append(2)
    assert kept == {"a": [1]}


def test_objects_from_text_and_none() -> None:
    assert normalise_object(None, "m") == {}
    assert normalise_object("", "m") == {}
    assert normalise_object('{"a": 1}', "m") == {"a": 1}
    for bad in ("abc", "[1]", [1], 3):
        with pytest.raises(InvalidTypeError):
            normalise_object(bad, "metadata")


def test_size_is_limited_and_said() -> None:
    jsonable.check_size({"x": "y" * 1000}, "metadata")
    with pytest.raises(InvalidValueError, match=r"10,000,0\d\d bytes"):
        jsonable.check_size({"x": "y" * 10_000_000}, "metadata")


def test_strict_json_for_others() -> None:
    text = jsonable.dumps_strict({"a": math.nan, "b": [math.inf, -math.inf]})
    assert json.loads(text) == {"a": "NaN", "b": ["Infinity", "-Infinity"]}


def test_an_unknown_tag_is_said() -> None:
    with pytest.raises(InvalidValueError, match="unknown tag"):
        loads('{"$ja":"from-the-future"}')
