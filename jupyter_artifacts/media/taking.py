"""What ``run.log`` takes as media, also when it does not say so itself."""

from __future__ import annotations

from jupyter_artifacts.media.base import Inline, Media
from jupyter_artifacts.media.tables.cells import AT_ONCE, drawable, is_drawable
from jupyter_artifacts.media.tables.frames import is_frame
from jupyter_artifacts.media.tables.table import Table


def is_media(value: object) -> bool:
    """Say whether :func:`as_media` returns a medium for `value`, without making one."""
    if type(value) in AT_ONCE:
        return False
    return isinstance(value, (Media, Inline)) or is_frame(value) or is_drawable(value)


def as_media(value: object) -> Media | Inline | None:
    """Return the medium that a value is, or becomes; None when it is no medium.

    A pandas DataFrame becomes a Table, a PIL picture and a matplotlib figure, axes or
    ``pyplot`` an Image, a plotly figure a Plotly. Nothing is imported to find out.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        It is one of these, but cannot be kept.
    """
    if isinstance(value, (Media, Inline)):
        return value
    if is_frame(value):
        return Table(dataframe=value)
    return drawable(value)
