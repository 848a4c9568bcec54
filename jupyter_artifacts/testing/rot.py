"""Damage done on purpose to what a store holds, past all its own methods."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.store import Store


def whereabouts(store: Store, digest: Digest) -> tuple[Path, int, int]:
    """Return the file that holds a blob, where in it the blob begins, and its size."""
    stored = store.catalog.blobs.find([digest])[digest]
    name, at, offset = stored.place.partition("@")
    if at:
        return Path(store.root, "packs", f"{name}.pack"), int(offset), stored.size
    digits = digest.hex()
    return Path(store.root, "blobs", digits[:2], f"{digits}.{name}"), 0, stored.size


def flip(store: Store, digest: Digest) -> None:
    """Flip one bit in the middle of a blob, leaving its file's time of change as it was."""
    path, offset, size = whereabouts(store, digest)
    facts = path.stat()
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(offset + size // 2)
        (byte,) = file.read(1)
        file.seek(offset + size // 2)
        file.write(bytes([byte ^ 1]))
    path.chmod(0o444)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def cut(store: Store, digest: Digest) -> None:
    """End a blob's file in the middle of the blob."""
    path, offset, size = whereabouts(store, digest)
    path.chmod(0o644)
    os.truncate(path, offset + size // 2)
    path.chmod(0o444)
