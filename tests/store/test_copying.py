"""Reading files that change, vanish, or are no files."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import (
    FileChangedError,
    InvalidValueError,
    LinkError,
    MissingFileError,
    SpecialFileError,
    UnreadableFileError,
)
from jupyter_artifacts.model.digest import digest_of, hasher
from jupyter_artifacts.store import copying
from jupyter_artifacts.store.copying import open_source, read_into, steadily

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.store.sources import Taken
    from jupyter_artifacts.store.store import Store


def whole(path: Path) -> Taken:
    """Read a file the way a session does."""
    return steadily(str(path), lambda fd, size: read_into(fd, str(path), hasher("sha256")(), size, lambda _: None))


def write_settled(path: Path, data: bytes) -> None:
    """Write a file, and let so much time pass that another change would show."""
    path.write_bytes(data)
    time.sleep(copying.TICK_NS / 1e9)


def test_a_change_meanwhile_is_read_again(tmp_path: Path) -> None:
    source = tmp_path / "f"
    write_settled(source, b"before")
    reads = 0

    def take(fd: int, size: int) -> Taken:
        nonlocal reads
        reads += 1
        taken = read_into(fd, str(source), hasher("sha256")(), size, lambda _: None)
        if reads == 1:
            write_settled(source, b"after!")
        return taken

    taken = steadily(str(source), take)
    assert reads == 2
    assert taken == whole(source)


@pytest.mark.parametrize("change", ["same size", "longer", "shorter"])
@pytest.mark.parametrize("young", [True, False])
def test_a_file_that_keeps_changing_is_refused_by_name(change: str, young: bool, tmp_path: Path) -> None:
    source = tmp_path / "moving.bin"
    (source.write_bytes if young else lambda data: write_settled(source, data))(b"0" * 1000)
    reads = 0

    def take(fd: int, size: int) -> Taken:
        nonlocal reads
        reads += 1
        taken = read_into(fd, str(source), hasher("sha256")(), size, lambda _: None)
        source.write_bytes(b"%d" % reads * {"same size": 1000, "longer": 1000 + reads, "shorter": 500 - reads}[change])
        return taken

    with pytest.raises(FileChangedError, match=r"moving\.bin.*nothing was logged"):
        steadily(str(source), take)
    assert 2 <= reads <= 4


def stand_still(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the clock of file stamps one that ticks, so that a change leaves no trace."""
    facts = source.stat()
    monkeypatch.setattr(os, "fstat", lambda _: facts)
    monkeypatch.setattr(time, "time_ns", lambda: facts.st_ctime_ns + 1_000_000)


