"""Which class reads which JSON: the ``_type`` of a logged value to the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError, nearest
from jupyter_artifacts.media.audio import Audio
from jupyter_artifacts.media.charts.chart import Chart
from jupyter_artifacts.media.classes import Classes
from jupyter_artifacts.media.histogram import Histogram
from jupyter_artifacts.media.html import Html
from jupyter_artifacts.media.image import Image
from jupyter_artifacts.media.images import read_separated
from jupyter_artifacts.media.molecule import Molecule
from jupyter_artifacts.media.object3d import Object3D
from jupyter_artifacts.media.plotly import Plotly
from jupyter_artifacts.media.source import Source
from jupyter_artifacts.media.tables.joined import JoinedTable
from jupyter_artifacts.media.tables.partitioned import PartitionedTable
from jupyter_artifacts.media.tables.table import Table
from jupyter_artifacts.media.video import Video

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_artifacts.media.base import Document, Inline, Media
    from jupyter_artifacts.model.jsonable import JsonObject

_FILES: tuple[type[Media], ...] = (Audio, Html, Image, Molecule, Object3D, Plotly, Video)
_DOCUMENTS: tuple[type[Document], ...] = (Chart, Classes, JoinedTable, PartitionedTable, Table)

MEDIA: dict[str, type[Media]] = {
    **{kind.kind: kind for kind in _FILES},
    **{kind.kind: kind for kind in _DOCUMENTS},
    **{f"{kind.kind}-file": kind for kind in _DOCUMENTS},
    "incremental-table-file": Table,
}
"""``_type`` to the class that reads it; a document also by the JSON that names its file."""

INLINE: dict[str, type[Inline]] = {Histogram.kind: Histogram}
"""``_type`` of values that have no file."""

IMAGES = "images/separated"
"""``_type`` of a list of images under one key."""


def is_logged(value: object) -> bool:
    """Say whether a value of history stands for media that :func:`read` gives back."""
    kind = value.get("_type") if isinstance(value, dict) else None
    return isinstance(kind, str) and (kind in MEDIA or kind in INLINE or kind == IMAGES)


def read(info: JsonObject, opener: Callable[[str], bytes], paths: Sequence[str] = ()) -> object:
    """Return what a JSON of history, or of an artifact's object, stands for.

    Parameters
    ----------
    info : dict
        Has ``"_type"``.
    opener : callable
        Takes a path in the same run or artifact, returns the file's content.
    paths : sequence of str
        All paths of the artifact; only a partitioned table asks for them.

    Returns
    -------
    Media or Inline, or a list of Image
        Equal to what was logged. A histogram of an array that was logged as such too.

    Raises
    ------
    InvalidValueError
        An unknown ``_type``, or JSON and files that are not what the type writes.
    """
    return decode(info, Source(opener, decode, paths))


def decode(info: JsonObject, source: Source) -> object:
    """Return the value of a JSON, its files read from `source`."""
    kind = info.get("_type")
    if kind == IMAGES:
        return read_separated(info, source)
    if isinstance(kind, str) and kind in INLINE:
        return INLINE[kind].from_json(info)
    if isinstance(kind, str) and kind in MEDIA:
        return MEDIA[kind].read(info, source)
    known = [*MEDIA, *INLINE, IMAGES]
    raise InvalidValueError(f"media of _type {kind!r:.60} are not read here{nearest(str(kind), known)}")
