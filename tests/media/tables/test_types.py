"""The algebra of cell types."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError
from jupyter_artifacts.media import Image
from jupyter_artifacts.media.audio import Audio
from jupyter_artifacts.media.histogram import Histogram
from jupyter_artifacts.media.tables.type_json import from_json, to_json
from jupyter_artifacts.media.tables.type_names import given_type
from jupyter_artifacts.media.tables.types import ANY, MAX_FIELDS, NOTHING, UNKNOWN, CellType, joined, type_of

plain = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes())
cells = st.recursive(
    plain,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)


@given(one=cells, other=cells)
def test_a_join_takes_both_and_the_order_does_not_matter(one: object, other: object) -> None:
    both, turned = joined(type_of(one), type_of(other)), joined(type_of(other), type_of(one))
    assert (both is None) == (turned is None)
    if both is not None and turned is not None:
        assert to_json(both) == to_json(turned)
        for cell in (one, other):
            again = joined(both, type_of(cell))
            assert again is not None
            assert to_json(again) == to_json(both), "what it takes already does not change it"


@given(cell=cells)
def test_a_type_goes_into_json_and_comes_back(cell: object) -> None:
    kind = type_of(cell)
    assert to_json(from_json(to_json(kind))) == to_json(kind)


@pytest.mark.parametrize(
    ("kind", "tree"),
    [
        (CellType("number"), {"wb_type": "number"}),
        (
            CellType("string", optional=True),
            {"wb_type": "union", "params": {"allowed_types": [{"wb_type": "none"}, {"wb_type": "string"}]}},
        ),
        (
            type_of([1]),
            {"wb_type": "list", "params": {"element_type": {"wb_type": "number"}}},
        ),
        (
            type_of({"a": True}),
            {"wb_type": "typedDict", "params": {"type_map": {"a": {"wb_type": "boolean"}}}},
        ),
        (
            type_of(np.zeros((2, 3), np.float32)),
            {"wb_type": "ndarray", "params": {"shape": [2, 3], "dtype": "float32"}},
        ),
        (type_of(Image(np.zeros((2, 2)))), {"wb_type": "image-file"}),
        (type_of(Histogram([1])), {"wb_type": "histogram"}),
        (type_of(dt.date(2026, 1, 1)), {"wb_type": "timestamp"}),
        (ANY, {"wb_type": "any"}),
        (NOTHING, {"wb_type": "none"}),
    ],
)
def test_the_json_is_wandbs(kind: CellType, tree: Any) -> None:
    assert to_json(kind) == tree
    assert from_json(tree) == kind


@pytest.mark.parametrize(
    "tree",
    [
        None,
        3,
        {},
        {"wb_type": 3},
        {"wb_type": "pythonObject", "params": {"class_name": "X"}},
        {"wb_type": "union", "params": {"allowed_types": [{"wb_type": "number"}, {"wb_type": "string"}]}},
        {"wb_type": "union"},
    ],
)
def test_what_is_not_known_may_be_anything(tree: Any) -> None:
    assert from_json(tree) == ANY


def test_deep_json_ends() -> None:
    tree: Any = {"wb_type": "number"}
    for _ in range(5_000):
        tree = {"wb_type": "list", "params": {"element_type": tree}}
    assert from_json(tree).name == "list"


def test_dicts_may_lack_keys_but_not_change_types() -> None:
    both = joined(type_of({"a": 1}), type_of({"b": "x"}))
    assert both is not None
    assert {key: str(field) for key, field in both.fields} == {"a": "number or None", "b": "string or None"}
    assert joined(type_of({"a": 1}), type_of({"a": "x"})) is None


def test_dicts_of_very_many_keys_are_not_compared() -> None:
    many = {str(index): 1 for index in range(MAX_FIELDS)}
    assert joined(type_of(many), type_of({"other": 1})) == ANY


def test_arrays_of_several_shapes_are_arrays() -> None:
    both = joined(type_of(np.zeros(2)), type_of(np.zeros(3, np.float32)))
    assert both == CellType("ndarray", dtype="", shape=None)


def test_lists_of_several_types_hold_anything() -> None:
    assert type_of([1, "a"]).element == ANY
    assert type_of([]).element == UNKNOWN


@pytest.mark.parametrize(
    ("dtype", "text"),
    [
        (int, "number"),
        (float, "number"),
        (np.float32, "number"),
        (np.uint8, "number"),
        (str, "string"),
        (np.str_, "string"),
        (bool, "boolean"),
        (np.bool_, "boolean"),
        (dt.datetime, "timestamp"),
        (np.datetime64, "timestamp"),
        (np.ndarray, "ndarray"),
        ([int], "list of number"),
        (list, "list"),
        (dict, "typedDict"),
        ({"a": int}, "typedDict"),
        (Image, "image-file"),
        (Audio, "audio-file"),
        (Histogram, "histogram"),
        ("number", "number"),
        (object, "any or None"),
        (None, "unknown"),
        (CellType("string"), "string"),
    ],
)
def test_types_that_users_name(dtype: object, text: str) -> None:
    assert str(given_type(dtype)) == text


@pytest.mark.parametrize("dtype", [3, "complex", bytes, [int, str], type, np.complex128, np.void])
def test_types_that_are_none(dtype: object) -> None:
    if dtype is np.complex128:
        assert str(given_type(dtype)) == "number", "numpy calls it a number; the cells will be refused"
        return
    with pytest.raises(InvalidTypeError, match="is no type of a column"):
        given_type(dtype)


def test_objects_have_no_type() -> None:
    with pytest.raises(InvalidTypeError, match="a cell cannot hold a object"):
        type_of(object())
