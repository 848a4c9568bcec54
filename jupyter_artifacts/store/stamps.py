"""What sealed files looked like when they were last known to be sound.

A sealed file never changes, so one whose size, times and inode are as they were is as
it was. What differs is hashed again by whoever wants to rely on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.store.copying import is_young

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from jupyter_artifacts.store.cache_db import CacheDb

_AT_ONCE = 500


class Stamp(NamedTuple):
    """A file's facts."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


def stamp_of(facts: os.stat_result) -> Stamp:
    """Return the stamp of a file by what `stat` says of it."""
    return Stamp(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)


class Stamps:
    """Stamps of one store's packs and loose blobs, by pack name or loose place.

    Parameters
    ----------
    cache : CacheDb
        Where they are kept; what is lost is only hashed again.
    """

    def __init__(self, cache: CacheDb) -> None:
        self._cache = cache

    def find(self, names: Sequence[str]) -> dict[str, Stamp]:
        """Return the known ones."""
        found = {}
        for first in range(0, len(names), _AT_ONCE):
            part = names[first : first + _AT_ONCE]
            marks = ",".join("?" * len(part))
            words = f"SELECT name, size, mtime_ns, ctime_ns, inode FROM stamp WHERE name IN ({marks})"  # noqa: S608  question marks only
            for name, *facts in self._cache.rows(words, part):
                numbers = [fact for fact in facts if isinstance(fact, int)]
                if isinstance(name, str) and len(numbers) == len(facts):
                    found[name] = Stamp(*numbers)
        return found

    def remember(self, stamps: Mapping[str, Stamp]) -> None:
        """Keep the stamps of files that are sound now.

        A file that was changed a moment ago is left out: another change in the same
        tick of the clock would not show.
        """
        rows = [(name, *stamp) for name, stamp in stamps.items() if not is_young(stamp.ctime_ns)]
        if rows:
            self._cache.change(("INSERT OR REPLACE INTO stamp VALUES (?, ?, ?, ?, ?)", rows))

    def has_size(self, size: int) -> bool:
        """Tell whether a file of this size is remembered; asked for big ones, which are loose."""
        return bool(self._cache.rows("SELECT 1 FROM stamp WHERE size = ? LIMIT 1", [size]))
