"""Damage done to stored files, wherever a blob lies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.store import blob_files

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.records import Stored
    from jupyter_artifacts.store.store import Store


def where(store: Store, digest: Digest) -> tuple[Path, int, Stored]:
    """Return a blob's file, where in it the blob begins, and its row."""
    blob = store.catalog.blobs.find([digest])[digest]
    key = blob_files.key_of(blob.place)
    (path,) = (Path(file.path) for file in blob_files.listing(store.root) if file.key == key)
    return path, int(blob.place.partition("@")[2] or 0), blob


def flip(store: Store, digest: Digest) -> None:
    """Flip a bit in the middle of a blob, leaving its file's times: only who reads it can know."""
    path, offset, blob = where(store, digest)
    facts = path.stat()
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(offset + blob.size // 2)
        byte = file.read(1)
        file.seek(offset + blob.size // 2)
        file.write(bytes([byte[0] ^ 1]))
    path.chmod(0o444)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def lose(store: Store, digest: Digest) -> Path:
    """Remove the file that holds a blob, and whatever else lies in it."""
    path, _, _ = where(store, digest)
    path.unlink()
    return path
