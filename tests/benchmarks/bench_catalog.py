"""The catalog: publishing from eight processes, a million versions, 100,000 new blobs; on SQLite and on PostgreSQL.

    python -m tests.benchmarks.bench_catalog [--versions 1000000] [--seconds 3] [--no-postgres]

The big catalog is made once, in ``JA_BENCH_CACHE``. What commits is beside what the
disk can do: a flush of as many bytes as a publication writes.
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store import layout
from jupyter_artifacts.store.catalog import catalog as catalogs
from jupyter_artifacts.store.catalog import server as servers
from jupyter_artifacts.store.location import ServerURL
from jupyter_artifacts.store.records import Place, Query, Stored
from jupyter_artifacts.testing.publications import publication
from tests.benchmarks.benchlib import CACHE, Table, alone, scratch, timed
from tests.benchmarks.big_catalog import OUT, on_postgres, on_sqlite
from tests.servers.postgres import Postgres, program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

    from jupyter_artifacts.store.protocols import Catalog

WRITERS = 8
PUBLISHED = 50_000
"""Bytes that one publication adds to the log, about."""


class Wrote(NamedTuple):
    """What one writer did."""

    published: int
    longest: float
    cpu: float


def opened(where: str) -> Catalog:
    """Open a catalog by its file or its URL."""
    if where.startswith("postgresql:"):
        return servers.open_server(ServerURL(where), "blake3")
    return catalogs.open_file(where, "blake3")


def write(where: str, me: int, seconds: float, ready: Barrier) -> Wrote:
    """Publish small versions under one name for some seconds."""
    catalog = opened(where)
    catalog.versions.publish(publication(f"warm {me}"))
    ready.wait()
    begun, cpu, longest, count = time.monotonic(), time.process_time(), 0.0, 0
    while (now := time.monotonic()) < begun + seconds:
        catalog.versions.publish(publication(f"{me}/{count}"))
        longest, count = max(longest, time.monotonic() - now), count + 1
    cpu = time.process_time() - cpu
    catalog.close()
    return Wrote(count, longest, cpu)


def _child(where: str, me: int, seconds: float, ready: Barrier, answers: multiprocessing.SimpleQueue[Wrote]) -> None:
    answers.put(write(where, me, seconds, ready))


def publishing(where: str, seconds: float, writers: int, table: Table, name: str) -> None:
    """Let some processes publish under one name at once; add a row."""
    context = multiprocessing.get_context("spawn")
    ready, answers = context.Barrier(writers), context.SimpleQueue()
    children = [context.Process(target=_child, args=(where, n, seconds, ready, answers)) for n in range(writers)]
    for child in children:
        child.start()
    done = [answers.get() for _ in children]
    for child in children:
        child.join()
    count = sum(wrote.published for wrote in done)
    catalog = opened(where)
    newest = catalog.versions.resolve("p", "data", "latest").number
    gaps = newest + 1 - count - writers
    broken = len(catalog.check())
    catalog.close()
    table.add(
        name,
        count / seconds,
        f"{min(w.published for w in done)}..{max(w.published for w in done)}",
        *(1e3 * max(w.longest for w in done), 1e6 * sum(w.cpu for w in done) / max(count, 1)),
        f"{gaps} / {broken}",
    )


def flushes(folder: Path, seconds: float) -> float:
    """Return how often a second the disk confirms as much as a publication writes."""
    fd = os.open(folder / "flushed", os.O_RDWR | os.O_CREAT)
    data, begun, count = os.urandom(PUBLISHED), time.monotonic(), 0
    while time.monotonic() < begun + seconds:
        os.pwrite(fd, data, count % 80 * PUBLISHED)
        os.fdatasync(fd)
        count += 1
    os.close(fd)
    return count / seconds


def questions(catalog: Catalog, versions: int) -> dict[str, Callable[[], object]]:
    """Return what is asked of the big catalog, by name."""
    newest = catalog.versions.resolve("big", "name-1", "latest")
    step = OUT + 1
    middle = versions // OUT // 2 * step + 2
    many = [run * step + 2 + place for run in range(min(20_000, versions // OUT)) for place in range(OUT)]
    page = catalog.versions.page
    return {
        "resolve an alias": lambda: catalog.versions.resolve("big", "name-1", "latest"),
        "resolve a number": lambda: catalog.versions.resolve("big", "name-1", f"v{newest.number // 2}"),
        "newest 50 of all": lambda: page(Query(limit=50)),
        "newest 50 of a project": lambda: page(Query(project="big", limit=50)),
        "newest 50 of a small project": lambda: page(Query(project="small", limit=50)),
        "newest 50 of the largest name": lambda: page(Query(project="big", name="name-1", limit=50)),
        "newest 50 with an alias": lambda: page(Query(project="big", alias="latest", limit=50)),
        "slow: newest 50 by metadata": lambda: page(Query(project="small", metadata=(("acc", ">", 0.4),), limit=50)),
        "newest 50 names": lambda: catalog.versions.collections(Query(limit=50)),
        "six hops up": lambda: catalog.edges.lineage(focus=f"artifact:{middle}", up=6, down=0),
        "six hops both ways": lambda: catalog.edges.lineage(focus=f"artifact:{middle}", up=6, down=6),
        "a version by its digest": lambda: catalog.versions.by_digest("big", "name-1", newest.digest),
        "what is stale of 50 versions": lambda: catalog.edges.stale(many[-50:]),
        f"slow: what is stale of {len(many):,} versions": lambda: catalog.edges.stale(many),
        "slow: what is stale of a project": lambda: catalog.edges.stale_of("small"),
    }


def reading(catalog: Catalog, name: str, versions: int, into: dict[str, dict[str, tuple[float, float]]]) -> None:
    """Time each question; medians of wall clock and processor in milliseconds."""
    for words, ask in questions(catalog, versions).items():
        ask()
        found = timed(ask, rounds=3 if "slow" in words else 15)
        into.setdefault(words.removeprefix("slow: "), {})[name] = (1e3 * found.seconds, 1e3 * found.cpu)


def bulk(catalog: Catalog, count: int) -> float:
    """Publish one version with many new blobs; return the microseconds of one."""
    blobs = tuple(Stored(Digest(os.urandom(32)), 4096, Place(f"{n % 4:020x}@{n * 4096}")) for n in range(count))
    new = publication(f"bulk {time.monotonic_ns()}", name="bulk")
    begun = time.perf_counter()
    catalog.versions.publish(replace(new, blobs=(*blobs, *new.blobs)))
    return 1e6 * (time.perf_counter() - begun) / count


def fresh(folder: Path) -> str:
    """Make an empty catalog in a folder; return its file."""
    folder.mkdir(parents=True)
    (folder / "store.json").touch()
    path = str(folder / "catalog.db")
    catalogs.create(path, layout.new_info())
    return path


def founded(server: Postgres) -> str:
    """Make an empty catalog on a server; return its URL."""
    url = server.database()
    servers.found(ServerURL(url), layout.new_info(), "")
    return url


def tables(versions: int, seconds: float, blobs: int, *, postgres: bool) -> list[Table]:
    """Measure everything; return the tables."""
    title = f"Small durable publications, {WRITERS} processes, one name"
    columns = ["", "a second", "each process", "longest ms", "cpu us", "gaps / problems"]
    writes, reads = Table(title, columns), Table(f"At {versions:,} versions, milliseconds (cpu)", [])
    answers: dict[str, dict[str, tuple[float, float]]] = {}
    rates: dict[str, float] = {}
    with scratch() as folders, alone():
        flushed = flushes(folders.root, seconds)
        for writers in (1, WRITERS):
            publishing(fresh(folders.new()), seconds, writers, writes, f"SQLite, {writers}")
        big = on_sqlite(CACHE / f"catalog-{versions}", versions)
        reading(big, "SQLite", versions, answers)
        big.close()
        empty = opened(fresh(folders.new()))
        rates["SQLite"] = bulk(empty, blobs)
        empty.close()
        if postgres:
            server = Postgres(durable=True)
            try:
                for writers in (1, WRITERS):
                    publishing(founded(server), seconds, writers, writes, f"PostgreSQL, {writers}")
                large = on_postgres(server.database(), versions)
                reading(large, "PostgreSQL", versions, answers)
                large.close()
                empty = opened(founded(server))
                rates["PostgreSQL"] = bulk(empty, blobs)
                empty.close()
            finally:
                server.close()
    writes.notes.append(f"One process alone flushes {PUBLISHED:,} bytes {flushed:.0f} times a second on this disk.")
    reads.columns = ["", *rates]
    for words, found in answers.items():
        reads.add(words, *(f"{found[name][0]:.2f} ({found[name][1]:.2f})" for name in rates))
    new = Table(f"One version with {blobs:,} new blobs", ["", "us a blob"])
    for name, rate in rates.items():
        new.add(name, rate)
    return [writes, reads, new]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--blobs", type=int, default=100_000)
    parser.add_argument("--no-postgres", action="store_true")
    options = parser.parse_args(arguments)
    postgres = not options.no_postgres and program("initdb") is not None
    say = functools.partial(print, flush=True)
    for table in tables(options.versions, options.seconds, options.blobs, postgres=postgres):
        say(table)


if __name__ == "__main__":
    main()
