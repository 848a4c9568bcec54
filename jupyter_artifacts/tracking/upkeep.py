"""Looking after a store: checking, collecting garbage, what takes room, repairing, rebuilding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidValueError, NotFoundError
from jupyter_artifacts.model.names import check_name, check_project, version_number
from jupyter_artifacts.tracking.artifact import host
from jupyter_artifacts.tracking.artifact.dangling import dangling_files
from jupyter_artifacts.tracking.stores import store_at

if TYPE_CHECKING:
    import os

    from jupyter_artifacts.store.records import VersionRecord
    from jupyter_artifacts.store.upkeep_records import Collected, DiskUsage, Rebuilt, Report
    from jupyter_artifacts.tracking.stores import Where

    Source = bool | str | os.PathLike[str]


_NAMED = 100


def verify(
    store: Where = None,
    data: bool = False,
    *,
    sample: float | None = None,
    max_seconds: float | None = None,
    repair: Source = False,
) -> Report:
    """Return what is wrong with a store: a list, empty when it is sound.

    Parameters
    ----------
    store : path, optional
        Else ``JUPYTER_ARTIFACTS_STORE``, else the one found upward.
    data : bool, default False
        Read and hash every byte, not only the manifests.
    sample : float, optional
        With `data`: only this share of the bytes, those first that were checked longest ago.
        So a sample of 0.05 a day sees everything in twenty days.
    max_seconds : float, optional
        With `data`: stop hashing after so long.
    repair : bool or path, default False
        Read everything and bring back what is rotten or gone: from other copies in this
        store, from the files it was logged from, and from the store at this path.

    Returns
    -------
    Report
        The problems that are left. Its `repaired` tells what was brought back, its
        `leftover_bytes` what :func:`gc` would remove of dead processes' work.

    Raises
    ------
    NotFoundError
        There is no store.

    Examples
    --------
    ::

        for problem in verify(data=True):
            print(problem)
    """
    here = store_at(store, create=False)
    other = repair if isinstance(repair, bool) else store_at(repair, create=False)
    return here.verify(data, sample=sample, max_seconds=max_seconds, repair=other)


def gc(store: Where = None, *, dry_run: bool = False, now: bool = False, expired: bool = False) -> Collected:
    """Remove the bytes that no version, run or open draft needs any more.

    What nothing names is condemned first, and deleted by the next call that comes a day
    later: until then :func:`undelete` brings a deleted version back. Nothing that is
    being logged meanwhile, here or in another process, is ever touched.

    Parameters
    ----------
    store : path, optional
        As in :func:`verify`.
    dry_run : bool, default False
        Change nothing; say what would be done, to the byte.
    now : bool, default False
        Do not wait the day: free the bytes at once.
    expired : bool, default False
        Delete versions first whose time to live is over. Otherwise they stay: versions
        are deleted only where somebody says so.

    Returns
    -------
    Collected
        What was removed and what waits, and how many references lead nowhere.
    """
    here = store_at(store, create=False)
    done = here.gc(dry_run=dry_run, now=now, expired=expired)
    nowhere = list(dangling_files(here))
    return replace(done, dangling=len(nowhere), dangling_names=tuple(nowhere[:_NAMED]) if dry_run else ())


def du(store: Where = None) -> DiskUsage:
    """Return where a store's bytes are: by artifact and version, with those that are theirs alone.

    Parameters
    ----------
    store : path, optional
        As in :func:`verify`.
    """
    return store_at(store, create=False).du()


def undelete(name: str, store: Where = None) -> VersionRecord:
    """Bring a deleted version back, as long as :func:`gc` has not removed its bytes.

    Parameters
    ----------
    name : str
        ``"mnist-raw:v3"``, with the project before a slash where it is not the current one.
    store : path, optional
        As in :func:`verify`.

    Raises
    ------
    NotFoundError
        There never was such a version, or its bytes are gone.
    """
    path, _, version = name.partition(":")
    above, _, artifact = path.rpartition("/")
    project = check_project(above.rpartition("/")[2]) if above else host.default_project()
    number = version_number(version)
    if number is None:
        raise InvalidValueError(f"{name!r} names no version; a deleted one has lost its aliases: write 'name:v3'")
    here = store_at(store, create=False)
    for record, _ in here.catalog.transfers.versions(project, check_name(artifact)):
        if record.number == number:
            return here.undelete(record.id)
    raise NotFoundError(f"project {project!r} never had a version {artifact}:v{number}")


def rebuild(store: Where = None) -> Rebuilt:
    """Make a lost or damaged catalog anew, from the stored bytes and the journal beside it.

    The damaged file is kept. End other processes that have the store open first.

    Parameters
    ----------
    store : path, optional
        As in :func:`verify`.
    """
    from jupyter_artifacts.store.rebuild import rebuild as make_anew

    return make_anew(store)
