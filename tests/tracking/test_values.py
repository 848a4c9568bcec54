from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.tracking.run_media import PendingMedia
from jupyter_artifacts.tracking.values import histogram, take

if TYPE_CHECKING:
    from collections.abc import Mapping


def columns(data: Mapping[str, object]) -> Mapping[str, object]:
    return take(data, 0, PendingMedia()).columns


@given(st.dictionaries(st.text(min_size=1), st.none() | st.booleans() | st.integers() | st.text()))
def test_plain_values_pass_as_they_are(data: dict[str, object]) -> None:
    assert columns(data) == data


@pytest.mark.parametrize("mapping", [OrderedDict(a=1), MappingProxyType({"a": 1})])
def test_any_mapping_will_do(mapping: Mapping[str, object]) -> None:
    assert columns(mapping) == {"a": 1}


def test_a_str_of_another_class_is_a_key() -> None:
    class Name(str):
        __slots__ = ()

    assert [type(key) for key in columns({Name("a"): 1})] == [str]


def test_the_summary_keeps_nesting_that_history_flattens() -> None:
    logged = take({"n": {"a": {"b": 1}, "e": {}}, "x": 2}, 0, PendingMedia())
    assert logged.columns == {"n.a.b": 1, "n.e": {}, "x": 2}
    assert logged.summary == {"n": {"a": {"b": 1}, "e": {}}, "x": 2}


def test_a_cycle_is_refused_with_its_key() -> None:
    tree: dict[str, object] = {}
    tree["self"] = tree
    with pytest.raises(InvalidValueError, match=r"'tree\.self"):
        columns({"tree": tree})


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="empty key"):
        columns({"": 1})


@pytest.mark.parametrize("array", [np.array(["a", "b"]), np.array([True, False]), np.array([[1, 2], [3, 4]])])
def test_small_arrays_become_nested_lists(array: np.ndarray) -> None:
    assert columns({"a": array}) == {"a": array.tolist()}


def test_an_array_of_complex_numbers_is_refused() -> None:
    with pytest.raises(InvalidTypeError):
        columns({"a": np.array([1j, 2j])})


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_a_histogram_counts_every_finite_value(values: list[float]) -> None:
    made = histogram(np.array([*values, np.nan, np.inf]))
    counts, bins = made["values"], made["bins"]
    assert isinstance(counts, list)
    assert isinstance(bins, list)
    assert sum(int(str(count)) for count in counts) == len(values)
    assert len(bins) == len(counts) + 1
