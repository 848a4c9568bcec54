"""The one rule from numbers to pixel values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.pixels import check_size, scale, to_uint8

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLOATS = ["float16", "float32", "float64"]


@given(array=hnp.arrays(st.sampled_from(["uint8", "uint16", ">u2"]), hnp.array_shapes(max_dims=3, max_side=5)))
def test_uint8_and_uint16_are_kept(array: NDArray[Any]) -> None:
    pixels = scale(array, "x")
    assert pixels.dtype == array.dtype.newbyteorder("=")
    assert np.array_equal(pixels, array)
    assert not np.shares_memory(pixels, array)


def test_bool_is_black_and_white() -> None:
    assert scale(np.array([True, False]), "x").tolist() == [255, 0]
    assert scale(np.array([True, True]), "x", normalize=True).tolist() == [255, 255]


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint32", "uint64"])
def test_other_integers_in_range_are_kept(dtype: str) -> None:
    assert scale(np.array([0, 1, 127], dtype=dtype), "x").tolist() == [0, 1, 127]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (np.array([-1, 3]), "x has int64 values from -1 to 3; .*normalize=True"),
        (np.array([0, 256]), "from 0 to 256"),
        (np.array([0, 2.0]), "float values from 0 to 2; floats are pixels in 0..1 or -1..1: pass normalize=True"),
        (np.array([0, 255.0]), r"astype\('uint8'\)"),
        (np.array([-1.001, 1.0]), "from -1.001 to 1"),
        (np.array([[0.5, np.nan], [np.inf, np.nan]]), r"x has NaN at \[0, 1\] \(3 of 4 values are not finite\)"),
        (np.array([np.inf]), r"x has infinity at \[0\]"),
    ],
)
def test_out_of_range_is_refused_with_what_to_do(values: NDArray[Any], text: str) -> None:
    with pytest.raises(InvalidValueError, match=text):
        scale(values, "x")


@pytest.mark.parametrize("array", [np.array([1j]), np.array(["a"]), np.array([None]), np.array(["2026"], "M8[Y]")])
def test_what_is_no_number_is_refused(array: NDArray[Any]) -> None:
    with pytest.raises(InvalidTypeError, match=r"x has dtype .*; pixels are bool, integers or floats"):
        scale(array, "x", normalize=True)


@pytest.mark.parametrize("dtype", FLOATS)
def test_floats_from_0_to_1_round_to_the_nearest_and_halves_up(dtype: str) -> None:
    values = np.array([0, 0.25, 0.5, 1 / 255, 1.4 / 255, 1.6 / 255, 1], dtype=dtype)
    assert scale(values, "x").tolist() == [0, 64, 128, 1, 1, 2, 255]


@pytest.mark.parametrize("dtype", FLOATS)
def test_floats_from_minus_1_to_1_are_shifted(dtype: str) -> None:
    assert scale(np.array([-1, -0.5, 0, 0.5, 1], dtype=dtype), "x").tolist() == [0, 64, 128, 191, 255]


@pytest.mark.parametrize("dtype", FLOATS)
def test_every_byte_survives_the_way_through_floats(dtype: str) -> None:
    bytes_ = np.arange(256)
    assert np.array_equal(scale((bytes_ / 255).astype(dtype), "x"), bytes_)
    if dtype != "float16":
        assert np.array_equal(scale((bytes_ / 127.5 - 1).astype(dtype), "x"), bytes_)


@given(
    values=hnp.arrays(
        st.sampled_from(["float32", "float64", "int16", "int64"]),
        hnp.array_shapes(max_dims=2, max_side=4),
        elements={"allow_nan": False, "allow_infinity": False},
    )
)
def test_normalize_spans_all_of_0_to_255_and_keeps_the_order(values: NDArray[Any]) -> None:
    pixels = scale(values, "x", normalize=True)
    assert pixels.dtype == np.uint8
    low, high = float(values.min()) / 2, float(values.max()) / 2
    assert (pixels.min(), pixels.max()) == ((0, 255) if low < high else (0, 0))
    order = np.argsort(values, axis=None, kind="stable")
    assert (np.diff(pixels.ravel()[order].astype(int)) >= 0).all()


def test_sixteen_bits_become_the_nearest_of_eight() -> None:
    assert to_uint8(np.array([0, 128, 129, 257, 65535], dtype="uint16")).tolist() == [0, 0, 1, 1, 255]
    assert np.array_equal(to_uint8(np.arange(256, dtype="uint16") * 257), np.arange(256))


def test_sizes() -> None:
    check_size(10_000, 10_000, "x")
    with pytest.raises(InvalidValueError, match="x has 10,000 x 10,001 pixels, more than the limit of 100,000,000"):
        check_size(10_001, 10_000, "x")
    with pytest.raises(InvalidValueError, match="x has 3 x 0 pixels: there is nothing"):
        check_size(0, 3, "x")
