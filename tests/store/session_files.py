"""What the session's tests share: a session, files to take, and its end."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from jupyter_artifacts.store import copying, local_session
from jupyter_artifacts.store.sources import look

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.store.local_session import LocalSession
    from jupyter_artifacts.store.sources import Source
    from jupyter_artifacts.store.store import Store


def begin(store: Store) -> LocalSession:
    """Open a session of the class under test."""
    session = store.session()
    assert isinstance(session, local_session.LocalSession)
    return session


def make_files(folder: Path, count: int, size: int, seed: int = 1) -> list[Source]:
    """Make files of random bytes, old enough to be read once."""
    chance = random.Random(seed)  # noqa: S311  contents, not secrets
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number:05}").write_bytes(chance.randbytes(size))
    time.sleep(copying.TICK_NS / 1e9)
    return [look(str(folder / f"{number:05}")) for number in range(count)]


def finish(store: Store, session: LocalSession) -> int:
    """Seal, publish and close; return the bytes that the catalog did not know."""
    sealed = session.seal()
    store.catalog.blobs.replace(sealed)
    session.close()
    return sum(blob.size for blob in sealed)
