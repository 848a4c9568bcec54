"""The diff panel: what changed from one version to another."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, ClassVar, cast

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.panels import twin
from jupyter_artifacts.panels.base import Panel
from jupyter_artifacts.panels.diff_twin import diff_html, diff_text
from jupyter_artifacts.panels.diffs.comparison import Comparisons, bounded
from jupyter_artifacts.panels.diffs.contents import file_diff
from jupyter_artifacts.panels.protocol import MAX_SNAPSHOT_BYTES, DiffView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_artifacts.panels.protocol import DiffSnapshot, FileDiff, PanelKind
    from jupyter_artifacts.panels.rpc import Reply
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import VersionRecord

_ROOM = MAX_SNAPSHOT_BYTES - 2048
_THUMBNAILS = 9_000
_SMALL = 16 << 20
"""Where a single file differs and is not larger, it is opened without being asked for."""


class DiffPanel(Panel):
    """Two versions side by side.

    Parameters
    ----------
    shelf : Shelf
    before, after : VersionRecord
    file : str, optional
        Path of the file to open; by default the one that differs, if it is only one.

    Raises
    ------
    NotFoundError
        No file of that path differs.
    """

    _kind: ClassVar[PanelKind] = "diff"

    def __init__(self, shelf: Shelf, before: VersionRecord, after: VersionRecord, file: str | None = None) -> None:
        self._shelf = shelf
        self._sides = (before, after)
        self._comparisons = Comparisons(shelf)
        index = self._index(file)
        view = DiffView(shown="differ", query="", file=index)
        super().__init__(f"{shelf.project}\0{before.label}\0{after.label}", self._snapshot(index), view)

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Answer with what differs, file by file."""
        return self._comparisons.methods()

    def revision(self) -> int:
        """Return the catalog's revision: aliases move."""
        return self._shelf.catalog.revision()

    @property
    def file(self) -> str | None:
        """Path of the opened file; settable."""
        index = cast("int | None", self.view["file"])
        return None if index is None else self._comparisons.pairs(*self._sides).get(index).path

    @file.setter
    def file(self, path: str | None) -> None:
        self._set_view(file=None if path is None else self._comparisons.pairs(*self._sides).index(path))

    def twin(self) -> twin.Twin:
        """Return all that differs, and the opened file's difference, one below the other."""
        snapshot = self._snapshot(cast("int | None", self.view["file"]))
        return twin.Twin(diff_html(self.panel_id, snapshot), diff_text(snapshot), self._payload(snapshot))

    def _index(self, file: str | None) -> int | None:
        """Return which file is opened at first."""
        try:
            pairs = self._comparisons.pairs(*self._sides)
        except CorruptError:
            return None  # the snapshot says it
        if file is not None:
            return pairs.index(file)
        if len(pairs.differing) != 1:
            return None
        only = pairs.differing[0]
        sizes = [side.size for side in (only.before, only.after) if side is not None]
        return 0 if max(sizes) <= _SMALL else None

    def _snapshot(self, index: int | None) -> DiffSnapshot:
        before, after = (self._shelf.catalog.versions.get(version.id) for version in self._sides)
        snapshot = self._comparisons.snapshot(before, after)
        if index is not None and not snapshot["problem"]:
            snapshot["opened"] = self._opened(index)
        return bounded(snapshot, _ROOM)

    def _opened(self, index: int) -> FileDiff | None:
        pairs = self._comparisons.pairs(*self._sides)
        try:
            found, pictures = file_diff(self._shelf, pairs.get(index), index, pairs.beside, room=_THUMBNAILS)
        except CorruptError:
            return None  # the page asks and is told
        found["png"] = base64.b64encode(pictures).decode()
        return found
