"""A real file to write to, which becomes an entry when it is closed without an error."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.paths import safe_join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.model.manifest import Entry
    from jupyter_artifacts.store.protocols import BlobSession
    from jupyter_artifacts.store.records import Stored

SMALL = 1 << 20

_MODES = frozenset(base + extra for base in "xwa" for extra in ("", "b", "t", "+", "b+", "+b", "t+", "+t"))


@dataclass
class Written:
    """The open file and, once it is closed, what was stored of it."""

    handle: IO[Any]
    stored: Stored | None = None


def put_own(session: BlobSession, local: Path) -> Stored:
    """Store a file of the session's own; it is gone afterwards, or as good as gone.

    A small one goes by way of memory: a file that was written a moment ago is
    otherwise watched for a clock's tick, in case somebody still writes it.
    """
    if local.stat().st_size <= SMALL:
        return session.put_bytes(local.read_bytes())
    return session.put_file(local, owned=True)


@contextmanager
def written(session: BlobSession, path: str, mode: str, encoding: str | None, known: Entry | None) -> Iterator[Written]:
    """Give a file in the session's scratch folder, under its own name; store it at the end.

    Parameters
    ----------
    session : BlobSession
    path : str
        Inside the artifact; the file has this name, so that writers who look at it are right.
    mode : str
        ``x``, ``w`` or ``a``, with ``b`` for bytes; ``a`` goes on after what `known` holds.
    encoding : str, optional
        UTF-8 when not given.
    known : Entry, optional
        What the artifact has under this path.
    """
    if mode not in _MODES:
        raise InvalidValueError(f"new_file(mode={mode!r}): a new file is written with mode x, w or a, and b for bytes")
    scratch = session.scratch()
    local = Path(safe_join(scratch, path))
    local.parent.mkdir(parents=True, exist_ok=True)
    if known is not None and known.ref is None and "a" in mode:
        with session.open(Digest(known.digest)) as before, local.open("xb") as copy:
            shutil.copyfileobj(before, copy)
    try:
        with local.open(mode, encoding=None if "b" in mode else (encoding or "utf-8")) as handle:
            yield (result := Written(handle))
        result.stored = put_own(session, local)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
