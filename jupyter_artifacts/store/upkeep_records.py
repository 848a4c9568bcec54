"""What looking after a store asks the catalog for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_artifacts.store.records import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.records import Place


@dataclass(frozen=True, slots=True)
class Root:
    """A manifest that is in use: who uses it, in words, and the digest of its root."""

    label: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class Roots:
    """Everything that keeps blobs, as one snapshot of the catalog has it.

    Attributes
    ----------
    revision : int
        What is published later has a greater one.
    manifests : tuple of Root
        Of live versions, and of parts of versions that are not finished.
    blobs : frozenset of bytes
        The roots of all versions, deleted ones too, and the files of runs.
    """

    revision: int
    manifests: tuple[Root, ...]
    blobs: frozenset[Digest]


@dataclass(frozen=True, slots=True)
class Trashed:
    """A place without a row whose bytes are still there."""

    place: Place
    digest: Digest
    size: int
    at: float


@dataclass(frozen=True, slots=True)
class Collected:
    """What a run of the garbage collector did, or with `dry_run` would do.

    Attributes
    ----------
    condemned, condemned_bytes : int
        Blobs that nothing names any more, found by this run.
    waiting, waiting_bytes : int
        Blobs that are condemned and not deleted yet, the former among them.
    undo_until : float or None
        Until then (seconds since 1970) nothing of what waits is deleted; None when nothing waits.
    deleted, deleted_bytes : int
        Blobs that are no longer in the catalog.
    kept_for_writers : int
        Deleted blobs whose bytes stay, because a draft that is open relies on them.
    freed : int
        Bytes by which the files of the store became smaller, to the byte.
    files : int
        Files removed.
    repacked : int
        Packs whose living part was copied to a new one.
    leftovers, leftover_bytes : int
        Files among them that no catalog ever named: dead processes left them.
    sessions : int
        Folders of dead processes that were removed.
    expired : int
        Versions whose time to live is over: deleted by this run if it was told to, else only counted.
    dangling : int
        References of live versions to files on this machine that are not there. They are only
        told: what is not in the store is never removed, and servers are not asked.
    dangling_names : tuple of str
        With `dry_run`: which, up to a hundred of them.
    dry_run : bool
    """

    condemned: int = 0
    condemned_bytes: int = 0
    waiting: int = 0
    waiting_bytes: int = 0
    undo_until: float | None = None
    deleted: int = 0
    deleted_bytes: int = 0
    kept_for_writers: int = 0
    freed: int = 0
    files: int = 0
    repacked: int = 0
    leftovers: int = 0
    leftover_bytes: int = 0
    sessions: int = 0
    expired: int = 0
    dangling: int = 0
    dangling_names: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Condemned blobs: how many, their bytes, and when the first of them was condemned (None: there are none)."""

    blobs: int
    size: int
    since: float | None


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of one version or artifact.

    Attributes
    ----------
    name : str
        ``"mnist-raw:v1"`` or ``"mnist-raw"``.
    project : str
    files, size : int
        As users count: every file of every version.
    stored : int
        Bytes of the different blobs, manifests too.
    unique : int
        Of these, bytes that nothing else names: what deleting it would free.
    versions : tuple of Usage
        Of an artifact, by number.
    """

    name: str
    project: str
    files: int
    size: int
    stored: int
    unique: int
    versions: tuple[Usage, ...] = ()

    @property
    def shared(self) -> int:
        """Bytes that something else names as well."""
        return self.stored - self.unique


@dataclass(frozen=True, slots=True)
class DiskUsage:
    """Where a store's bytes are.

    Attributes
    ----------
    artifacts : tuple of Usage
        Largest unique share first.
    size : int
        Bytes of all files of all live versions, as users count.
    stored : int
        Bytes of all blobs in the catalog.
    unreferenced : int
        Of these, bytes that no live version, run or unfinished version names.
    on_disk : int
        Bytes of all files of the store.
    blob_files, catalog : int
        Of these, loose blobs and packs; the catalog and its journal.
    trash : int
        Bytes of deleted blobs whose files are still there.
    leftovers : int
        Bytes of files that no row names: dead processes' work, and that of drafts that are open.
    """

    artifacts: tuple[Usage, ...]
    size: int
    stored: int
    unreferenced: int
    on_disk: int
    blob_files: int
    catalog: int
    trash: int
    leftovers: int


@dataclass(frozen=True, slots=True)
class Repacked:
    """What repacking did: packs copied, loose files packed, blobs moved, bytes freed."""

    packs: int = 0
    loose: int = 0
    blobs: int = 0
    freed: int = 0


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair brought back, and what stays lost, by artifact, path and digest.

    Attributes
    ----------
    healed : tuple of str
    lost : tuple of str
    sources : mapping of str to int
        Where the bytes came from, and how many blobs.
    """

    healed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    sources: dict[str, int] = field(default_factory=dict)


class Report(list[Problem]):
    """What is wrong with a store: a list of problems, empty when it is sound, and what was looked at.

    Attributes
    ----------
    hashed, size : int
        Bytes that were hashed, of so many in all.
    leftovers, leftover_bytes : int
        Files that nobody needs any more, for the garbage collector to remove: no fault.
    repaired : Repaired or None
        What was brought back before this look, where that was asked for.
    """

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        super().__init__(problems)
        self.hashed = self.size = 0
        self.leftovers = self.leftover_bytes = 0
        self.repaired: Repaired | None = None


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A catalog that was made anew.

    Attributes
    ----------
    versions, runs, blobs : int
        What it holds.
    damaged : tuple of str
        Versions whose manifest, or some of whose files, are gone.
    notes : tuple of str
        What could not be brought back, in words.
    kept : str
        The damaged file, beside the new one; empty when there was none.
    """

    versions: int
    runs: int
    blobs: int
    damaged: tuple[str, ...]
    notes: tuple[str, ...]
    kept: str
