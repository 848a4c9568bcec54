from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.panels import words


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (-1, "?"),
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (52_428_800, "52.4 MB"),
        (99_940, "99.9 kB"),
        (99_960, "100 kB"),
        (999_600, "1.0 MB"),
        (30 * 10**9, "30.0 GB"),
        (10**18, "1000 PB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert words.size(count) == text


@given(st.integers(0, 10**17))
def test_sizes_stay_short(count: int) -> None:
    assert len(words.size(count)) <= 8


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.4, "9.4 s"), (12.2, "12 s"), (185, "3 min 5 s"), (7800, "2 h 10 min")]
)
def test_durations(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


def test_moments_are_utc_everywhere() -> None:
    assert words.moment(1_795_269_600) == "2026-11-21 14:00 UTC"
    assert words.moment(float("nan")) == words.moment(1e300) == "?"


def test_counts() -> None:
    assert words.count(1, "file") == "1 file"
    assert words.count(1284, "version") == "1,284 versions"
    assert words.count(2, "alias", "aliases") == "2 aliases"


def test_numbers() -> None:
    assert [words.number(x) for x in (0.97144, 12, 1.25e-7, 1_199_882)] == ["0.9714", "12", "1.25e-07", "1,199,882"]


def test_long_texts_are_cut_with_a_mark() -> None:
    assert words.visible("abcdef", 4) == "abc…"
    assert words.visible("abcd", 4) == "abcd"


def test_columns_align() -> None:
    assert words.columns([("a", "1"), ("long", "23")], frozenset({1})) == ["a      1", "long  23"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.10000000149011612, "0.1"),
        (0.9696999788284302, "0.9697"),
        (0.1, "0.1"),
        (0.123456789012, "0.123456789012"),
        (3.0, "3.0"),
        (1e-07, "1e-07"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_numbers_have_the_digits_that_they_need(value: float, text: str) -> None:
    assert words.shortest(value) == text


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float32_is_told_apart_from_all_others(value: float) -> None:
    assert single(float(words.shortest(value))) == value


@given(st.floats(allow_nan=False).filter(lambda value: abs(value) > 1e38 or single(value) != value))
def test_other_doubles_keep_all_of_their_digits(value: float) -> None:
    assert float(words.shortest(value)) == value


def single(value: float) -> float:
    """Return the nearest float32."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
