"""A folder and a store of its own for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store.opening import open_store
from tests.servers.postgres import Postgres, program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.store.store import Store

MEMORY = Path("/dev/shm")  # noqa: S108  a disk in memory, where flushing costs nothing
ROOM = 300_000_000


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a new folder, in memory where there is room: hundreds of tests flush a dozen files each."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield tmp_path_factory.mktemp("store")
        return
    folder = Path(tempfile.mkdtemp(prefix="ja-test-", dir=MEMORY))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store, closed at the end."""
    with open_store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Start a PostgreSQL server of our own, once a session; only outside CI may it be missing."""
    if program("initdb") is None and "CI" not in os.environ:
        pytest.skip("PostgreSQL's programs are not installed here")
    server = Postgres()
    yield server
    server.close()
