"""Fetching what a reference points at, and saying when it is no longer what was logged."""

# One file of a download that may have 100,000: plain strings, as its neighbours.
# ruff: noqa: PTH123

from __future__ import annotations

import contextlib
import tempfile
from typing import TYPE_CHECKING, BinaryIO, cast

from jupyter_artifacts.errors import CommError, InvalidValueError, MissingFileError
from jupyter_artifacts.model.digest import hasher
from jupyter_artifacts.tracking.artifact.entries import is_in_store
from jupyter_artifacts.tracking.artifact.remote import address_digest, etag_digest
from jupyter_artifacts.tracking.artifact.remotes import remote_of
from jupyter_artifacts.tracking.messages import warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.model.digest import Algorithm
    from jupyter_artifacts.model.manifest import Entry


_IN_MEMORY = 16 << 20


def fetch_reference(entry: Entry, target: str, what: str, algorithm: Algorithm, *, allow_missing: bool = False) -> bool:
    """Write what a reference points at to a new file, checked; return whether it was there.

    Parameters
    ----------
    entry : Entry
    target : str
        A path that nothing lies at yet.
    what : str
        Names the file in errors.
    algorithm : {"blake3", "sha256"}
    allow_missing : bool, default False
        Warn, instead of raising, when the target is gone.

    Raises
    ------
    MissingFileError
        The target is gone.
    InvalidValueError
        It is not what was logged.
    CommError
        It cannot be asked.
    """
    try:
        with _checked(entry, what, algorithm) as blocks, open(target, "xb") as file:
            file.writelines(blocks)
    except MissingFileError as error:
        text = f"{what} is a reference to {entry.ref}, which is not there"
        if not allow_missing:
            raise MissingFileError(f"{text}; pass allow_missing_references=True to go on without it") from error
        warn(text)
        return False
    return True


def open_reference(entry: Entry, what: str, algorithm: Algorithm) -> BinaryIO:
    """Fetch what a reference points at into a file without a name; raises as :func:`fetch_reference`."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the caller closes it
    try:
        with _checked(entry, what, algorithm) as blocks:
            file.writelines(blocks)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return cast("BinaryIO", file)


def dangling(entry: Entry) -> str:
    """Return why a reference leads nowhere, or an empty text when its target is there (changed or not).

    Asks the disk or the server that the reference names.

    Raises
    ------
    CommError
        The server cannot be asked: nothing is known.
    UnsupportedError
        Nothing here reads such addresses.
    """
    if is_in_store(entry):
        return ""
    try:
        remote_of(entry.ref or "").look(entry.ref or "")
    except MissingFileError as error:
        return str(error)
    return ""


@contextlib.contextmanager
def _checked(entry: Entry, what: str, algorithm: Algorithm) -> Iterator[Iterator[bytes]]:
    ref = entry.ref or ""
    with remote_of(ref).open(ref) as (facts, blocks):
        if entry.size >= 0 <= facts.size and facts.size != entry.size:
            raise _changed(entry, what, f"it has {facts.size} bytes, not {entry.size}")
        vouched = {address_digest(ref, algorithm), etag_digest(ref, facts.etag, algorithm)}
        yield _counted(entry, what, algorithm, facts.size, blocks, vouched=entry.digest in vouched)


def _counted(
    entry: Entry, what: str, algorithm: Algorithm, size: int, blocks: Iterator[bytes], *, vouched: bool
) -> Iterator[bytes]:
    """Pass blocks on; raise at the end unless they were what the entry stands for."""
    running, total = hasher(algorithm)(), 0
    for block in blocks:
        running.update(block)
        total += len(block)
        if 0 <= entry.size < total:
            raise _changed(entry, what, f"it has more than {entry.size} bytes")
        yield block
    if 0 <= size != total:
        raise CommError(f"{what}: {entry.ref} ended after {total} of {size} bytes; download again")
    if 0 <= entry.size != total:
        raise _changed(entry, what, f"it has {total} bytes, not {entry.size}")
    if not vouched and running.digest() != entry.digest:
        raise _changed(entry, what, "its bytes or its ETag are others")


def _changed(entry: Entry, what: str, how: str) -> InvalidValueError:
    return InvalidValueError(
        f"Digest mismatch for file: {what}: {entry.ref} has changed since it was logged ({how}); "
        "log it again to track what it is now"
    )
