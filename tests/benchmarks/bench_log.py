"""10,000 calls of `run.log` with two numbers each: ours beside the peers, in one run.

    python -m tests.benchmarks.bench_log [--count 10000] [--peers all] [--rounds 3]

"until finished" is until the run's end returned: ours is durable then. The last line is
ours in processor time, which others on the machine cannot spoil.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.benchlib import Table, alone, scratch
from tests.benchmarks.peers.contest import BASES, OURS, Field, drivers
from tests.benchmarks.peers.processes import StepFailedError, Tool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.benchmarks.peers.driver import Driver
    from tests.benchmarks.peers.processes import Step

SLOW = {"DVC": 1000, "ClearML, offline": 1000, "MLflow, SQLite": 1000}
"""Those to whom ten thousand calls are minutes: a summary written anew, a transaction or a message for each."""
GOAL = 40_000


def measure(driver: type[Driver], python: str, root: Path, count: int) -> Step:
    """Run one tool once."""
    tool = Tool(driver(), python, root)
    tool.step("setup")
    return tool.step("metrics", count=count)


def contenders(peers: str) -> Field:
    """Return ours, and the peers that log numbers and can be had."""
    words = tuple(word.lower() for word in peers.split(",") if word)
    able = [driver for driver in drivers() if driver.module and driver.title not in BASES]
    return Field.of(
        driver
        for driver in able
        if driver.title == OURS or peers == "all" or driver.title.lower().startswith(words or ("\0",))
    )


def table(who: Field, count: int, rounds: int, parent: Path | None = None) -> Table:
    """Run everybody in turns and return the table."""
    found: dict[str, list[Step]] = {}
    with scratch(parent) as folders:
        for _ in range(rounds):
            for driver, python in who.ready.items():
                mine = min(count, SLOW.get(driver.title, count))
                try:
                    step = measure(driver, python, folders.new("store"), mine)
                except StepFailedError as error:
                    who.notes.append(f"{driver.title}: failed: {str(error)[-300:]}")
                    continue
                found.setdefault(driver.title, []).append(step)
    made = Table(
        f"{count:,} calls of log, two numbers each",
        ["", "times ours", "s until finished", "calls/s in the loop", "calls/s in all", "later"],
    )
    each = {
        title: statistics.median(step.seconds for step in steps) / min(count, SLOW.get(title, count))
        for title, steps in found.items()
    }
    for title, steps in sorted(found.items(), key=lambda item: each[item[0]]):
        mine = min(count, SLOW.get(title, count))
        loop = statistics.median(step.parts["calls"] for step in steps)
        later = statistics.median(step.later for step in steps)
        ratio = each[title] / each[OURS] if OURS in each else None
        made.add(title, ratio, each[title] * mine, round(mine / loop), round(1 / each[title]), later)
        if mine != count:
            made.notes.append(f"{title}: {mine:,} calls only.")
    if OURS in found:
        rate = count / statistics.median(step.inside for step in found[OURS])
        made.notes.append(
            f"Ours: {rate:,.0f} calls a second of processor time, the run's end included; the goal is {GOAL:,}."
        )
    made.notes += who.notes
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--peers", default="all", help="beginnings of names, by comma; all; or nothing: --peers=")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    with alone():
        sys.stdout.write(f"{table(contenders(options.peers), options.count, options.rounds)}\n")


if __name__ == "__main__":
    main()
