"""A store's folder: what lies in it, how it is made so that a kill at any moment does no harm.

::

    .jupyter_artifacts/
      .gitignore        "*"
      store.json        the mark of a finished store; written last, once, never edited
      bucket.json       only where packs and blobs are not here, but in a bucket (store/remote/)
      catalog.db        facts (SQLite, WAL); catalog.lock queues its writers
      catalog.db-high   number of the last durable commit: a catalog below it is refused (catalog/high_water.py)
      catalog.jsonl     one line a change, runs' rows too, to rebuild a lost catalog from
      cache.db          what saves time and may be lost (store/cache_db.py)
      packs/ID.pack     small blobs, one after the other, read-only (store/packs.py)
      blobs/ab/HEX.ID   big blobs, read-only, a file each; ID makes the name unique a write
      tmp/SESSION/      work in progress; its `lock` is held while the session lives
      backups/          copies of the catalog, made before each migration
"""

from __future__ import annotations

import errno
import json
import os
import time
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts._version import __version__
from jupyter_artifacts.errors import CatalogDamagedError, NewerFormatError, StoreBusyError, StoreError, UsageError
from jupyter_artifacts.model.digest import default_algorithm
from jupyter_artifacts.store.cache_db import CACHE
from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.location import BUCKET, MARK
from jupyter_artifacts.store.locks import FileLock, NeverCameError, holders, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.model.digest import Algorithm

FORMAT = 1
CATALOG = "catalog.db"
LOCK = "catalog.lock"
JOURNAL = "catalog.jsonl"
BACKUPS = "backups"
BLOBS = "blobs"
PACKS = "packs"
TMP = "tmp"

CREATE_TIMEOUT = 30.0
_OWN = frozenset({".gitignore", MARK, MARK + ".new", LOCK, JOURNAL, BACKUPS, BLOBS, PACKS, TMP, "trash", BUCKET})


@dataclass(frozen=True)
class StoreInfo:
    """What ``store.json`` says.

    Attributes
    ----------
    format : int
        Of the folder; a greater one than :data:`FORMAT` is refused.
    id : str
    hash : {"blake3", "sha256"}
        What names the bytes in this store, for ever.
    created_by : str
        The version of this package that made the store.
    created_at : float
        Seconds since 1970.
    """

    format: int
    id: str
    hash: Algorithm
    created_by: str
    created_at: float


def new_info() -> StoreInfo:
    """Return the facts of a store that is to be made now."""
    return StoreInfo(FORMAT, str(uuid.uuid4()), default_algorithm(), __version__, time.time())


def sync_folder(path: str) -> None:
    """Make the names in a folder durable (a no-op where folders cannot be opened)."""
    if os.name == "nt":
        return
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def read_info(folder: str) -> StoreInfo:
    """Read ``store.json``.

    Raises
    ------
    NewerFormatError
        A newer version of this package made the store.
    StoreError
        The file is no such thing.
    """
    path = os.path.join(folder, MARK)
    try:
        with open(path, encoding="utf-8") as file:
            facts = json.load(file)
        number = facts["format"]
        if isinstance(number, int) and number > FORMAT:
            raise newer(folder, str(facts.get("created_by", "a newer version")), number)
        if number != FORMAT or facts["hash"] not in {"blake3", "sha256"} or not isinstance(facts["id"], str):
            raise ValueError("a field holds a value that is not known")
        return StoreInfo(
            number, facts["id"], facts["hash"], str(facts.get("created_by", "")), float(facts.get("created_at", 0))
        )
    except (ValueError, KeyError, TypeError, IsADirectoryError) as error:
        raise StoreError(
            f"{path} cannot be read ({error!r}). Make it anew from the rest of the store: jupyter artifacts rebuild "
            f"(in Python: jupyter_artifacts.rebuild({folder!r})); what is there is kept"
        ) from error
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        raise StoreError(f"{path} cannot be read ({error.strerror}); check the disk") from error


def newer(folder: str, writer: str, number: int) -> NewerFormatError:
    """Return the error for a store from the future."""
    return NewerFormatError(
        f"the store {folder} has format {number}, written by jupyter_artifacts {writer}; this is {__version__}, "
        f"which reads up to {FORMAT}. Upgrade this one: pip install -U jupyter_artifacts"
    )


