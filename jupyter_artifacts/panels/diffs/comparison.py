"""Everything that differs between two versions, as the diff panel and the table show it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, cast

from jupyter_artifacts.errors import CorruptError
from jupyter_artifacts.model import digest
from jupyter_artifacts.panels.diffs.contents import file_diff
from jupyter_artifacts.panels.diffs.files import FilePairs
from jupyter_artifacts.panels.diffs.keys import differing
from jupyter_artifacts.panels.facts import version_row
from jupyter_artifacts.panels.protocol import DiffFilesPage, DiffSnapshot
from jupyter_artifacts.panels.rpc import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.panels.protocol import DiffFileParams, DiffFilesParams, DiffKey, DiffParams, VersionRow
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import RunRecord, VersionRecord

FIRST_FILES, FIRST_KEYS = 50, 100
_REMEMBERED = 4


class Comparisons:
    """The differences that one panel was asked for; the last few are remembered.

    Parameters
    ----------
    shelf : Shelf
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._pairs: dict[tuple[int, int], FilePairs] = {}

    def methods(self) -> dict[str, Callable[[dict[str, object]], Reply]]:
        """Return the methods of every panel that shows differences."""
        return {"diff.get": self._get, "diff.files": self._files, "diff.file": self._file}

    def pairs(self, before: VersionRecord, after: VersionRecord) -> FilePairs:
        """Return the files of two versions.

        Raises
        ------
        CorruptError
        """
        key = (before.id, after.id)
        if key not in self._pairs:
            if len(self._pairs) == _REMEMBERED:
                del self._pairs[next(iter(self._pairs))]
            self._pairs[key] = FilePairs(self._shelf, before, after)
        return self._pairs[key]

    def snapshot(self, before: VersionRecord, after: VersionRecord) -> DiffSnapshot:
        """Return what differs, with the first of the files and keys."""
        makers = [self._maker(version) for version in (before, after)]
        keys = _keys(before, after, makers)
        found = DiffSnapshot(
            before=self._row(before, makers[0]),
            after=self._row(after, makers[1]),
            digests=[digest.show(version.digest, self._shelf.store.algorithm) for version in (before, after)],
            counts=[],
            files=DiffFilesPage(files=[], offset=0, total=0),
            keys=keys[:FIRST_KEYS],
            keys_total=len(keys),
            problem="",
            opened=None,
        )
        try:
            pairs = self.pairs(before, after)
        except CorruptError as error:
            found["problem"] = str(error)
        else:
            found["counts"] = pairs.counts()
            found["files"] = pairs.page("differ", "", 0, FIRST_FILES)
        return found

    def _maker(self, version: VersionRecord) -> RunRecord | None:
        return next(iter(self._shelf.catalog.edges.makers(version.id)), None)

    def _row(self, version: VersionRecord, maker: RunRecord | None) -> VersionRow:
        row = version_row(version, maker, self._shelf.stale([version]).get(version.id, ""))
        return {**row, "metadata": {}, "metadata_cut": bool(version.metadata)}

    def _two(self, params: DiffParams | DiffFilesParams | DiffFileParams) -> tuple[VersionRecord, VersionRecord]:
        get = self._shelf.catalog.versions.get
        return get(params["before"]), get(params["after"])

    def _get(self, params: dict[str, object]) -> Reply:
        return Reply(self.snapshot(*self._two(cast("DiffParams", params))))

    def _files(self, params: dict[str, object]) -> Reply:
        asked = cast("DiffFilesParams", params)
        pairs = self.pairs(*self._two(asked))
        return Reply(pairs.page(asked["shown"], asked["query"], asked["offset"], asked["limit"]))

    def _file(self, params: dict[str, object]) -> Reply:
        asked = cast("DiffFileParams", params)
        pairs = self.pairs(*self._two(asked))
        found, pictures = file_diff(self._shelf, pairs.get(asked["index"]), asked["index"], pairs.beside)
        if not asked["buffers"]:
            found["png"] = base64.b64encode(pictures).decode()
            return Reply(found)
        return Reply(found, (pictures,) if pictures else ())


def _keys(before: VersionRecord, after: VersionRecord, makers: list[RunRecord | None]) -> list[DiffKey]:
    config = [{} if run is None else run.config for run in makers]
    metrics = [{} if run is None else _shown(run.summary) for run in makers]
    return [
        *differing("metadata", before.metadata, after.metadata),
        *differing("config", config[0], config[1]),
        *differing("metrics", metrics[0], metrics[1]),
    ]


def _shown(summary: JsonObject) -> JsonObject:
    """Return a summary without what the run notes for itself."""
    return {key: value for key, value in summary.items() if not key.startswith("_")}


def bounded(snapshot: DiffSnapshot, most: int) -> DiffSnapshot:
    """Return a snapshot of at most `most` bytes: first the opened file goes, then keys and files."""
    if len(json.dumps(snapshot)) > most:
        snapshot["opened"] = None
    while len(json.dumps(snapshot)) > most and (snapshot["keys"] or snapshot["files"]["files"]):
        snapshot["keys"] = snapshot["keys"][: len(snapshot["keys"]) // 2]
        snapshot["files"]["files"] = snapshot["files"]["files"][: len(snapshot["files"]["files"]) // 2]
    return snapshot
