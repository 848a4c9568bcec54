"""What the benchmarks share: sections timed side by side, how quiet the machine was, tables of ratios.

    with scratch() as folders:
        found = side_by_side(
            {"cp -r": lambda: copy(tree, folders.new()), "ours": lambda: log(tree, folders.new())},
            rounds=3, where=folders.root,
        )
        print(table("10,000 files of 4 KiB", found, base="cp -r", per=10_000))

Contenders take turns, so that a slow minute of the machine is everybody's. Nothing is
deleted before the last section: an ext4 on which many files were just deleted creates
new ones up to 25 times slower. Data of the benchmarks: `datasets.py`.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CACHE = Path(os.environ.get("JA_BENCH_CACHE", Path.home() / ".cache" / "jupyter_artifacts_bench"))
"""Where data, scratch folders and the peers' environments lie; name a quiet file system by ``JA_BENCH_CACHE``."""

_TICK = os.sysconf("SC_CLK_TCK")
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Section:
    """One timed piece of work."""

    seconds: float
    cpu: float
    """User and system time of this process and of the children it waited for."""
    foreign: float
    """Share of the machine, 0 to 1, that other processes took meanwhile."""


@dataclass(frozen=True)
class Timing:
    """The sections of one contender."""

    sections: tuple[Section, ...]

    @property
    def seconds(self) -> float:
        """The median of the wall clock."""
        return statistics.median(section.seconds for section in self.sections)

    @property
    def cpu(self) -> float:
        """The median of the processor time."""
        return statistics.median(section.cpu for section in self.sections)

    @property
    def least(self) -> float:
        """The fastest section."""
        return min(section.seconds for section in self.sections)

    @property
    def most(self) -> float:
        """The slowest section."""
        return max(section.seconds for section in self.sections)

    @property
    def foreign(self) -> float:
        """What others took, at the median section."""
        return statistics.median(section.foreign for section in self.sections)


def processor_time() -> float:
    """Return the seconds that this process and its ended children have computed."""
    used = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        spent = resource.getrusage(who)
        used += spent.ru_utime + spent.ru_stime
    return used


def machine_time() -> float:
    """Return the seconds that all processors together have been busy since the machine started."""
    with Path("/proc/stat").open(encoding="ascii") as stat:
        user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICK


def section(work: Callable[[], object]) -> Section:
    """Time one call."""
    machine, own, start = machine_time(), processor_time(), time.perf_counter()
    work()
    seconds, cpu = time.perf_counter() - start, processor_time() - own
    busy = machine_time() - machine
    # /proc/stat counts in ticks: below a few of them the share says nothing.
    capacity = max(seconds * (os.cpu_count() or 1), 5 / _TICK)
    return Section(seconds, cpu, min(1.0, max(0.0, busy - cpu) / capacity))


def timed(work: Callable[[], object], *, rounds: int = 3, where: Path | None = None) -> Timing:
    """Time one piece of work several times; see `side_by_side`."""
    return side_by_side({"": work}, rounds=rounds, where=where)[""]