def test_a_change_within_one_tick_of_the_clock_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that ticks every 10 ms gives two writes one stamp: a young file is read twice and compared."""
    source = tmp_path / "f"
    source.write_bytes(b"x")
    stand_still(source, monkeypatch)
    reads = 0

    def take(fd: int, size: int) -> Taken:
        nonlocal reads
        reads += 1
        taken = read_into(fd, str(source), hasher("sha256")(), size, lambda _: None)
        if reads == 1:
            source.write_bytes(b"y")
        return taken

    taken = steadily(str(source), take)
    assert reads == 4
    assert taken.digest == digest_of(b"y", "sha256")


def test_a_young_file_that_stays_is_read_twice_and_waited_for_when_big(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "f"
    source.write_bytes(b"x" * 100)
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(time, "time_ns", lambda: source.stat().st_ctime_ns + 1_000_000)
    reads: list[int] = []

    def take(fd: int, size: int) -> Taken:
        reads.append(size)
        return read_into(fd, str(source), hasher("sha256")(), size, lambda _: None)

    steadily(str(source), take)
    assert (len(reads), waited) == (2, [])
    monkeypatch.setattr(copying, "REREAD", 99)
    steadily(str(source), take)
    assert (len(reads), len(waited)) == (3, 1)
    assert waited[0] >= 0.01
    monkeypatch.setattr(time, "time_ns", lambda: source.stat().st_ctime_ns + 1_000_000_000)
    steadily(str(source), take)
    assert (len(reads), len(waited)) == (4, 1)


def test_no_mixture_is_ever_stored(store: Store, tmp_path: Path) -> None:
    """A thread rewrites the file for two seconds; whatever is taken is of one moment."""
    source = tmp_path / "moving.bin"
    size = 1 << 20
    source.write_bytes(b"\0" * size)
    stop = threading.Event()

    def churn() -> None:
        k = 0
        while not stop.is_set():
            k = (k + 1) % 256
            with source.open("r+b") as file:
                for _ in range(16):
                    file.write(bytes([k]) * (size // 16))
            time.sleep(0.004)

    thread = threading.Thread(target=churn)
    thread.start()
    taken = refused = 0
    try:
        end = time.monotonic() + 2
        while time.monotonic() < end:
            session = store.session()
            try:
                put = session.put_file(source)
                with session.open(put.digest) as file:
                    marks = file.read()[:: size // 16]
                steps = sum(a != b for a, b in itertools.pairwise(marks))
                assert steps == 0 or (steps == 1 and marks[0] == (marks[-1] + 1) % 256)
                taken += 1
            except FileChangedError:
                refused += 1
            finally:
                session.close()
    finally:
        stop.set()
        thread.join()
    assert taken + refused > 10


def test_what_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "fifo")
    here = socket.socket(socket.AF_UNIX)
    here.bind("socket")
    here.close()
    for name, error, says in [
        ("missing", MissingFileError, "not there"),
        ("link", LinkError, "nowhere"),
        ("loop", LinkError, "circle"),
        ("fifo", SpecialFileError, "a fifo"),
        ("socket", SpecialFileError, "a socket"),
        ("", InvalidValueError, "a folder"),
    ]:
        with pytest.raises(error, match=says):
            open_source(str(tmp_path / name))
    with pytest.raises(SpecialFileError, match="a device"):
        open_source("/dev/null")


def test_a_fifo_that_took_a_files_place_does_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "file").write_bytes(b"x")
    facts = (tmp_path / "file").stat()
    monkeypatch.setattr(os, "stat", lambda *_, **__: facts)
    with pytest.raises(SpecialFileError):
        open_source(str(tmp_path / "fifo"))


def test_a_folder_can_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("file")
    assert whole(tmp_path / "link") == whole(tmp_path / "file")


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    """In a process that is nobody, when we are root: root may read all."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    secret.chmod(0)
    if os.geteuid() != 0:
        with pytest.raises(UnreadableFileError, match="secret"):
            open_source(str(secret))
        return
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o001 == 0:
            folder.chmod(folder.stat().st_mode | 0o111)
    code = (
        "import os, sys; from jupyter_artifacts.store.copying import open_source\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try: open_source(sys.argv[1])\n"
        "except PermissionError as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(secret)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("UnreadableFileError")
    assert "secret" in done.stdout


def test_a_bad_sector_under_a_users_file_names_it(tmp_path: Path) -> None:
    source = tmp_path / "f"
    source.write_bytes(b"x")
    fd = os.open(source, os.O_WRONLY)
    try:
        with pytest.raises(UnreadableFileError, match="f'"):
            read_into(fd, str(source), hasher("sha256")(), 1, lambda _: None)
    finally:
        os.close(fd)


def test_a_growing_file_is_not_followed_for_ever(tmp_path: Path) -> None:
    source = tmp_path / "log"
    source.write_bytes(b"x" * 10)
    fd = os.open(source, os.O_RDONLY)
    try:
        source.write_bytes(b"x" * 10_000_000)
        taken = read_into(fd, str(source), hasher("sha256")(), 10, lambda _: None)
    finally:
        os.close(fd)
    assert 10 < taken.size <= 10 + copying.CHUNK


def test_write_all_goes_on_after_short_writes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data[:3])))
    fd = os.open(tmp_path / "f", os.O_WRONLY | os.O_CREAT)
    copying.write_all(fd, b"0123456789")
    os.close(fd)
    assert (tmp_path / "f").read_bytes() == b"0123456789"
