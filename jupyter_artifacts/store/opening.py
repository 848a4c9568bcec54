"""Opening a store: found or made, once a process."""

from __future__ import annotations

import atexit
import os
import threading
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError
from jupyter_artifacts.store import claims, layout
from jupyter_artifacts.store.faults import gone
from jupyter_artifacts.store.location import STORE_VARIABLE, is_store, locate
from jupyter_artifacts.store.store import Store

if TYPE_CHECKING:
    from os import PathLike

    from jupyter_artifacts.store.location import BucketURL, Located, ServerURL

_open: dict[str, Store] = {}
_inherited: list[Store] = []
"""Stores opened before a fork: kept, because dropping them would close the parent's connections in the child."""

_guard = threading.RLock()
_pid = os.getpid()


def open_store(
    where: str | PathLike[str] | None = None, *, create: bool = True, start: str | PathLike[str] | None = None
) -> Store:
    """Open a store; the same folder gives the same `Store` throughout a process.

    Parameters
    ----------
    where : path, ``file:`` URL, or ``postgresql:`` URL and path, optional
        Which one: a folder with everything in it, or a catalog on a server and, after a blank,
        the folder of the files that all who use it share, or a bucket: ``s3://bucket/prefix``
        (also ``gs:``, ``az:``). A folder with a bucket after it holds one user's catalog. By default
        ``JUPYTER_ARTIFACTS_STORE``, else ``.jupyter_artifacts`` in the working directory
        or the nearest folder above that has one.
    create : bool, default True
        Make the store when there is none. An empty folder that is named by the caller or
        the environment, or one in which making a store was cut short, counts as an empty store.
    start : path, optional
        Where to search from, instead of the working directory.

    Raises
    ------
    NotFoundError
        There is none, and `create` is False.
    StoreGoneError
        It was open in this process and its folder has vanished: no empty one is put in its place.
    ForeignStoreError, NewerFormatError, CatalogDamagedError, ReadOnlyStoreError, UnsupportedError
    """
    found = locate(where, start)
    key = os.path.realpath(found.folder)
    with _guard:
        _after_fork()
        store = _open.get(key)
        if store is not None:
            if layout_id(key) != store.id:
                raise gone(key)
            if found.bucket is not None:
                if store.location != f"{found.server or key} {found.bucket}":
                    _found_in_bucket(key, found.server, found.bucket, create=create)
            elif found.server is not None and not store.location.startswith(f"{found.server} "):
                claims.claim(key, found.server)
            return store
        if not found.exists:
            _make(found, key, create=create)
        if found.bucket is not None:
            _found_in_bucket(key, found.server, found.bucket, create=create)
        elif found.server is None:
            claims.refuse_half(key)
        else:
            claims.claim(key, found.server)
        store = _open[key] = Store(key, forget, found.server, found.bucket)
        return store


def _make(found: Located, folder: str, *, create: bool) -> None:
    """Make a store in a folder, unless its catalog is on a server."""
    if not create and not (found.named and layout.is_blank(found.folder)):
        raise NotFoundError(f"there is no store at {found.folder}; log something first, or set {STORE_VARIABLE} to one")
    if found.server is None:
        from jupyter_artifacts.store.catalog import catalog

        if found.bucket is not None:
            from jupyter_artifacts.store.remote import founding

            founding.begin(folder, found.bucket)
        layout.create(found.folder, catalog.create, catalog.read_info)


def _found_in_bucket(folder: str, server: ServerURL | None, bucket: BucketURL, *, create: bool) -> None:
    """Make sure that a bucket holds the files of this catalog, and that both are there."""
    from jupyter_artifacts.store.remote import founding

    if server is not None:
        founding.claim(folder, server, bucket, create=create)
    else:
        founding.begin(folder, bucket)
        founding.join(folder, bucket)


def layout_id(folder: str) -> str:
    """Return the id of the store in `folder`, or an empty string when there is none."""
    return layout.read_info(folder).id if is_store(folder) else ""


def forget(store: Store) -> None:
    """Take a closed store out of the list, so that its folder can be opened, or made, anew."""
    with _guard:
        for key in [key for key, known in _open.items() if known is store]:
            del _open[key]


def close(folder: str) -> None:
    """Close the store in `folder`, if this process has it open."""
    with _guard:
        _after_fork()
        store = _open.get(os.path.realpath(folder))
        if store is not None:
            store.close()


def _after_fork() -> None:
    """Begin a list of its own in a forked process; the parent's stores stay usable and reconnect by themselves."""
    global _pid  # noqa: PLW0603  one list a process is the point
    if _pid != os.getpid():
        _pid = os.getpid()
        _inherited.extend(_open.values())
        _open.clear()


def _new_guard() -> None:
    """Replace the lock in a forked process: another thread of the parent may have held it."""
    global _guard  # noqa: PLW0603  as above
    _guard = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_guard)


@atexit.register
def _close_all() -> None:
    with _guard:
        _after_fork()
        for store in list(_open.values()):
            store.close()
