"""Logging to a bucket and downloading from it, beside plain puts and gets of the same files by the same client.

    python -m tests.benchmarks.bench_remote [--files 10000] [--mebibytes 512] [--rounds 3]

The server is a SeaweedFS of our own on this machine, with its disk in memory where there
is room: it costs processor time and no distance, so ratios tell more than seconds do. A
real bucket answers in 10 to 50 ms, and each object costs one answer: there plain puts of
small files fall behind by much more. The catalog is SQLite, flushed at every commit.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.store import S3Store

import jupyter_artifacts as wandb
from tests.benchmarks import benchlib, datasets
from tests.servers.seaweed import Seaweed

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.run import Run

THREADS = 16
PART = 8 << 20
BUCKET = "bench"


class Contest:
    """One folder, put and logged, fetched and downloaded.

    Parameters
    ----------
    source : Path
    folders : Scratch
    """

    def __init__(self, source: Path, folders: benchlib.Scratch) -> None:
        self.source = source
        self.folders = folders
        self.paths = sorted(path for path in source.rglob("*") if path.is_file())
        self.plain = S3Store(BUCKET, client_options={"allow_http": True})
        self.run: Run | None = None
        self.prefix = self.there = ""
        self.artifact: Artifact | None = None
        self.target = Path()

    def prepare(self, name: str) -> None:
        """Get ready what the next section needs."""
        self.target = self.folders.new("target")
        if name in {"put", "log"}:
            self.prefix = uuid.uuid4().hex
        if name == "log":
            self.begin()
        if name == "download" and self.run is not None:
            shutil.rmtree(Path(self.run.store.root, "read"), ignore_errors=True)

    def begin(self) -> None:
        """Begin a new store."""
        self.finish()
        where = f"{self.folders.new('store')} s3://{BUCKET}/{self.prefix}"
        self.run = wandb.init(project="bench", store=where)

    def finish(self) -> None:
        """Leave the store."""
        if self.run is not None:
            store = self.run.store
            self.run.finish()
            store.close()
            self.run = None

    def put(self) -> None:
        """Put each file as an object, a big one in parts, some at a time."""
        with ThreadPoolExecutor(THREADS) as threads:
            for _ in threads.map(self.put_one, self.paths):
                pass
        self.there = self.prefix

    def put_one(self, path: Path) -> None:
        """Put one file."""
        key = f"{self.prefix}/{path.relative_to(self.source)}"
        if path.stat().st_size > PART:
            obstore.put(self.plain, key, path, chunk_size=PART, max_concurrency=8)
        else:
            obstore.put(self.plain, key, path.read_bytes())

    def get(self) -> None:
        """Get each object into a file."""
        with ThreadPoolExecutor(THREADS) as threads:
            for _ in threads.map(self.get_one, self.paths):
                pass

    def get_one(self, path: Path) -> None:
        """Get one object."""
        target = self.target / path.relative_to(self.source)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for part in obstore.get(self.plain, f"{self.there}/{path.relative_to(self.source)}"):
                file.write(part)

    def log(self) -> None:
        """Log the folder."""
        if self.run is None:
            raise RuntimeError("no run was begun")
        artifact = wandb.Artifact("data", "dataset")
        artifact.add_dir(str(self.source))
        self.artifact = self.run.log_artifact(artifact)

    def download(self) -> None:
        """Download the version, verified."""
        if self.artifact is None:
            raise RuntimeError("nothing was logged")
        self.artifact.download(str(self.target))

    def check(self) -> None:
        """Look whether what was downloaded is what was logged."""
        for path in self.paths[:: max(1, len(self.paths) // 100)]:
            if (self.target / path.relative_to(self.source)).read_bytes() != path.read_bytes():
                raise RuntimeError(f"{path} came back as something else")


def contest(source: Path, folders: benchlib.Scratch, rounds: int, title: str) -> None:
    """Print the tables of one folder."""
    here = Contest(source, folders)
    count = len(here.paths)
    writing: dict[str, Callable[[], object]] = {"put": here.put, "log": here.log, "log again, unchanged": here.log}
    found = benchlib.side_by_side(writing, rounds=rounds, where=folders.root, before=here.prepare)
    sys.stdout.write(f"{benchlib.table(f'{title}: to the bucket', found, base='put', per=count)}\n\n")
    reading: dict[str, Callable[[], object]] = {
        "get": here.get,
        "download": here.download,
        "download again, from the cache": here.download,
    }
    found = benchlib.side_by_side(reading, rounds=rounds, where=folders.root, before=here.prepare)
    here.check()
    here.finish()
    sys.stdout.write(f"{benchlib.table(f'{title}: from the bucket', found, base='get', per=count)}\n\n")


def main() -> None:
    """Run it all."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--mebibytes", type=int, default=512)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    server = Seaweed()
    try:
        server.bucket(BUCKET)
        os.environ.update(server.environment(), WANDB_SILENT="true")
        obstore.put(S3Store(BUCKET, client_options={"allow_http": True}), "first", b"the first one takes seconds")
        with benchlib.alone(), benchlib.scratch() as folders:
            small = datasets.small_files(given.files)
            contest(small, folders, given.rounds, f"{given.files:,} files of 4 KiB")
            big = datasets.big_file(given.mebibytes).parent
            contest(big, folders, given.rounds, f"One file of {given.mebibytes} MiB")
    finally:
        server.close()


if __name__ == "__main__":
    main()
