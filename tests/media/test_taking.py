"""What becomes a medium by itself."""

from __future__ import annotations

import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pictures

from jupyter_artifacts.media import Image
from jupyter_artifacts.media.histogram import Histogram
from jupyter_artifacts.media.html import Html
from jupyter_artifacts.media.plotly import Plotly
from jupyter_artifacts.media.taking import as_media, is_media

mpl.use("Agg")


def test_media_are_themselves() -> None:
    for value in (Html("a"), Histogram([1]), Image(np.zeros((2, 2)))):
        assert as_media(value) is value
        assert is_media(value)


def test_frames_pictures_and_figures() -> None:
    from matplotlib import pyplot as plt

    frame, picture = pd.DataFrame({"a": [1]}), Pictures.new("L", (2, 2))
    assert repr(as_media(frame)) == "<Table 1 rows: a>"
    assert isinstance(as_media(picture), Image)
    assert is_media(frame)
    assert is_media(picture)
    figure, axes = plt.subplots()
    try:
        for value in (figure, axes, plt):
            assert isinstance(as_media(value), Image)
            assert is_media(value)
    finally:
        plt.close(figure)
    graphs = pytest.importorskip("plotly.graph_objects")
    assert isinstance(as_media(graphs.Figure()), Plotly)
    assert is_media(graphs.Figure())


@pytest.mark.parametrize("value", [None, 3, "x.png", [1], {"a": 1}, np.zeros((2, 2)), b"x", object()])
def test_all_else_is_none(value: object) -> None:
    assert as_media(value) is None
    assert not is_media(value)


def test_looking_imports_nothing() -> None:
    code = """
import sys
from jupyter_artifacts.media import bundle, plot, registry
from jupyter_artifacts.media.taking import as_media
assert as_media(object()) is None
heavy = {"numpy", "torch", "PIL", "matplotlib", "pandas", "plotly"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
