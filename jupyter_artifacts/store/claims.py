"""Which catalog a folder of blobs belongs to, where the catalog is on a server: one folder, one catalog.

``store.json`` in the folder and ``store_meta`` on the server hold the same id. It
is written first beside its place (``store.json.new``), then on the server, then
moved to its place: a kill between any two leaves something that the next open
finishes.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError, StoreBusyError, UsageError
from jupyter_artifacts.store import layout
from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.location import MARK, is_store
from jupyter_artifacts.store.locks import FileLock, NeverCameError

if TYPE_CHECKING:
    from jupyter_artifacts.store.layout import StoreInfo
    from jupyter_artifacts.store.location import ServerURL

_KEY = "catalog"


def server_of(folder: str) -> str:
    """Return what the mark in a folder says of its catalog's server; empty for a store that is all in its folder."""
    try:
        with open(os.path.join(folder, MARK), encoding="utf-8") as file:
            facts = json.load(file)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return ""
    return str(facts.get(_KEY, "")) if isinstance(facts, dict) else ""


def _files_of(folder: str) -> str:
    """Return where the files are: in the folder, or in a bucket of which it is this machine's part."""
    with open(os.path.join(folder, MARK), encoding="utf-8") as file:
        return str(json.load(file).get("files", folder))


def refuse_half(folder: str) -> None:
    """Refuse to open a folder of blobs without its catalog; raises UsageError with the name to use."""
    server = server_of(folder)
    if server:
        raise UsageError(
            f"{folder} is part of a store whose catalog is {server}; open it as '{server} {_files_of(folder)}' "
            "(with your user name there)"
        )


def claim(folder: str, server: ServerURL) -> None:
    """Make sure that `folder` is the one that belongs to the catalog on `server`; found the store where both are empty.

    Raises
    ------
    UsageError
        Folder and catalog belong to different stores, or the folder holds something else.
    NotFoundError
        The folder's catalog is not on the server any more.
    """
    if is_store(folder):
        _compare(folder, server)
        return
    if others := layout.foreign(folder):
        raise UsageError(f"{folder} is not empty (it holds {others[0]!r}); name a new or an empty folder")
    with writing(os.path.dirname(folder)):
        os.makedirs(folder, exist_ok=True)
    lock = FileLock(os.path.join(folder, layout.LOCK))
    try:
        with writing(folder), lock.held(layout.CREATE_TIMEOUT, lambda: None):
            if is_store(folder):
                _compare(folder, server)
            else:
                _found(folder, server)
    except NeverCameError as error:
        raise StoreBusyError(f"the store {folder} is being made by another process; try again") from error


def _compare(folder: str, server: ServerURL) -> None:
    from jupyter_artifacts.store.catalog.server import found

    if not server_of(folder):
        raise UsageError(
            f"{folder} holds a store of its own, with its catalog in it; name another folder for the files of {server}"
        )
    here = layout.read_info(folder)
    there, blobs = found(server, None, folder)
    if there is None:
        raise NotFoundError(
            f"{folder} holds the files of a store whose catalog is not on {server}: restore it there, "
            "or name the right database"
        )
    if there.id != here.id:
        raise _different(folder, server, blobs)


def _found(folder: str, server: ServerURL) -> None:
    from jupyter_artifacts.store.catalog.server import found

    if os.path.exists(os.path.join(folder, layout.CATALOG)):
        raise UsageError(f"{folder} holds a store's catalog of its own; name another folder for the files of {server}")
    info = _half_made(folder) or layout.new_info()
    new = os.path.join(folder, MARK + ".new")
    layout.write_small(new, json.dumps({**asdict(info), _KEY: str(server)}, indent=1) + "\n")
    layout.write_small(os.path.join(folder, ".gitignore"), "*\n")
    layout.mend(folder)
    layout.sync_folder(folder)
    there, blobs = found(server, info, folder)
    if there is None or there.id != info.id:
        raise _different(folder, server, blobs)
    os.rename(new, os.path.join(folder, MARK))
    layout.sync_folder(folder)


def _half_made(folder: str) -> StoreInfo | None:
    """Return the facts that an interrupted founding has left; None where it left none that can be read."""
    try:
        with open(os.path.join(folder, MARK + ".new"), encoding="utf-8") as file:
            facts = json.load(file)
        facts.pop(_KEY)
        return layout.StoreInfo(**facts)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _different(folder: str, server: ServerURL, blobs: str) -> UsageError:
    return UsageError(
        f"the catalog {server} belongs to another folder than {folder}: it was made with {blobs or 'another one'}; "
        "name that one (or where it is mounted here)"
    )
