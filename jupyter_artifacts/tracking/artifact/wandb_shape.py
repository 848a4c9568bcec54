"""An artifact as W&B would describe it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.wandb_manifest import WandbEntry, manifest_digest, md5_text
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.entries import FILE_SCHEME, file_of, is_in_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from jupyter_artifacts.model.shards import Entry
    from jupyter_artifacts.tracking.artifact.logged import Logged

_BLOCK = 1 << 20


def wandb_entries(state: Draft | Logged) -> list[WandbEntry]:
    """Return the entries of a draft or a version with W&B's digests; every stored byte is read.

    A reference's digest is what W&B takes when it asks nobody: the MD5 of a file that
    is still there, else the address.
    """
    if isinstance(state, Draft):
        return [_entry(entry, state.session.open) for entry in list(state.entries.values())]
    what = f"{state.record.label} manifest for W&B"
    return [_entry(entry, lambda digest: state.store.open(digest, what)) for entry in state.manifest.entries]


def wandb_digest(state: Draft | Logged) -> str:
    """Return W&B's digest of a draft's or a version's files."""
    return manifest_digest(wandb_entries(state))


def _entry(entry: Entry, open_blob: Callable[[Digest], BinaryIO]) -> WandbEntry:
    size = entry.size if entry.size >= 0 else None
    if not is_in_store(entry):
        return WandbEntry(entry.path, _referred(entry.ref or ""), size, entry.ref)
    with open_blob(Digest(entry.digest)) as file:
        return WandbEntry(entry.path, md5_of(file), size, entry.ref)


def md5_of(file: BinaryIO) -> str:
    """Return the MD5 of what is left to read, as W&B writes it."""
    running = hashlib.md5(usedforsecurity=False)
    while block := file.read(_BLOCK):
        running.update(block)
    return md5_text(running.digest())


def _referred(ref: str) -> str:
    if ref.startswith(f"{FILE_SCHEME}:"):
        local = Path(file_of(ref) or "")
        if local.is_file():
            with local.open("rb") as file:
                return md5_of(file)
    return ref