def create(
    folder: str, make_catalog: Callable[[str, StoreInfo], None], read_catalog: Callable[[str], StoreInfo]
) -> None:
    """Make a store, or finish one whose making was interrupted, or find that another process made it.

    Parameters
    ----------
    folder : str
        It may be missing, empty, or hold an unfinished store.
    make_catalog : callable
        Writes a new catalog file with the store's facts in it.
    read_catalog : callable
        Reads those facts back.

    Raises
    ------
    UsageError
        The folder holds something else.
    ReadOnlyStoreError, StoreFullError, StoreBusyError
    """
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise UsageError(f"the store {folder} is a file, not a folder; name another place")
    if os.path.isdir(os.path.join(folder, MARK)):
        read_info(folder)  # says what to do
    if others := foreign(folder):
        raise UsageError(
            f"{folder} is not a store and not empty (it holds {others[0]!r}); name a new or an empty folder"
        )
    with writing(os.path.dirname(folder)):
        os.makedirs(folder, exist_ok=True)
    lock = FileLock(os.path.join(folder, LOCK))
    try:
        with writing(folder), lock.held(CREATE_TIMEOUT, lambda: None):
            if not os.path.exists(os.path.join(folder, MARK)):
                _fill(folder, make_catalog, read_catalog)
    except NeverCameError as error:
        who = told(holders(lock.path))
        raise StoreBusyError(f"the store {folder} is being made by {who} since over {CREATE_TIMEOUT:.0f} s") from error


def _fill(
    folder: str, make_catalog: Callable[[str, StoreInfo], None], read_catalog: Callable[[str], StoreInfo]
) -> None:
    write_small(os.path.join(folder, ".gitignore"), "*\n")
    mend(folder)
    blobs = os.path.join(folder, BLOBS)
    catalog = os.path.join(folder, CATALOG)
    if os.path.exists(catalog):
        info = read_catalog(catalog)
    else:
        for name in os.listdir(folder):
            if name.startswith(CATALOG):
                os.unlink(os.path.join(folder, name))
        if _holds_blobs(blobs) or os.listdir(os.path.join(folder, PACKS)):
            raise CatalogDamagedError(
                f"{folder} holds blobs but neither {MARK} nor {CATALOG}; restore them from a backup of the store"
            )
        info = new_info()
        make_catalog(catalog + ".new", info)
        os.rename(catalog + ".new", catalog)
    mark = os.path.join(folder, MARK)
    write_small(mark + ".new", json.dumps(asdict(info), indent=1) + "\n")
    sync_folder(folder)
    os.rename(mark + ".new", mark)
    sync_folder(folder)
    sync_folder(os.path.dirname(folder))


def mend(folder: str, *, files: bool = True) -> None:
    """Make the folders that are missing: archives and file sharers often leave empty ones out.

    Without `files` the store keeps none here.
    """
    os.makedirs(os.path.join(folder, TMP), exist_ok=True)
    if not files:
        return
    packs = os.path.join(folder, PACKS)
    no_packs = not os.path.isdir(packs)
    os.makedirs(packs, exist_ok=True)
    blobs = os.path.join(folder, BLOBS)
    os.makedirs(blobs, exist_ok=True)
    missing = {f"{number:02x}" for number in range(256)}.difference(os.listdir(blobs))
    for name in sorted(missing):
        os.makedirs(os.path.join(blobs, name), exist_ok=True)
    if missing:
        sync_folder(blobs)
    if missing or no_packs:
        sync_folder(folder)


def is_writable(folder: str) -> bool:
    """Tell whether this user can log to the store in `folder`."""
    places = [os.path.join(folder, name) for name in ("", BLOBS, PACKS, TMP, CATALOG)]
    return all(os.access(path, os.W_OK) for path in places if os.path.exists(path))


def is_blank(folder: str) -> bool:
    """Tell whether a folder is there, may be written, and holds nothing but perhaps a store that is half made."""
    return os.path.isdir(folder) and os.access(folder, os.W_OK) and not foreign(folder)


def foreign(folder: str) -> list[str]:
    """Return the names in a folder that no store has."""
    if not os.path.isdir(folder):
        return []
    return sorted(
        name for name in os.listdir(folder) if name not in _OWN and not name.startswith((CATALOG, CACHE, MARK))
    )


def _holds_blobs(blobs: str) -> bool:
    return any(os.listdir(os.path.join(blobs, part)) for part in os.listdir(blobs))


def write_small(path: str, text: str) -> None:
    """Write a small file, durable."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        os.write(fd, text.encode())
        os.fsync(fd)
    finally:
        os.close(fd)
