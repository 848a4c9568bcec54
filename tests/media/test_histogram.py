"""Histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.histogram import Histogram

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media


def test_counts_and_edges() -> None:
    histogram = Histogram([1, 2, 2, 3], num_bins=2)
    assert (histogram.histogram, histogram.bins) == ([1, 3], [1.0, 2.0, 3.0])
    assert histogram.to_json() == {"_type": "histogram", "values": [1, 3], "bins": [1.0, 2.0, 3.0]}
    assert repr(histogram) == "<Histogram 4 values in 2 bins, 1 to 3>"
    assert len(Histogram(range(10)).histogram) == 64


def test_an_empty_sequence_is_fine() -> None:
    histogram = Histogram([])
    assert sum(histogram.histogram) == 0
    assert (histogram.bins[0], histogram.bins[-1]) == (0.0, 1.0)


@pytest.mark.parametrize(
    "sequence",
    [
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        torch.tensor([1.0, 2, 3, 4], requires_grad=True),
        torch.tensor([1, 2, 3, 4], dtype=torch.bfloat16),
        (1, 2, 3, 4),
        range(1, 5),
    ],
)
def test_whatever_holds_numbers_counts_alike(sequence: object) -> None:
    assert Histogram(sequence, num_bins=4) == Histogram([1, 2, 3, 4], num_bins=4)


def test_what_is_not_finite_is_left_out_and_said() -> None:
    histogram = Histogram([1.0, float("nan"), 2.0, float("inf")], num_bins=1)
    assert (histogram.histogram, histogram.left_out) == ([2], 2)
    assert histogram.to_json()["left_out"] == 2


def test_a_histogram_that_numpy_made() -> None:
    made = np.histogram([1, 2, 3, 4], bins=3)
    histogram = Histogram(np_histogram=made)
    assert histogram.histogram == made[0].tolist()
    assert histogram.bins == made[1].tolist()
    assert Histogram(np_histogram=([0.5, 0.25], [0, 1, 2])).histogram == [0.5, 0.25]


@given(
    values=hnp.arrays(np.float64, st.integers(0, 50), elements=st.floats()),
    bins=st.integers(1, 512),
)
def test_every_value_is_counted_or_left_out_and_it_comes_back(
    logged: Callable[[Media | Inline], object], values: Any, bins: int
) -> None:
    histogram = Histogram(values, num_bins=bins)
    assert sum(histogram.histogram) + histogram.left_out == values.size
    back = logged(histogram)
    assert back == histogram
    assert isinstance(back, Histogram)
    assert back.left_out == histogram.left_out


@pytest.mark.parametrize("values", [[1e15 / 7], [1.7e308], [-1.7e308, 1.7e308], [5e-324], [np.finfo(float).max] * 2])
def test_values_that_numpy_cannot_bin(values: list[float]) -> None:
    histogram = Histogram(values, num_bins=512)
    assert sum(histogram.histogram) == len(values)
    assert histogram.bins[0] <= min(values) <= max(values) <= histogram.bins[-1]
    assert np.isfinite(histogram.bins).all()


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({}, InvalidValueError, "one of the two"),
        ({"sequence": [1], "np_histogram": ([1], [0, 1])}, InvalidValueError, "one of the two"),
        ({"sequence": [1], "num_bins": 513}, InvalidValueError, "from 1 to 512, not 513"),
        ({"sequence": [1], "num_bins": 0}, InvalidValueError, "not 0"),
        ({"sequence": [1], "num_bins": "3"}, InvalidTypeError, "num_bins must be an int, not str"),
        ({"sequence": [1], "num_bins": True}, InvalidTypeError, "not bool"),
        ({"sequence": "abc"}, InvalidTypeError, "not str"),
        ({"sequence": ["a"]}, InvalidTypeError, "counts numbers, not <U1"),
        ({"sequence": 3}, InvalidTypeError, "not int"),
        ({"np_histogram": [1, 2, 3]}, InvalidValueError, r"must be \(values, bin_edges\)"),
        ({"np_histogram": 5}, InvalidValueError, "as numpy.histogram"),
        ({"np_histogram": ([1], [0])}, InvalidValueError, "1 values need 2 bin edges, not 1"),
        ({"np_histogram": ([1] * 513, list(range(514)))}, InvalidValueError, "at most 512 bins, not 513"),
        ({"np_histogram": ([1], [1, 0])}, InvalidValueError, "must rise"),
        ({"np_histogram": (["a"], [0, 1])}, InvalidValueError, "must be finite numbers"),
        ({"np_histogram": ([1], [0, float("nan")])}, InvalidValueError, "must be finite numbers"),
        ({"np_histogram": ("a", [0, 1])}, InvalidTypeError, "must be a list or an array"),
    ],
)
def test_what_is_refused(arguments: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Histogram(**arguments)


def test_json_that_was_spoilt() -> None:
    with pytest.raises((InvalidValueError, InvalidTypeError)):
        Histogram.from_json({"_type": "histogram", "values": [1]})
