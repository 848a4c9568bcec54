"""What goes into a cell, and when two hold the same."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pictures

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media import Image
from jupyter_artifacts.media.plotly import Plotly
from jupyter_artifacts.media.tables.cells import clean, hashable, milliseconds, moment, same
from jupyter_artifacts.media.tables.table import Table

mpl.use("Agg")
UTC = dt.timezone.utc


@dataclasses.dataclass
class Point:
    x: int


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (np.float32(0.5), 0.5),
        (np.longdouble(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.array("a"), "a"),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array([1, None], dtype=object), [1, None]),
        (np.datetime64("2026-01-01T10:00"), dt.datetime(2026, 1, 1, 10)),  # noqa: DTZ001  numpy's have no zone
        (np.datetime64("NaT"), None),
        (np.array(["2026-01-01", "NaT"], "datetime64[D]"), [dt.datetime(2026, 1, 1), None]),  # noqa: DTZ001  idem
        (torch.tensor(2), 2),
        (torch.tensor(2.5, requires_grad=True), 2.5),
        (pd.NA, None),
        (pd.NaT, None),
        (pd.Timestamp("2026-01-01", tz="UTC"), dt.datetime(2026, 1, 1, tzinfo=UTC)),
        ((1, [2, (3,)]), [1, [2, [3]]]),
        ({1, 2}, [1, 2]),
        ({1: np.int8(2), "a": {"b": None}}, {"1": 2, "a": {"b": None}}),
        (Path("a/b"), "a/b"),
        (decimal.Decimal("1.5"), "1.5"),
        (Point(3), {"x": 3}),
    ],
)
def test_values_of_other_libraries_become_plain(value: object, kept: object) -> None:
    found = clean(value, "x")
    assert found == kept
    assert type(found) is type(kept)


def test_arrays_are_copied_and_keep_their_numbers() -> None:
    array = np.arange(3, dtype=">i4")
    found: Any = clean(array, "x")
    array[0] = 9
    assert (found.tolist(), str(found.dtype)) == ([0, 1, 2], "int32")
    assert clean(torch.ones(2, dtype=torch.bfloat16), "x").dtype == np.float32  # type: ignore[attr-defined]  # an array


def test_pictures_and_figures_become_media() -> None:
    from matplotlib.figure import Figure

    assert isinstance(clean(Pictures.new("L", (2, 2)), "x"), Image)
    assert isinstance(clean(Figure(), "x"), Image)
    graphs = pytest.importorskip("plotly.graph_objects")
    assert isinstance(clean(graphs.Figure(), "x"), Plotly)


def nested(depth: int) -> list[object]:
    inner: list[object] = []
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (b"x", InvalidTypeError, "x is bytes"),
        (object(), InvalidTypeError, "x is a builtins.object"),
        (lambda: 1, InvalidTypeError, "function"),
        (Table(["a"]), InvalidTypeError, "x is a Table, and a table cannot stand in a cell"),
        (np.array([1j]), InvalidTypeError, "an array of complex128"),
        (3j, InvalidTypeError, "complex"),
        (np.datetime64("20000-01-01"), InvalidValueError, "beyond the year 9999"),
        ([{"a": b""}], InvalidTypeError, r"x\['a'\] is bytes"),
        ({"_type": "image-file"}, InvalidValueError, "which is how media are written; rename it"),
        ({1: 1, "1": 2}, InvalidValueError, "two keys that both become '1'"),
        ({None: 1}, InvalidTypeError, "keys must be str"),
        (nested(200), InvalidValueError, "nested deeper than 100"),
        (np.ma.masked_array([1, 2], [True, False]), InvalidTypeError, "masked array"),
    ],
)
def test_what_is_refused(value: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        clean(value, "x")


def test_a_list_that_contains_itself() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(InvalidValueError, match="contains itself"):
        clean(endless, "x")


@given(value=st.datetimes(timezones=st.sampled_from([None, UTC, dt.timezone(dt.timedelta(hours=9))])))
def test_dates_are_milliseconds_and_come_back(value: dt.datetime) -> None:
    back = moment(milliseconds(value))
    assert same(value, back)
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    assert dt.timedelta(0) <= aware - back < dt.timedelta(milliseconds=1)


def test_dates_by_hand() -> None:
    assert milliseconds(dt.date(1970, 1, 2)) == 86_400_000
    assert milliseconds(dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1
    assert milliseconds(dt.datetime(1970, 1, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=9)))) == 0
    with pytest.raises(InvalidTypeError, match="is no date"):
        milliseconds("2026")
    for wrong in ("x", None, True, 1e300, float("nan")):
        with pytest.raises(InvalidValueError, match="no time in milliseconds"):
            moment(wrong)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (float("nan"), float("nan"), True),
        (1, 1.0, True),
        ([float("nan")], [float("nan")], True),
        ([1], [1, 2], False),
        ({"a": float("nan")}, {"a": float("nan")}, True),
        ({"a": 1}, {"b": 1}, False),
        (np.zeros(2), np.zeros(2), True),
        (np.array([np.nan]), np.array([np.nan]), True),
        (np.zeros(2), np.zeros(2, np.float32), False),
        (np.zeros(2), np.zeros(3), False),
        (np.zeros(2), [0, 0], False),
        (np.array(["a"]), np.array(["a"]), True),
        (dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=UTC), True),
        ("a", "b", False),
        (None, None, True),
    ],
)
def test_what_is_the_same(one: object, other: object, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal
    assert not equal or hashable(one) == hashable(other)
