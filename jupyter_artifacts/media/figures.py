"""matplotlib figures as pictures."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL import Image


def find_figure(data: object) -> Figure | None:
    """Return the figure that `data` is, or is on, or is the current one of ``pyplot``; else None."""
    module = sys.modules.get("matplotlib.figure")
    if module is None:
        return None
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if isinstance(data, Figure):
        return data
    if isinstance(data, Axes):
        above: object = data.figure
        while above is not None and not isinstance(above, Figure):  # a subfigure
            above = getattr(above, "figure", None)
        return above
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and data is pyplot:
        from matplotlib import pyplot as plt

        if not plt.get_fignums():
            raise InvalidValueError("matplotlib.pyplot has no open figure; draw first, or pass the figure itself")
        return plt.gcf()
    return None


def drawn(figure: Figure) -> Image.Image:
    """Draw a figure at its own size and dpi; RGB when it is opaque."""
    from PIL import Image

    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    out.seek(0)
    picture = Image.open(out, formats=["PNG"]).convert("RGBA")
    lowest, _ = picture.getchannel("A").getextrema()
    return picture.convert("RGB") if lowest == 255 else picture  # noqa: PLR2004  opaque
