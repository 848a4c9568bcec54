"""References: entries whose bytes stay where they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jupyter_artifacts.errors import InvalidValueError, NoSuchPathError, UnsupportedError, UsageError
from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.model.manifest import Entry
from jupyter_artifacts.model.paths import check_entry_path
from jupyter_artifacts.tracking.artifact.entries import ARTIFACT_SCHEME, FILE_SCHEME, file_of
from jupyter_artifacts.tracking.artifact.folders import file_digest
from jupyter_artifacts.tracking.artifact.scan import Found, found_files, scan

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.store.store import Store
    from jupyter_artifacts.tracking.artifact.entries import ArtifactEntry

MAX_OBJECTS = 10_000_000
_NETWORK = frozenset(["http", "https", "s3", "gs", "az", "abfs"])


def references(
    uri: object, name: str | None, *, checksum: bool, max_objects: int | None, algorithm: Algorithm
) -> list[Entry]:
    """Return the entries for a reference to a file, a folder, or an address of another kind.

    Parameters
    ----------
    uri : str
        ``file:///path``, or any other scheme: then `name` is needed, only the
        address is kept, and nothing is fetched.
    name : str or None
        The path in the artifact; a prefix for a folder.
    checksum : bool
        Read the files, so that a later change is noticed.
    max_objects : int or None
        Refuse folders of more files.
    algorithm : {"blake3", "sha256"}

    Raises
    ------
    InvalidValueError
        No scheme, nothing there, no name, too many files.
    UnsupportedError
        A checksum of something on the network.
    """
    text = str(uri)
    scheme = urlsplit(text).scheme
    if not scheme:
        raise InvalidValueError(f"References must be URIs, such as file:///data/x.csv; {text!r} has no scheme")
    if scheme == FILE_SCHEME:
        return _local(text, name, checksum, MAX_OBJECTS if max_objects is None else max_objects, algorithm)
    if scheme in _NETWORK and checksum:
        raise UnsupportedError(
            f"add_reference({text!r}): the network is not asked here; pass checksum=False to keep the address alone"
        )
    if name is None and scheme not in _NETWORK:
        raise InvalidValueError(f"add_reference({text!r}) needs name=: nothing is known of {scheme}: here")
    path = check_entry_path(name if name is not None else urlsplit(text).path.rpartition("/")[2])
    return [Entry(path, digest_of(text.encode(), algorithm), -1, text)]


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


def _local(uri: str, name: str | None, checksum: bool, most: int, algorithm: Algorithm) -> list[Entry]:
    local = Path(file_of(uri) or "")
    if local.is_dir():
        prefix = "" if name is None else check_entry_path(name) + "/"
        found = found_files(scan(str(local), prefix=prefix))
    elif local.is_file():
        found = [Found(check_entry_path(local.name if name is None else name), str(local))]
    else:
        raise NoSuchPathError(f"Path {str(local)!r} of the reference {uri!r} is neither a file nor a directory")
    if len(found) > most:
        raise InvalidValueError(f"Exceeded {most} objects tracked: {uri!r} holds {len(found)}; pass max_objects=")
    entries = []
    for path, file in found:
        ref = Path(file).absolute().as_uri()
        digest = file_digest(file, algorithm) if checksum else digest_of(ref.encode(), algorithm)
        entries.append(Entry(path, digest, Path(file).stat().st_size, ref))
    return entries
