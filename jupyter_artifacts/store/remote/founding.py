"""Which catalog the files in a bucket belong to: one prefix, one store.

``store.json`` below the prefix holds the store's facts and names its catalog. The
catalog comes first: on a server its tables, in a folder its file; then the object. A
kill between leaves something that the next open finishes.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import platform
import shutil
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import NotFoundError, StoreError, UsageError
from jupyter_artifacts.store import layout
from jupyter_artifacts.store.cache_db import CACHE
from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.layout import StoreInfo
from jupyter_artifacts.store.location import BUCKET, MARK, bucket_of, is_store
from jupyter_artifacts.store.remote.bucket import Bucket
from jupyter_artifacts.store.remote.faults import UnsupportedConditionError
from jupyter_artifacts.store.remote.near import FOLDER

if TYPE_CHECKING:
    from jupyter_artifacts.store.location import BucketURL, ServerURL

_CATALOG = "catalog"
_OWN = ("packs/", "blobs/")

_log = logging.getLogger("jupyter_artifacts")


def claim(home: str, server: ServerURL, url: BucketURL, *, create: bool = True) -> None:
    """Make sure that a bucket's prefix and the catalog on a server belong together; found the store where both are new.

    Parameters
    ----------
    home : str
        This machine's part; made, or made anew when it is of an earlier store.
    server : ServerURL
    url : BucketURL
    create : bool, default True
        False founds nothing.

    Raises
    ------
    NotFoundError
        There is no store yet, and `create` is False; or the files' catalog is not on the server any more.
    UsageError
        They belong to different stores.
    StoreError
        The bucket or the server cannot be reached.
    """
    from jupyter_artifacts.store.catalog.server import found

    bucket = Bucket(url)
    mark = _read(bucket)
    there, place = found(server, None, str(url))
    if mark is None:
        if there is None:
            if not create:
                raise NotFoundError(f"there is no store at {server} {url}; log something first")
            _refuse_others(bucket)
            there, place = found(server, layout.new_info(), str(url))
        if there is None or place != str(url):
            raise UsageError(
                f"the catalog {server} belongs to files in another place than {url}: it was made with "
                f"{place or 'another one'}; name that one"
            )
        mark = _write(bucket, there, str(server))
    if there is None:
        raise NotFoundError(
            f"{url} holds the files of a store whose catalog is not on {server}: restore it there, or name the right "
            f"database (it was {mark[1]})"
        )
    if there.id != mark[0].id:
        raise UsageError(
            f"{url} holds the files of another store than the one on {server}: its catalog is {mark[1]}, and "
            f"that one's files are in {place}"
        )
    _settle(home, there, server, url)


def begin(folder: str, url: BucketURL) -> None:
    """Prepare a folder for the catalog of one user, with its files in a bucket; nothing is done where it is prepared.

    Raises
    ------
    UsageError
        The folder holds a store that keeps its files itself, or another's; the bucket holds another store's.
    """
    known = bucket_of(folder)
    if known is not None and known != url:
        raise UsageError(f"the store {folder} has its files in {known}, not in {url}; name no bucket, or that one")
    if known is None and is_store(folder):
        raise UsageError(f"the store {folder} keeps its files itself; name another folder for a store in {url}")
    if is_store(folder):
        return
    if others := layout.foreign(folder):
        raise UsageError(f"{folder} is not empty (it holds {others[0]!r}); name a new or an empty folder")
    bucket = Bucket(url)
    if (mark := _read(bucket)) is not None:
        raise UsageError(
            f"{url} holds the files of a store whose catalog is {mark[1]}; open that one, or name another prefix"
        )
    _refuse_others(bucket)
    with writing(os.path.dirname(folder)):
        os.makedirs(folder, exist_ok=True)
    with writing(folder):
        _replace(os.path.join(folder, BUCKET), json.dumps({"files": str(url)}) + "\n")


def join(folder: str, url: BucketURL) -> None:
    """Make sure that a bucket's prefix belongs to the store in a folder; it gets the mark where it has none.

    Raises
    ------
    UsageError
        It belongs to another store.
    """
    bucket = Bucket(url)
    info = layout.read_info(folder)
    mark = _read(bucket) or _write(bucket, info, f"in {folder} on {platform.node()}")
    if mark[0].id != info.id:
        raise UsageError(f"{url} holds the files of another store than the one in {folder}: its catalog is {mark[1]}")


def _read(bucket: Bucket) -> tuple[StoreInfo, str] | None:
    """Return the facts of the store in a bucket, and what its catalog is called."""
    data = bucket.get(MARK)
    if data is None:
        return None
    try:
        facts = json.loads(data)
        catalog = facts.pop(_CATALOG)
        if isinstance(facts["format"], int) and facts["format"] > layout.FORMAT:
            raise layout.newer(str(bucket.url), str(facts.get("created_by", "a newer version")), facts["format"])
        return StoreInfo(**facts), str(catalog)[:300]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            f"{bucket.url}/{MARK} cannot be read ({type(error).__name__}); restore this small object from a copy"
        ) from error


def _write(bucket: Bucket, info: StoreInfo, catalog: str) -> tuple[StoreInfo, str]:
    """Write the mark where there is none, and return the one that is there then: another may have been faster."""
    data = json.dumps({**asdict(info), _CATALOG: catalog}, indent=1).encode() + b"\n"
    try:
        bucket.create(MARK, data)
        honoured = not bucket.create(MARK, data)
    except UnsupportedConditionError:
        bucket.put(MARK, data)
        honoured = False
    if not honoured:
        _log.warning(
            "%s does not honour conditional writes: two people who make a store there at the same moment would not "
            "notice each other; nothing else depends on it",
            bucket.url,
        )
    return _read(bucket) or (info, catalog)


def _refuse_others(bucket: Bucket) -> None:
    for prefix in _OWN:
        if bucket.has_any(prefix):
            raise UsageError(
                f"{bucket.url}/{prefix} holds objects, but there is no {MARK} beside it; name an empty prefix"
            )


def _settle(home: str, info: StoreInfo, server: ServerURL, url: BucketURL) -> None:
    """Make this machine's part of a store, or clear what it kept of an earlier one."""
    facts = {**asdict(info), _CATALOG: str(server), "files": str(url)}
    path = os.path.join(home, MARK)
    with writing(os.path.dirname(home)):
        os.makedirs(home, mode=0o700, exist_ok=True)
    with writing(home):
        if is_store(home):
            with contextlib.suppress(StoreError):
                if layout.read_info(home).id == info.id:
                    return
            shutil.rmtree(os.path.join(home, FOLDER), ignore_errors=True)
            for name in os.listdir(home):
                if name.startswith(CACHE):
                    os.unlink(os.path.join(home, name))
        _replace(path, json.dumps(facts, indent=1) + "\n")


def _replace(path: str, text: str) -> None:
    new = f"{path}.{uuid.uuid4().hex[:12]}.new"
    layout.write_small(new, text)
    os.replace(new, path)
    layout.sync_folder(os.path.dirname(path))
