"""What logging a folder costs through the public API, by its steps: `python -m tests.benchmarks.bench_folders`.

One process: scan, log for the first time, again unchanged, again after one file in a
hundred was replaced; then the same folder by two worker processes. Everything logged is durable
when `log_artifact` returns, and every version is in a store of its own unless it is "again".
`storage.py` sets the same beside the peers.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from tests.benchmarks.benchlib import Timing, alone, copy, scratch, section, side_by_side, table, wait_for_quiet
from tests.benchmarks.datasets import change_some, read_once, small_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from tests.benchmarks.benchlib import Scratch

AT_REST = 2.5
"""Seconds that files must be left alone before the stat cache believes them."""


def log(tree: Path, store: Path, executor: Executor | None = None) -> Artifact:
    """Log a folder into a store."""
    import jupyter_artifacts as ja

    os.environ["JUPYTER_ARTIFACTS_STORE"] = str(store)
    with ja.init(project="bench", reinit="create_new") as run:
        artifact = ja.Artifact("data", "dataset")
        artifact.add_dir(tree, executor=executor)
        return run.log_artifact(artifact)


def first_and_again(tree: Path, folders: Scratch, rounds: int, workers: Executor) -> dict[str, Timing]:
    """Time the first log beside `cp -r`, with and without workers, and logging again."""
    from jupyter_artifacts.tracking.artifact.scan import scan

    known = folders.new("known")
    log(tree, known)
    log(tree, known)
    return side_by_side(
        {
            "cp -r": lambda: copy(tree, folders.new()),
            "scan": lambda: scan(str(tree)),
            "log": lambda: log(tree, folders.new("store")),
            "log, two processes": lambda: log(tree, folders.new("store"), workers),
            "log again": lambda: log(tree, known),
        },
        rounds=rounds,
        where=folders.root,
    )


def changed(tree: Path, folders: Scratch, rounds: int) -> Timing:
    """Time logging after one file in a hundred was replaced, each time others."""
    work, store = folders.new("tree"), folders.new("known")
    shutil.copytree(tree, work)
    time.sleep(AT_REST)
    log(work, store)
    sections = []
    for number in range(rounds):
        change_some(work, seed=number)
        time.sleep(AT_REST)
        sections.append(section(lambda: log(work, store)))
    return Timing(tuple(sections))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=float, default=120.0, help="seconds to wait for a quiet machine")
    options = parser.parse_args(arguments)
    os.environ["JUPYTER_ARTIFACTS_SILENT"] = "1"
    tree = small_files(options.files)
    with alone(), scratch() as folders, ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as workers:
        list(workers.map(abs, range(8)))
        read_once(tree)
        wait_for_quiet(patience=options.patience)
        found = first_and_again(tree, folders, options.rounds, workers)
        found["log, 1 % changed"] = changed(tree, folders, options.rounds)
    report = table(
        f"{options.files:,} files of 4 KiB through add_dir and log_artifact", found, base="cp -r", per=options.files
    )
    ratio = found["log"].seconds / found["log, two processes"].seconds
    report.notes.append(f"Two processes: {ratio:.2f} times as fast as one.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    report.notes.append(f"Peak memory of the process, all of these together: {peak:.0f} MB.")
    sys.stdout.write(f"{report}\n")


if __name__ == "__main__":
    main()
