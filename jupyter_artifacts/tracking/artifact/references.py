"""References: entries whose bytes stay where they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from jupyter_artifacts.errors import (
    InvalidValueError,
    MissingFileError,
    NoSuchPathError,
    UnsupportedError,
    UsageError,
)
from jupyter_artifacts.model.digest import hasher
from jupyter_artifacts.model.manifest import Entry
from jupyter_artifacts.model.paths import check_entry_path
from jupyter_artifacts.tracking.artifact.entries import ARTIFACT_SCHEME, FILE_SCHEME, file_of
from jupyter_artifacts.tracking.artifact.fetch_reference import dangling
from jupyter_artifacts.tracking.artifact.folders import file_digest
from jupyter_artifacts.tracking.artifact.remote import (
    BUCKETS,
    WEB,
    address_digest,
    check_address,
    etag_digest,
    scheme_of,
)
from jupyter_artifacts.tracking.artifact.remotes import remote_of
from jupyter_artifacts.tracking.artifact.scan import Found, found_files, scan

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Algorithm, Digest
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.artifact.entries import ArtifactEntry
    from jupyter_artifacts.tracking.artifact.remote import Facts

__all__ = ["dangling", "entry_of_another", "references"]

MAX_OBJECTS = 10_000_000


def references(uri: object, name: str | None, *, checksum: bool, max_objects: int | None, store: Store) -> list[Entry]:
    """Return the entries for a reference to a file, a folder, or an address of another kind.

    Parameters
    ----------
    uri : str
        ``file://``, ``http(s)://``, ``s3://``, ``gs://`` or ``az://``, or any other
        scheme: then `name` is needed, and only the address is kept.
    name : str or None
        The path in the artifact; a prefix for a folder.
    checksum : bool
        Read local files, and ask servers for ETag and size, so that a later change is
        noticed. A web server that gives no ETag has the file read and hashed. False keeps
        the address alone.
    max_objects : int or None
        Refuse folders of more files.
    store : Store
        Where the artifact will be. A folder that holds it is referred to without it.

    Raises
    ------
    InvalidValueError
        No scheme, nothing there, no name, too many files.
    CommError
        A server cannot be asked.
    """
    text, algorithm = str(uri), store.algorithm
    scheme = scheme_of(text)
    most = MAX_OBJECTS if max_objects is None else max_objects
    if not scheme:
        raise InvalidValueError(f"References must be URIs, such as file:///data/x.csv; {text!r} has no scheme")
    if scheme == FILE_SCHEME:
        return _local(text, name, checksum, most, store)
    if scheme in WEB:
        check_address(text)
    if scheme in WEB | BUCKETS and checksum:
        return _remote(text, name, most, algorithm)
    if name is None and scheme not in WEB | BUCKETS:
        raise InvalidValueError(f"add_reference({text!r}) needs name=: nothing is known of {scheme}: here")
    return [Entry(_name(text, name), address_digest(text, algorithm), -1, text)]


def entry_of_another(entry: ArtifactEntry, name: str | None, store: Store) -> Entry:
    """Return an entry that shares the bytes of a logged artifact's entry."""
    source = entry.source
    if source is None:
        raise UsageError(f"{entry.path!r} belongs to a draft; log that artifact first, then refer to its files")
    path = entry.path if name is None else check_entry_path(name)
    record = entry.record
    if record.ref is not None:
        return Entry(path, record.digest, record.size, record.ref)
    if source.store is not store:
        raise UnsupportedError(f"{entry.path!r} lies in another store; download() it and use add_file()")
    return Entry(path, record.digest, record.size, f"{ARTIFACT_SCHEME}://{source.version_id():08x}/{entry.path}")


def _remote(uri: str, name: str | None, most: int, algorithm: Algorithm) -> list[Entry]:
    """Ask a server what lies at an address, or below it."""
    remote = remote_of(uri)
    try:
        facts = remote.look(uri)
    except MissingFileError as error:
        found = remote.below(uri, most)
        if not found:
            raise NoSuchPathError(f"add_reference({uri!r}): {error}, nor is anything below it") from error
        if len(found) > most:
            raise _too_many(uri, most, "more") from None
        prefix = "" if name is None else check_entry_path(name) + "/"
        return [
            Entry(check_entry_path(prefix + below), _digest(ref, seen, algorithm), seen.size, ref)
            for below, ref, seen in found
        ]
    path = _name(uri, name)
    if facts.etag:
        return [Entry(path, _digest(uri, facts, algorithm), facts.size, uri)]
    running, size = hasher(algorithm)(), 0
    with remote.open(uri) as (_, blocks):
        for block in blocks:
            running.update(block)
            size += len(block)
    return [Entry(path, running.digest(), size, uri)]


def _digest(uri: str, facts: Facts, algorithm: Algorithm) -> Digest:
    return etag_digest(uri, facts.etag, algorithm) if facts.etag else address_digest(uri, algorithm)


def _name(uri: str, name: str | None) -> str:
    """Return the path that an address gets in the artifact; never one that a server chose."""
    if name is not None:
        return check_entry_path(name)
    last = uri.partition("://")[2].partition("?")[0].partition("#")[0].rpartition("/")[2]
    if not last:
        raise InvalidValueError(f"add_reference({uri!r}) needs name=: the address does not end in one")
    return check_entry_path(unquote(last) if scheme_of(uri) in WEB else last)


def _too_many(uri: str, most: int, have: object) -> InvalidValueError:
    return InvalidValueError(f"Exceeded {most} objects tracked: {uri!r} holds {have}; pass max_objects=")


def _local(uri: str, name: str | None, checksum: bool, most: int, store: Store) -> list[Entry]:
    local, algorithm = Path(file_of(uri) or ""), store.algorithm
    if local.is_dir():
        prefix = "" if name is None else check_entry_path(name) + "/"
        found = found_files(scan(str(local), prefix=prefix, store=store.root))
    elif local.is_file():
        found = [Found(check_entry_path(local.name if name is None else name), str(local))]
    else:
        raise NoSuchPathError(f"Path {str(local)!r} of the reference {uri!r} is neither a file nor a directory")
    if len(found) > most:
        raise _too_many(uri, most, len(found))
    entries = []
    for path, file in found:
        ref = Path(file).absolute().as_uri()
        digest = file_digest(file, algorithm) if checksum else address_digest(ref, algorithm)
        entries.append(Entry(path, digest, Path(file).stat().st_size, ref))
    return entries