def side_by_side(
    contenders: Mapping[str, Callable[[], object]],
    *,
    rounds: int = 3,
    where: Path | None = None,
    before: Callable[[str], object] | None = None,
) -> dict[str, Timing]:
    """Time the contenders in turns.

    Parameters
    ----------
    contenders
        What to time, by name. Each call gets ready the folders it needs by itself,
        in a time that does not matter, or by `before`.
    rounds
        How often each is run. The median counts.
    where
        A folder whose file system is flushed before each section, so that nobody
        waits for what another one left in the page cache.
    before
        Called with the contender's name before each of its sections, not timed.
    """
    sections: dict[str, list[Section]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            if before is not None:
                before(name)
            if where is not None:
                flush(where)
            sections[name].append(section(work))
    return {name: Timing(tuple(found)) for name, found in sections.items()}


# ---------------------------------------------------------------- the machine


def flush(where: Path) -> None:
    """Write what a folder's file system still has in memory."""
    descriptor = os.open(where, os.O_RDONLY)
    try:
        if _libc.syncfs(descriptor):
            raise OSError(ctypes.get_errno(), "syncfs failed", str(where))
    finally:
        os.close(descriptor)


def foreign(seconds: float = 1.0) -> float:
    """Return the share of the machine, 0 to 1, that others take just now."""
    return section(lambda: time.sleep(seconds)).foreign


def wait_for_quiet(limit: float = 0.1, patience: float = 120.0) -> float:
    """Wait until others take less than `limit` of the machine, or patience ends; return what they take."""
    end = time.monotonic() + patience
    while (share := foreign()) > limit and time.monotonic() < end:
        time.sleep(2)
    return share


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the lock that ``JA_BENCH_LOCK`` names, if it does: nobody else measures meanwhile."""
    name = os.environ.get("JA_BENCH_LOCK")
    if not name:
        yield
        return
    with Path(name).open("a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Scratch:
    """Folders for what the sections write; `scratch` makes it and empties it at the end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._count = 0

    def new(self, name: str = "new") -> Path:
        """Return a path that does not exist yet, in an empty folder of its own."""
        self._count += 1
        folder = self.root / f"{self._count}"
        folder.mkdir()
        return folder / name


@contextlib.contextmanager
def scratch(parent: Path | None = None) -> Iterator[Scratch]:
    """Make a scratch folder, below `CACHE` unless said otherwise; empty it at the end and not before.

    What killed benchmarks left is removed at the end, too.
    """
    parent = parent or CACHE / "scratch"
    parent.mkdir(parents=True, exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix=f"bench-{os.getpid()}-", dir=parent))
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # `timeout` ends programs so
    try:
        yield Scratch(root)
    finally:
        signal.signal(signal.SIGTERM, before)
        for path in parent.glob("bench-*"):
            pid = path.name.split("-")[1]
            if path == root or (pid.isdigit() and not Path(f"/proc/{pid}").exists()):
                shutil.rmtree(path, ignore_errors=True)


# ---------------------------------------------------------------- what everybody is compared with


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder as ``cp -r`` does, without flushing anything."""
    subprocess.run(["cp", "-r", "--reflink=never", str(source), str(target)], check=True)


def copy_and_flush(source: Path, target: Path) -> None:
    """Copy by ``cp -r`` and make it durable: one file by fsync, a folder by flushing its file system."""
    copy(source, target)
    if target.is_dir():
        flush(target)
        return
    for path in (target, target.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# ---------------------------------------------------------------- tables


@dataclass
class Table:
    """A Markdown table; cells are text or numbers."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str | float | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: str | float | None) -> None:
        """Add a row."""
        self.rows.append(cells)

    def __str__(self) -> str:
        cells = [[cell if isinstance(cell, str) else number(cell) for cell in row] for row in self.rows]
        widths = [max(len(line[k]) for line in [list(self.columns), *cells]) for k in range(len(self.columns))]
        rule = "|".join("-" * (width + 1) + (":" if k else "-") for k, width in enumerate(widths))

        def line(texts: Sequence[str]) -> str:
            padded = (
                text.rjust(width) if k else text.ljust(width)
                for k, (text, width) in enumerate(zip(texts, widths, strict=True))
            )
            return f"| {' | '.join(padded)} |"

        notes = [f"\n{note}" for note in self.notes]
        return "\n".join([f"### {self.title}\n", line(self.columns), f"|{rule}|", *map(line, cells), *notes]) + "\n"


def number(value: float | None) -> str:
    """Write a number with three digits that say something; a dash for what was not measured."""
    if value is None:
        return "-"
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    if value == 0:
        return "0"
    places = (
        0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3 if abs(value) >= 0.1 else 5
    )
    return f"{value:.{places}f}"


def table(title: str, found: Mapping[str, Timing], *, base: str, per: int | None = None) -> Table:
    """Return medians and ratios.

    Parameters
    ----------
    title
        The heading.
    found
        What `side_by_side` returned.
    base
        The contender that all are divided by.
    per
        How many things one section handled; adds a column of microseconds for one.
    """
    columns = ["", f"times {base}", "seconds", "least", "most", "cpu s", "foreign cpu"]
    made = Table(title, [*columns, "us each"] if per else columns)
    for name, timing in found.items():
        each = [1e6 * timing.seconds / per] if per else []
        made.add(
            name,
            timing.seconds / found[base].seconds,
            *(timing.seconds, timing.least, timing.most, timing.cpu),
            f"{100 * timing.foreign:.0f} %",
            *each,
        )
    return made
