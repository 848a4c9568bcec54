"""What stands in a folder already and is right: such files are not written again."""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.model.digest import hasher
from jupyter_artifacts.model.manifest import Entry
from jupyter_artifacts.store.copying_out import read_hashed
from jupyter_artifacts.store.networks import file_system, is_shared
from jupyter_artifacts.store.stat_cache import NETWORK_REST_NS, REST_NS, StatCache, at_rest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.store.folder_update import FolderUpdate
    from jupyter_artifacts.store.materialise import Wanted
    from jupyter_artifacts.store.sources import Facts
    from jupyter_artifacts.store.store import Store

_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_WORTH_FILES = 100
_WORTH_BYTES = 8 << 20


def missing(store: Store, update: FolderUpdate, wanted: Iterable[Wanted]) -> list[Wanted]:
    """Return those of the wanted files that do not stand in the folder, byte for byte; a link never does.

    Whatever is of the right size is hashed, unless the stat cache knows that it has not
    changed since it was.

    Raises
    ------
    UsageError
        A folder stands in a file's place, or a file in a folder's.
    """
    files = list(wanted)
    if update.is_new():
        return files
    began = time.time_ns()
    seen: dict[str, Facts] = {}
    for path, _, size in files:
        facts = update.facts(path)
        if facts is not None and stat.S_ISREG(facts.st_mode) and facts.st_size == size:
            seen[path] = (size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)
    cache = _cache(store, seen)
    rest = REST_NS
    if cache is not None and is_shared(file_system(update.root)):
        # On a disk that machines share an inode means nothing, and times may come from another clock.
        seen, rest = {path: (*facts[:3], 0) for path, facts in seen.items()}, NETWORK_REST_NS
    tree = None if cache is None else cache.tree(update.root)
    known = {} if tree is None else {entry.path: entry.digest for entry in tree[0].unchanged(seen)}
    hashed = {path: _digest(store, f"{update.root}/{path}", seen[path][0]) for path in seen if path not in known}
    if cache is not None and hashed:
        found = {**known, **hashed}
        entries = [Entry(path, found[path], facts[0]) for path, facts in seen.items() if found[path]]
        cache.remember(update.root, at_rest(seen, entries, began, rest))
    return [one for one in files if (known.get(one.path) or hashed.get(one.path)) != one.digest]


def _cache(store: Store, seen: dict[str, Facts]) -> StatCache | None:
    """Return the stat cache, where asking it is worth the while."""
    if len(seen) < _WORTH_FILES and sum(facts[0] for facts in seen.values()) < _WORTH_BYTES:
        return None
    return StatCache(store.kept.cache, store.algorithm)


def _digest(store: Store, path: str, size: int) -> bytes:
    """Return a file's digest; nothing for one that cannot be read or has another size now."""
    try:
        fd = os.open(path, _READ)
    except OSError:
        return b""
    try:
        h = hasher(store.algorithm)()
        return h.digest() if read_hashed(fd, h, size) == size else b""
    finally:
        os.close(fd)
