"""Ours beside `cp -r`, `cp` + fsync and the peers, on the workloads of a store, in one run.

    python -m tests.benchmarks.storage [--only big,small,many] [--peers all] [--rounds 3] [--share 1.0]

Seconds are medians. "again" logs the same data once more, "1 %" after one file in a
hundred was replaced, "get" brings everything back into a new folder; ours verifies it.
"later" is what flushing the disk still took after a log was reported as done: what a
power cut would have taken. Ours is durable when it returns.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.benchlib import Table, alone, scratch, wait_for_quiet
from tests.benchmarks.datasets import big_file, small_files
from tests.benchmarks.peers.contest import BASES, OURS, SETTLED, Field, contest, drivers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.benchmarks.peers.contest import Results


@dataclass(frozen=True)
class Workload:
    """One dataset."""

    title: str
    files: int
    size: int
    """Bytes of a file."""

    def scaled(self, share: float) -> Workload:
        """Return a smaller one, for trying out."""
        if share == 1:
            return self
        if self.files == 1:
            return Workload(f"{self.title}, turned down", 1, max(1 << 20, round(self.size * share)))
        return Workload(f"{self.title}, turned down", max(100, round(self.files * share)), self.size)

    def data(self, parent: Path | None) -> Path:
        """Make the dataset, or find it."""
        if self.files == 1:
            return big_file(self.size >> 20, parent=parent)
        return small_files(self.files, self.size, parent=parent)


WORKLOADS = {
    "big": Workload("One file of 2 GiB", 1, 2 << 30),
    "small": Workload("10,000 files of 4 KiB", 10_000, 4096),
    "many": Workload("100,000 files of 4 KiB", 100_000, 4096),
}


@dataclass(frozen=True)
class Goal:
    """A figure that the project set itself."""

    workload: str
    text: str
    limit: float
    phase: str
    base: str | None = None
    """Divide by this tool's seconds; without it, seconds."""
    each: bool = False
    """Microseconds for one file."""

    def found(self, results: Results, files: int) -> float | None:
        """Return what was measured."""
        if self.base is not None:
            return results.ratio(self.phase, OURS, self.base)
        seconds = results.seconds(self.phase, OURS)
        return seconds if seconds is None or not self.each else 1e6 * seconds / files


GOALS = (
    Goal("big", "log 2 GiB, times cp + fsync", 1.3, "log", "cp + fsync"),
    Goal("big", "log 2 GiB again, seconds", 0.05, "again"),
    Goal("big", "get 2 GiB, times cp", 1.5, "get", "cp -r"),
    Goal("small", "log 10,000 files, times cp -r", 1.0, "log", "cp -r"),
    Goal("many", "log 100,000 files, us each", 25, "log", each=True),
    Goal("many", "log 100,000 again, us each", 6, "again", each=True),
    Goal("many", "log 1 % changed, us each", 10, "changed", each=True),
    Goal("many", "get 100,000 files, times cp -r", 1.3, "get", "cp -r"),
)
MEMORY = {"many": ("peak memory at 100,000 files, MB", 250.0, 0), "big": ("memory over base at 2 GiB, MB", 150.0, 1)}
MB = 2**20 / 1e6


def report(workload: Workload, results: Results) -> Table:
    """Return the table of one workload."""
    names = dict.fromkeys(name for tools in results.phases.values() for name in tools)
    us = ["us each"] if workload.files > 1 else []
    changed = ["1 %", *us] if workload.files > 1 else []
    columns = ["", "log", "x cp -r", "x cp+fsync", *us, "later", "again", *us, *changed, "get", "x cp -r", "peak MiB"]
    table = Table(workload.title, columns)
    for name in names:

        def each(phase: str, name: str = name) -> list[float | None]:
            seconds = results.seconds(phase, name)
            if workload.files == 1:
                return [seconds]
            return [seconds, None if seconds is None else 1e6 * seconds / workload.files]

        log, *log_each = each("log")
        memory = results.memory(name)
        table.add(
            name,
            log,
            *(results.ratio("log", name, base) for base in BASES),
            *log_each,
            results.later("log", name),
            *each("again"),
            *(each("changed") if workload.files > 1 else ()),
            results.seconds("get", name),
            results.ratio("get", name, BASES[0]),
            memory[0] if memory else None,
        )
    if results.foreign:
        taken = 100 * statistics.median(results.foreign)
        table.notes.append(f"Others took {taken:.0f} % of the machine meanwhile (median of the steps).")
    table.notes += results.notes
    return table


def goals(found: dict[str, Results]) -> Table:
    """Return what the project set itself, beside what was measured."""
    table = Table("Goals", ["", "at most", "found", ""])
    for goal in GOALS:
        if goal.workload in found:
            value = goal.found(found[goal.workload], WORKLOADS[goal.workload].files)
            table.add(goal.text, goal.limit, value, "-" if value is None else "yes" if value <= goal.limit else "no")
    for key, (text, limit, which) in MEMORY.items():
        memory = found[key].memory(OURS) if key in found else None
        if memory:
            table.add(text, limit, memory[which] * MB, "yes" if memory[which] * MB <= limit else "no")
    return table


def choose(peers: str) -> Field:
    """Return the copies, ours, and the peers whose titles begin with one of the words given."""
    words = tuple(word.lower() for word in peers.split(",") if word)
    chosen = [
        driver
        for driver in drivers()
        if driver.title in (*BASES, OURS) or peers == "all" or driver.title.lower().startswith(words or ("\0",))
    ]
    return Field.of(chosen)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="big,small,many", help="workloads, by comma")
    parser.add_argument("--peers", default="all", help="beginnings of names, by comma; all; or nothing: --peers=")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--share", type=float, default=1.0, help="turn the data down to this share, to try it out")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for a quiet machine")
    parser.add_argument("--settled", type=float, default=SETTLED, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    who = choose(options.peers)
    python = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors"
    sys.stdout.write(f"{python}, medians of {options.rounds}\n\n")
    found: dict[str, Results] = {}
    with alone():
        if options.share == 1:
            wait_for_quiet(patience=options.patience)
        for key in options.only.split(","):
            workload = WORKLOADS[key].scaled(options.share)
            with scratch() as folders:
                data = workload.data(None if options.share == 1 else folders.root / "data")
                found[key] = contest(who, data, folders, rounds=options.rounds, settled=options.settled)
            sys.stdout.write(f"{report(workload, found[key])}\n")
            sys.stdout.flush()
    if options.share == 1:
        sys.stdout.write(f"{goals(found)}\n")
    sys.stdout.write("".join(f"{note}\n" for note in who.notes))


if __name__ == "__main__":
    main()
