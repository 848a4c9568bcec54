"""Each system call of a log fails once, one after the other: it is told, and nothing is lost."""

from __future__ import annotations

import errno
import itertools
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import (
    ArtifactsError,
    StoreError,
    StoreFullError,
    UnreadableFileError,
)
from jupyter_artifacts.store import flushing
from jupyter_artifacts.store.copying import TICK_NS
from jupyter_artifacts.store.sources import look

if TYPE_CHECKING:
    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.sources import Source
    from jupyter_artifacts.store.store import Store

READING = ("readv", "fstat", "lseek")
WRITING = ("write", "fdatasync", "fsync", "rename", "mkdir", "fchmod", "lstat")
BOTH = ("open", "close")
CLEANING = ("unlink", "rmdir", "listdir", "posix_fadvise")
SIZES = (10, 5000, 2_500_000, 300_000)


class Failing:
    """An `os` function that fails at its n-th call."""

    def __init__(self, name: str, nth: int, code: int) -> None:
        self.name, self.nth, self.code = name, nth, code
        self.calls = 0
        self.real = getattr(os, name)

    def __call__(self, *args: object, **more: object) -> object:
        self.calls += 1
        if self.calls != self.nth:
            return self.real(*args, **more)
        if self.name == "close":
            self.real(*args)  # it is closed all the same, says POSIX
        raise OSError(self.code, os.strerror(self.code))


def new_files(folder: Path, number: int) -> list[Source]:
    """Make files that the store does not know."""
    paths = [folder / f"{number}-{size}" for size in SIZES]
    for path, size in zip(paths, SIZES, strict=True):
        path.write_bytes((number.to_bytes(4, "big") + os.urandom(1000)) * (size // 1004) + os.urandom(size % 1004))
    time.sleep(TICK_NS / 1e9)
    return [look(str(path)) for path in paths]


def log(store: Store, sources: list[Source]) -> list[Digest]:
    """Log files and some bytes."""
    session = store.session()
    try:
        taken = session.put_files(sources)
        session.put_bytes(b"x" * 1000 + sources[0].path.encode())
        store.catalog.blobs.replace(session.seal())
    finally:
        session.close()
    return [one.digest for one in taken]


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("name", [*READING, *WRITING, *BOTH, *CLEANING])
def test_one_failing_call(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    told: list[ArtifactsError] = []
    monkeypatch.setattr(flushing, "_STRETCH", 1 << 20)
    for nth in itertools.count(1):
        sources = new_files(tmp_path, nth)
        failing = Failing(name, nth, code)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, name, failing)
            try:
                log(store, sources)
            except ArtifactsError as fault:
                told.append(fault)
        assert list(Path(store.root, "tmp").iterdir()) == [] or name in {*CLEANING, *BOTH}
        for digest, source in zip(log(store, sources), sources, strict=True):
            with store.open(digest, "it") as file:
                assert file.read() == Path(source.path).read_bytes()
        for source in sources:
            Path(source.path).unlink()
        if failing.calls < nth:
            break
    assert store.verify(data=True) == []
    of_store = StoreFullError if code == errno.ENOSPC else StoreError
    for error in told:
        if isinstance(error, UnreadableFileError):
            assert name in {*READING, *BOTH}
            assert str(tmp_path) in str(error)
        else:
            assert isinstance(error, of_store) or "did not confirm a commit" in str(error)
            assert str(tmp_path) in str(error)
    assert bool(told) == (name not in CLEANING)
