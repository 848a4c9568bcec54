"""Charts of tables."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError, UnsupportedError
from jupyter_artifacts.media import bundle, plot
from jupyter_artifacts.media.charts import chart as charts
from jupyter_artifacts.media.charts.chart import Chart, Series
from jupyter_artifacts.media.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media

TABLE = Table(["step", "loss", "kind"], [[0, 1.5, "a"], [1, float("nan"), "b"], [2, 0.5, "a"]])


def test_a_line() -> None:
    chart = plot.line(TABLE, x="step", y="loss", title="T")
    assert (chart.type, chart.title, chart.x_label, chart.y_label) == ("line", "T", "step", "loss")
    assert chart.series == (Series("", (0, 1, 2), (1.5, None, 0.5)),)
    assert repr(chart) == "<Chart line 'T': 1 series, 3 points>"
    assert chart.table.columns == ["series", "step", "loss"]


def test_one_line_for_each_value_of_a_column() -> None:
    chart = plot.line(TABLE, "step", "loss", stroke="kind")
    assert [(series.name, series.x) for series in chart.series] == [("a", (0, 2)), ("b", (1,))]


def test_points_bars_and_dates() -> None:
    assert plot.scatter(TABLE, "step", "loss").type == "scatter"
    assert plot.bar(TABLE, "kind", "step").series == (Series("", ("a", "b", "a"), (0, 1, 2)),)
    dates = Table(["when", "ok"], [[dt.date(2026, 1, 1), True], [None, False]])
    assert plot.scatter(dates, "when", "ok").series == (Series("", ("2026-01-01", None), (1, 0)),)
    frame = pd.DataFrame({"kind": ["a"], "n": [3]})
    assert plot.bar(frame, "kind", "n").series == (Series("", ("a",), (3,)),)


def test_a_histogram() -> None:
    table = Table(["v"], [[value] for value in [*range(100), None, float("inf")]])
    (series,) = plot.histogram(table, "v").series
    assert (len(series.y), len(series.x)) == (10, 11)
    assert list(series.y) == [10] * 10
    assert (series.x[0], series.x[-1], series.facts) == (0, 99, (("left_out", 2),))
    assert len(plot.histogram(table, "v", num_bins=3).series[0].y) == 3
    assert len(plot.histogram(Table(["v"], [[i] for i in range(9_999)]), "v").series[0].y) == 50


@pytest.mark.parametrize(
    "xs", [[0, 1, 2], np.arange(3), torch.arange(3), [[0, 1, 2], [0, 1, 2]], np.array([[0, 1, 2], [0, 1, 2]])]
)
@pytest.mark.parametrize("ys", [[[1, 2, 3], [4, 5, 6]], np.array([[1, 2, 3], [4, 5, 6]])])
def test_several_lines(xs: Any, ys: Any) -> None:
    chart = plot.line_series(xs=xs, ys=ys, keys=["p", "q"], title="T", xname="step")
    assert chart.series == (Series("p", (0, 1, 2), (1, 2, 3)), Series("q", (0, 1, 2), (4, 5, 6)))
    assert plot.line_series(xs, ys).series[1].name == "key_1"


def test_wandbs_own_specifications() -> None:
    chart = plot.plot_table("wandb/line/v0", TABLE, {"x": "step", "y": "loss"}, {"title": "T"})
    assert chart == plot.line(TABLE, "step", "loss", title="T")
    assert plot.plot_table("wandb/histogram/v0", TABLE, {"value": "loss"}).type == "histogram"
    with pytest.raises(UnsupportedError, match="log the table itself"):
        plot.plot_table("me/my-chart", TABLE, {})
    with pytest.raises(InvalidValueError, match=r"does not have the fields \['z'\]"):
        plot.plot_table("wandb/line/v0", TABLE, {"z": "step"})


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: plot.line([[1, 2]], "a", "b"), InvalidTypeError, "made of a Table or a DataFrame, not of a list"),
        (lambda: plot.line(TABLE, "nothing", "loss"), InvalidValueError, "there is no column 'nothing'"),
        (lambda: plot.line(TABLE, "step", "kind"), InvalidTypeError, "column 'kind' holds 'a', which is no number"),
        (lambda: plot.histogram(TABLE, "kind"), InvalidTypeError, "no number"),
        (lambda: plot.histogram(TABLE, "loss", num_bins=0), InvalidValueError, "num_bins"),
        (lambda: plot.line_series([0], [[1, 2]]), InvalidValueError, "1 x for 2 y"),
        (lambda: plot.line_series([0], [[1]], keys=["a", "b"]), MisfitError, "1 lists in ys, 1 in xs and 2 keys"),
        (lambda: plot.line_series(3, [[1]]), InvalidTypeError, "xs must be a list"),  # type: ignore[arg-type]  # that is the test
        (lambda: Chart("pie", []), InvalidValueError, "a chart is one of bar"),
        (lambda: Chart("line", [Series("", (1,), (float("inf"),))]), InvalidValueError, "no place in a chart"),
        (lambda: Chart("line", [Series("", (1,), (True,))]), InvalidTypeError, "no number"),
        (lambda: Chart("line", [Series(3, (1,), (1,))]), InvalidTypeError, "named by a str"),  # type: ignore[arg-type]  # idem
    ],
)
def test_what_is_refused(call: Callable[[], object], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        call()


def test_charts_of_too_many_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "MAX_POINTS", 2)
    with pytest.raises(InvalidValueError, match=r"has 3 points \(limit 2\)"):
        plot.line(TABLE, "step", "loss")


def test_the_json_holds_the_data() -> None:
    (path, data), *others = bundle.files_of(plot.bar(TABLE, "kind", "step", title="T"), "c")
    assert (path, others) == ("c.chart.json", [])
    assert json.loads(data) == {
        "_type": "chart",
        "kind": "bar",
        "title": "T",
        "x_label": "kind",
        "y_label": "step",
        "series": [{"name": "", "x": ["a", "b", "a"], "y": [0, 1, 2]}],
    }
    info = plot.bar(TABLE, "kind", "step").to_file().info
    assert info == {"_type": "chart-file", "kind": "bar", "title": ""}


numbers = st.floats(allow_nan=False, allow_infinity=False)
points = st.lists(st.tuples(st.one_of(numbers, st.text(max_size=4), st.none()), st.none() | numbers), max_size=5)


@given(
    kind=st.sampled_from(["line", "scatter", "bar"]),
    lines=st.lists(st.tuples(st.text(max_size=4), points), max_size=3),
    title=st.text(max_size=9),
)
def test_they_go_out_and_come_back(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object], kind: str, lines: Any, title: str
) -> None:
    series = [
        Series(name, tuple(x for x, _ in line), tuple(y for _, y in line), (("auc", 0.5),)) for name, line in lines
    ]
    chart = Chart(kind, series, title)
    assert logged(chart) == chart
    assert added(chart) == chart


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "pie"},
        {"kind": 3},
        {"title": None},
        {"series": {}},
        {"series": [3]},
        {"series": [{"name": "", "x": [1], "y": []}]},
        {"series": [{"name": "", "x": [[]], "y": [1]}]},
        {"series": [{"name": "", "x": [1], "y": ["a"]}]},
        {"series": [{"name": 3, "x": [1], "y": [1]}]},
        {"series": [{"name": "", "x": [1], "y": [1], "auc": "<b>"}]},
    ],
)
def test_spoilt_json_is_an_error_of_ours(change: dict[str, Any]) -> None:
    tree = {"_type": "chart", "kind": "line", "title": "", "x_label": "", "y_label": "", "series": [], **change}
    with pytest.raises((InvalidValueError, InvalidTypeError)):
        bundle.read("c.chart.json", lambda _path: json.dumps(tree).encode())
