"""Plotly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.plotly import Plotly, is_plotly
from jupyter_artifacts.media.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media

mpl.use("Agg")
FIGURE = {"data": [{"type": "scatter", "x": [1, 2], "y": [3, None]}], "layout": {"title": {"text": "<b>é"}}}


def test_a_figure_as_a_dict(logged: Callable[[Media | Inline], object], added: Callable[[Media], object]) -> None:
    plot = Plotly(FIGURE)
    assert plot.figure == FIGURE
    file = plot.to_file()
    assert (file.folder, file.suffix, file.info) == ("media/plotly", ".plotly.json", {"_type": "plotly-file"})
    assert logged(plot) == plot
    assert added(plot) == plot


def test_plotlys_own_figures(logged: Callable[[Media | Inline], object]) -> None:
    graphs = pytest.importorskip("plotly.graph_objects")
    figure = graphs.Figure(data=[graphs.Bar(x=["a", "b"], y=[1, 2])])
    assert is_plotly(figure)
    plot = Plotly(figure)
    content: Any = plot.figure
    assert content["data"][0]["type"] == "bar"
    assert list(graphs.Figure(**content).data[0].y) == [1, 2]
    assert logged(plot) == plot


@pytest.mark.parametrize(
    ("val", "error", "text"),
    [
        ({"layout": {}}, InvalidValueError, "must have a list 'data'"),
        ({"data": [float("nan")]}, InvalidValueError, "NaN or infinity"),
        ({"data": [object()]}, InvalidTypeError, "the figure"),
        ("x.json", InvalidTypeError, "not str"),
    ],
)
def test_what_is_refused(val: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Plotly(val)


def test_matplotlibs_figures_are_pictures() -> None:
    from matplotlib.figure import Figure

    with pytest.raises(InvalidTypeError, match="log a matplotlib figure as an Image"):
        Plotly(Figure())


@pytest.mark.parametrize("data", [b"", b"[]", b'{"data": 1}', b"\xff"])
def test_files_that_are_no_figure(data: bytes) -> None:
    with pytest.raises(InvalidValueError):
        Plotly.read({"_type": "plotly-file", "path": "a.plotly.json"}, Source(lambda _path: data, lambda _i, _s: None))
