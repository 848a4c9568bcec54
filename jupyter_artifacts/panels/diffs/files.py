"""Which files differ between two versions; what both share is not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError, nearest
from jupyter_artifacts.panels.protocol import DiffCount, DiffFile, DiffFilesPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.model.shards import Entry
    from jupyter_artifacts.panels.protocol import DiffFilter, Mark
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import VersionRecord


@dataclass(frozen=True, slots=True)
class Pair:
    """A file as both sides have it; None where a side lacks it."""

    before: Entry | None
    after: Entry | None

    @property
    def path(self) -> str:
        """The file's path."""
        side = self.before or self.after
        return "" if side is None else side.path

    @property
    def mark(self) -> Mark:
        """What happened to it."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "same" if self.before == self.after else "changed"


class FilePairs:
    """The files of two versions, the ones that differ in the order of their paths.

    Parameters
    ----------
    shelf : Shelf
    before, after : VersionRecord

    Raises
    ------
    CorruptError
        A manifest is damaged.
    """

    def __init__(self, shelf: Shelf, before: VersionRecord, after: VersionRecord) -> None:
        self._shelf = shelf
        self._sides = (before, after)
        found = shelf.store.difference(before, after)
        pairs = [Pair(None, entry) for entry in found.added]
        pairs += [Pair(entry, None) for entry in found.removed]
        pairs += [Pair(mine, theirs) for mine, theirs in found.changed]
        self.differing: Sequence[Pair] = sorted(pairs, key=lambda pair: pair.path)

    def counts(self) -> list[DiffCount]:
        """Return how many files were added, removed, changed, and are the same, with their bytes."""
        marks: dict[Mark, DiffCount] = {
            mark: DiffCount(mark=mark, files=0, before=0, after=0) for mark in ("added", "removed", "changed", "same")
        }
        for pair in self.differing:
            count = marks[pair.mark]
            count["files"] += 1
            count["before"] += _bytes(pair.before)
            count["after"] += _bytes(pair.after)
        before = self._sides[0]
        same = marks["same"]
        same["files"] = before.files - marks["removed"]["files"] - marks["changed"]["files"]
        same["before"] = same["after"] = before.size - marks["removed"]["before"] - marks["changed"]["before"]
        return list(marks.values())

    def page(self, shown: DiffFilter, query: str, offset: int, limit: int) -> DiffFilesPage:
        """Return some of the files whose paths hold the words of `query`."""
        if shown == "same":
            return self._same(query, offset, limit)
        found = [
            (index, pair)
            for index, pair in enumerate(self.differing)
            if (shown in {"differ", pair.mark}) and _has(pair.path, query)
        ]
        rows = [_file(pair, index) for index, pair in found[offset : offset + limit]]
        return DiffFilesPage(files=rows, offset=offset, total=len(found))

    def get(self, index: int) -> Pair:
        """Return a file that differs, by its number.

        Raises
        ------
        NotFoundError
        """
        if index >= len(self.differing):
            raise NotFoundError(f"{len(self.differing):,} files differ, and there is no file {index}")
        return self.differing[index]

    def beside(self, side: int, path: str) -> Entry | None:
        """Return another file of the version before (0) or after (1), which a file that differs speaks of."""
        return self._shelf.manifest(self._sides[side]).get(path)

    def index(self, path: str) -> int:
        """Return the number of the file that differs at `path`.

        Raises
        ------
        NotFoundError
        """
        paths = [pair.path for pair in self.differing]
        if path not in paths:
            sides = " and ".join(side.label for side in self._sides)
            raise NotFoundError(f"no file {path!r} differs between {sides}{nearest(path, paths)}")
        return paths.index(path)

    def _same(self, query: str, offset: int, limit: int) -> DiffFilesPage:
        other = {pair.path for pair in self.differing}
        entries = self._shelf.manifest(self._sides[0]).entries
        found = [entry for entry in entries if entry.path not in other and _has(entry.path, query)]
        rows = [_file(Pair(entry, entry), -1) for entry in found[offset : offset + limit]]
        return DiffFilesPage(files=rows, offset=offset, total=len(found))


def _has(path: str, query: str) -> bool:
    return not query or all(word in path.casefold() for word in query.casefold().split())


def _bytes(entry: Entry | None) -> int:
    return 0 if entry is None else max(0, entry.size)


def _file(pair: Pair, index: int) -> DiffFile:
    sizes = [-1 if side is None else side.size for side in (pair.before, pair.after)]
    return DiffFile(path=pair.path, mark=pair.mark, before=sizes[0], after=sizes[1], index=index)
