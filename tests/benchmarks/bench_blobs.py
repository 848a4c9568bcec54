"""How fast a blob session writes, beside `cp` on the same disk in the same minute.

    python tests/benchmarks/bench_blobs.py [--folder FOLDER] [--rounds 3] [--quick]

Everything is durable at the end of the clock: packs and files flushed, names too. The
catalog is a dict, so that only blobs are measured; bench_folders.py measures all of it.
Each round does all contenders, one after the other, in fresh folders; nothing is
deleted before the last one is done, since deleting slows this kind of disk down.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.store import layout
from jupyter_artifacts.store.catalog import catalog
from jupyter_artifacts.store.local_blobs import LocalBlobs
from jupyter_artifacts.store.sources import look
from jupyter_artifacts.testing.memory import MemoryIndex

if TYPE_CHECKING:
    from collections.abc import Callable

FOUR_KIB = 4096


def many(folder: Path, count: int) -> Path:
    """Make `count` files of 4 KiB, a thousand a folder."""
    source = folder / f"{count}x4k"
    block = os.urandom(1 << 20)
    for number in range(count):
        if number % 1000 == 0:
            (source / str(number // 1000)).mkdir(parents=True)
        start = number * 61 % (len(block) - FOUR_KIB)
        data = number.to_bytes(8, "big") + block[start : start + FOUR_KIB - 8]
        (source / str(number // 1000) / f"{number}.bin").write_bytes(data)
    return source


def big(folder: Path, size: int) -> Path:
    """Make one large file."""
    source = folder / "big"
    source.mkdir()
    with (source / "big.bin").open("wb") as file:
        for _ in range(size >> 20):
            file.write(os.urandom(1 << 20))
    return source


class Contest:
    """One source, several contenders, each in a folder of its own."""

    def __init__(self, work: Path, source: Path) -> None:
        self.work = work
        self.source = source
        self.files = [str(path) for path in sorted(source.rglob("*")) if path.is_file()]
        self.turn = 0

    def room(self) -> Path:
        """Return a new folder."""
        self.turn += 1
        room = self.work / f"{self.source.name}-{self.turn}"
        room.mkdir()
        return room

    def copy(self) -> Callable[[], object]:
        """Copy the folder: `cp -r`."""
        room = self.room()
        return lambda: subprocess.run(["cp", "-r", str(self.source), str(room)], check=True)

    def copy_and_sync(self) -> Callable[[], object]:
        """Copy the file and flush it."""
        room = self.room()

        def work() -> None:
            subprocess.run(["cp", self.files[0], str(room)], check=True)
            fd = os.open(room / Path(self.files[0]).name, os.O_RDONLY)
            os.fsync(fd)
            os.close(fd)

        return work

    def log(self) -> Callable[[], object]:
        """Log to a new store."""
        blobs, index = self.store(), MemoryIndex()
        return lambda: self.session(blobs, index)

    def log_again(self) -> Callable[[], object]:
        """Log the same files once more: they are read and hashed, found, not written."""
        blobs, index = self.store(), MemoryIndex()
        self.session(blobs, index)
        time.sleep(0.05)
        return lambda: self.session(blobs, index)

    def reuse(self) -> Callable[[], object]:
        """Rely on the same digests, as after a hit of the stat cache: nothing is read."""
        blobs, index = self.store(), MemoryIndex()
        self.session(blobs, index)
        time.sleep(0.05)

        def work() -> None:
            session = blobs.session(index)
            session.reuse(list(index.known))
            session.close()

        return work

    def store(self) -> LocalBlobs:
        """Make a store."""
        root = str(self.room() / "store")
        layout.create(root, catalog.create, catalog.read_info)
        return LocalBlobs(root, "blake3")

    def session(self, blobs: LocalBlobs, index: MemoryIndex) -> None:
        """Log everything."""
        sources = [look(path) for path in self.files]
        session = blobs.session(index)
        session.put_files(sources)
        index.replace(session.seal())
        session.close()


def contest(work: Path, source: Path, rounds: int, *, against: str) -> None:
    """Print a table: median seconds, ratio to the first, CPU, microseconds a file."""
    here = Contest(work, source)
    peer = here.copy_and_sync if against == "cp + fsync" else here.copy
    rows = {against: peer, "log": here.log, "log again, hashed": here.log_again, "log again, reused": here.reuse}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, prepare in rows.items():
            act = prepare()
            cpu, wall = time.process_time(), time.perf_counter()
            act()
            times[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    base = statistics.median(wall for wall, _ in times[against])
    sys.stdout.write(f"\n{source.name}: {len(here.files)} files\n")
    for name, taken in times.items():
        wall, cpu = (statistics.median(column) for column in zip(*taken, strict=True))
        each = wall / len(here.files) * 1e6
        sys.stdout.write(f"  {name:20} {wall:8.3f} s  {wall / base:5.2f} x  cpu {cpu:6.3f} s  {each:10.1f} us/file\n")


def main() -> None:
    """Run it all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", default=tempfile.gettempdir())
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--quick", action="store_true", help="a tenth of everything")
    given = options.parse_args()
    part = 10 if given.quick else 1
    work = Path(tempfile.mkdtemp(prefix="ja-bench-", dir=given.folder))
    try:
        contest(work, many(work, 10_000 // part), given.rounds, against="cp -r")
        contest(work, many(work, 100_000 // part), given.rounds, against="cp -r")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        contest(work, big(work, (2 << 30) // part), given.rounds, against="cp + fsync")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        sys.stdout.write(f"\npeak memory {before >> 10} MB after the small files, {after >> 10} MB after the big one\n")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
