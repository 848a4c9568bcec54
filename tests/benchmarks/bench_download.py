"""Bringing artifacts back: `download` beside ``cp -r``, every byte verified, nothing flushed by either.

``python -m tests.benchmarks.bench_download [--files 100000] [--mebibytes 2048] [--rounds 3]``
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

import jupyter_artifacts as ja
from tests.benchmarks.benchlib import alone, copy, scratch, side_by_side, table, wait_for_quiet
from tests.benchmarks.datasets import big_file, small_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.benchmarks.benchlib import Scratch, Table


def logged(source: Path, store: Path) -> ja.Artifact:
    """Log a file or a folder; return its version, read anew."""
    with ja.init(project="bench", store=store) as run:
        artifact = ja.Artifact("data", type="dataset")
        if source.is_dir():
            artifact.add_dir(str(source))
        else:
            artifact.add_file(str(source))
        run.log_artifact(artifact)
    return ja.Api(overrides={"project": "bench"}, store=store).artifact("data:latest")


def compare(title: str, source: Path, work: Scratch, rounds: int, per: int | None) -> Table:
    """Return the table for one source."""
    artifact = logged(source, work.new("store"))
    again = work.new()
    artifact.download(again)
    contenders = {
        "cp -r": lambda: copy(source, work.new()),
        "download": lambda: artifact.download(work.new()),
        "download(link='hard')": lambda: artifact.download(work.new(), link="hard"),
        "download, all there": lambda: artifact.download(again),
    }
    return table(title, side_by_side(contenders, rounds=rounds, where=work.root), base="cp -r", per=per)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--mebibytes", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    os.environ["JUPYTER_ARTIFACTS_SILENT"] = "true"
    with alone(), scratch() as work:
        busy = wait_for_quiet(patience=20)
        if options.files:
            title = f"{options.files:,} files of 4 KiB (goal: 1.3 times cp -r)"
            sys.stdout.write(f"{compare(title, small_files(options.files), work, options.rounds, options.files)}\n")
        if options.mebibytes:
            title = f"One file of {options.mebibytes:,} MiB (goal: 1.5 times cp)"
            sys.stdout.write(f"{compare(title, big_file(options.mebibytes), work, options.rounds, None)}\n")
        sys.stdout.write(f"Others took {busy:.0%} of the machine before the first section.\n")


if __name__ == "__main__":
    main()
