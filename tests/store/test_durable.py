"""Killed, crowded, full: nothing acknowledged is lost, nothing half is seen."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import StoreFullError
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_artifacts.store.store import Store

# Imports first, then waits for the word; says what it is about to log, and what was acknowledged.
WRITER = """
import json, sys
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.catalog import catalog
from jupyter_artifacts.testing.stores import log_files
folder, writer, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
store = open_store(folder)
for n in range(count):
    files = {"own": b"%d/%d " % (writer, n) * 30_000, "shared": b"same" * 9000, "small": b"%d/%d" % (writer, n)}
    print(json.dumps({"intent": n}), flush=True)
    published = log_files(store, "hot", files)
    print(json.dumps({"ack": n, "version": published.version.number}), flush=True)
"""


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new folder on a real disk."""
    return tmp_path_factory.mktemp("durable")


def files_of(writer: int, n: int) -> dict[str, bytes]:
    """Return what a writer logs as its n-th."""
    return {"own": b"%d/%d " % (writer, n) * 30_000, "shared": b"same" * 9000, "small": b"%d/%d" % (writer, n)}


def writer(folder: Path, number: int, count: int) -> subprocess.Popen[str]:
    """Start a writer that has imported everything and waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(number), str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    """Give the word."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def said(process: subprocess.Popen[str]) -> list[dict[str, int]]:
    """Return all that a writer told before its end."""
    assert process.stdout is not None
    assert process.stdin is not None
    lines = [json.loads(line) for line in process.stdout.read().splitlines()]
    process.wait()
    process.stdout.close()
    process.stdin.close()
    return lines


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_kill_at_any_moment(tmp_path: Path) -> None:
    """Acknowledged versions are complete, others absent or complete, numbers dense, and the next log just works."""
    chance = random.Random(20261123)  # noqa: S311  moments to strike at, not secrets
    folder = tmp_path / "store"
    acknowledged: dict[int, dict[str, bytes]] = {}
    struck_in_flight = 0
    for number in range(14):
        process = writer(folder, number, 50)
        go(process)
        time.sleep(chance.uniform(0, 0.12 if number % 3 else 0.03))
        process.kill()
        told = said(process)
        acks = {line["ack"]: line["version"] for line in told if "ack" in line}
        intents = [line["intent"] for line in told if "intent" in line]
        acknowledged.update({version: files_of(number, n) for n, version in acks.items()})
        in_flight = [files_of(number, n) for n in intents if n not in acks]
        struck_in_flight += bool(in_flight)
        with open_store(folder) as store:
            assert store.verify(data=True) == []
            page = store.catalog.versions.page(Query(sort="version", descending=False, limit=1000))
            assert [version.number for version in page.rows] == list(range(page.total))
            for version in page.rows:
                files = read_files(store, version)
                if version.number in acknowledged:
                    assert files == acknowledged[version.number]
                else:
                    assert files in in_flight
                    acknowledged[version.number] = files
            assert set(acknowledged) == set(range(page.total))
            again = log_files(store, "hot", files_of(number, 1000)).version
            acknowledged[again.number] = files_of(number, 1000)
            assert os.listdir(folder / "tmp") == []  # noqa: PTH208  what is compared with
    assert struck_in_flight >= 3, "the kills came at uninteresting moments"


@pytest.mark.slow
def test_four_processes_one_name(tmp_path: Path) -> None:
    """Every number once, no error, each version the one that its writer was told."""
    folder = tmp_path / "store"
    processes = [writer(folder, number, 12) for number in range(4)]
    for process in processes:
        go(process)
    told = [said(process) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    versions = {line["version"]: (w, line["ack"]) for w, lines in enumerate(told) for line in lines if "ack" in line}
    assert sorted(versions) == list(range(48))
    with open_store(folder) as store:
        assert store.verify(data=True) == []
        for number, (w, n) in versions.items():
            assert read_files(store, store.catalog.versions.resolve("p", "hot", f"v{number}")) == files_of(w, n)
        assert store.catalog.versions.resolve("p", "hot", "latest").number == 47


def test_ctrl_c_at_any_moment(store: Store) -> None:
    """The interrupt is seen, nothing is torn, and the same store goes on."""
    chance = random.Random(1)  # noqa: S311  as above
    seen = 0
    log_files(store, "data", files_of(0, 1000))
    begun = time.perf_counter()
    log_files(store, "data", files_of(0, 1001))
    usual = time.perf_counter() - begun
    for number in range(40):
        timer = threading.Timer(chance.uniform(0, usual), os.kill, (os.getpid(), signal.SIGINT))
        try:
            timer.start()
            log_files(store, "data", files_of(0, number))
            timer.join()
            time.sleep(0.001)
        except KeyboardInterrupt:
            seen += 1
        finally:
            timer.join()
        log_files(store, "after", {"n": b"%d" % number})
    assert seen == 40
    assert store.verify(data=True) == []
    numbers = [v.number for v in store.catalog.versions.page(Query(name="data", sort="version", descending=False)).rows]
    assert numbers == list(range(len(numbers)))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 6 MB."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs root to mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine lets even root not mount")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    """The error says so, what was logged stays, and it goes on when there is space again."""
    ballast = small_disk / "ballast"
    logged = 0
    with open_store(small_disk / "store") as store:
        ballast.write_bytes(b"x" * 2_000_000)
        told: StoreFullError | None = None
        while told is None and logged < 100:
            try:
                log_files(store, "data", {"a": os.urandom(300_000)})
                logged += 1
            except StoreFullError as error:
                told = error
        assert told is not None
        assert re.search(r"is full: .* free", str(told))
        assert told.errno == errno.ENOSPC
        assert logged >= 3
        assert store.verify(data=True) == []
        assert store.catalog.versions.page(Query()).total == logged
        ballast.unlink()
        assert log_files(store, "data", {"a": os.urandom(300_000)}).version.number == logged
        assert store.verify(data=True) == []


def test_the_last_bytes_of_a_disk(small_disk: Path) -> None:
    """Whatever runs out, a blob, the journal or the catalog's log: nothing torn, and reading goes on."""
    with open_store(small_disk / "store") as store:
        first = log_files(store, "data", {"a": b"1"}).version
        free = os.statvfs(small_disk).f_bavail * 4096
        (small_disk / "ballast").write_bytes(b"x" * (free - 200_000))
        full = 0
        for number in range(60):
            try:
                log_files(store, "data", {"a": os.urandom(3000)}, metadata={"n": number})
            except StoreFullError:
                full += 1
        assert full > 10
        assert read_files(store, first) == {"a": b"1"}
        assert store.verify(data=True) == []
    with open_store(small_disk / "store") as store:
        assert store.verify(data=True) == []
        (small_disk / "ballast").unlink()
        assert log_files(store, "data", {"a": b"again"}).created
