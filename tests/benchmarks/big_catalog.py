"""A catalog of a million versions, loaded in bulk: two projects, a thousand names, 200,000 runs, 1.4 million edges."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

import psycopg

from jupyter_artifacts.store import layout
from jupyter_artifacts.store.catalog import catalog as catalogs
from jupyter_artifacts.store.catalog import server as servers
from jupyter_artifacts.store.location import ServerURL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_artifacts.store.protocols import Catalog

OUT, IN = 5, 2
"""What each run makes, and uses of what the runs before it made."""

NAMES = 1000
ROOT = bytes(32)
AT = 1_700_000_000.0


class Rows(NamedTuple):
    """A table's name, its columns, and its rows."""

    table: str
    columns: str
    rows: Iterator[tuple[object, ...]]


def name_of(version: int) -> int:
    """Return the collection of the n-th version: every second one goes to the first, the rest to all others."""
    return 1 if version % 2 == 0 else 2 + (version // 2) % (NAMES - 1)


def project_of(collection: int) -> int:
    """Return the project of a collection: the last ten names are a small project of their own."""
    return 2 if collection > NAMES - 10 else 1


def tables(count: int) -> Iterator[Rows]:
    """Yield all rows of a catalog of `count` versions, table by table."""
    runs = count // OUT
    step = OUT + 1
    numbers = [0] * (NAMES + 1)
    latest = [0] * (NAMES + 1)

    def versions() -> Iterator[tuple[object, ...]]:
        for version in range(runs * OUT):
            run, place = divmod(version, OUT)
            collection = name_of(version)
            number = numbers[collection]
            numbers[collection] += 1
            key = run * step + 1
            latest[collection] = key + 1 + place
            yield (
                *(key + 1 + place, collection, number, version.to_bytes(32, "big"), ROOT, 1, 1000, '{"acc":0.5}'),
                *(key, f"{version:032x}", AT + version, AT + version, 1),
            )

    def edges() -> Iterator[tuple[object, ...]]:
        count = 0
        for run in range(runs):
            key = run * step + 1
            for back in range(IN):
                if run > 7 * back + 1:
                    count += 1
                    used = (run - 1 - 7 * back) * step + 2 + back
                    yield (count, key, used, "in", "", AT + run)
            for place in range(OUT):
                count += 1
                yield (count, key, key + 1 + place, "out", "", AT + run)

    yield Rows("blob", "digest, size, place", iter([(ROOT, 1, "0" * 20)]))
    yield Rows("project", "id, name, next_run, created_at", iter([(1, "big", runs + 1, AT), (2, "small", 1, AT)]))
    yield Rows(
        "run",
        "key, id, project_id, number, name, entity, job_type, group_name, notes, config, summary, state, error, "
        "notebook, cell_id, source, host, pid, started_at, heartbeat_at",
        (
            (
                *(run * step + 1, f"r{run}", 1, run + 1, f"run-{run}", "", "train", "", "", "{}", "{}", "finished", ""),
                *("nb.ipynb", "c1", "x = 1", "h", 1, AT + run, AT + run),
            )
            for run in range(runs)
        ),
    )
    given = list(versions())
    yield Rows(
        "collection",
        "id, project_id, name, folded, type, next_version, live, live_size, created_at, updated_at",
        (
            (c, project_of(c), f"name-{c}", f"name-{c}", "dataset", n, n, n * 1000, AT, AT)
            for c, n in enumerate(numbers)
            if c
        ),
    )
    columns = "id, collection_id, number, digest, root, files, size, metadata, run_key, commit_id, created_at, "
    yield Rows("version", columns + "updated_at, live", iter(given))
    yield Rows(
        "alias", "collection_id, alias, version_id, moved_at", ((c, "latest", v, AT) for c, v in enumerate(latest) if c)
    )
    yield Rows("edge", "id, run_key, version_id, direction, used_as, at", edges())


def on_sqlite(folder: Path, count: int) -> Catalog:
    """Open the catalog in `folder`, made when it is not there."""
    path = folder / "catalog.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "store.json").touch()
        new = folder / "new.db"
        catalogs.create(str(new), layout.new_info())
        raw = sqlite3.connect(new)
        raw.execute("PRAGMA synchronous=OFF")
        for table in tables(count):
            marks = ",".join("?" * (table.columns.count(",") + 1))
            raw.executemany(f"INSERT INTO {table.table} ({table.columns}) VALUES ({marks})", table.rows)  # noqa: S608  names of ours
        raw.execute("UPDATE counter SET value = ? WHERE name = 'revision'", (count // OUT * (OUT + 1),))
        raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        new.rename(path)
    return catalogs.open_file(str(path), "blake3")


def on_postgres(url: str, count: int) -> Catalog:
    """Fill the empty database at `url` and open it."""
    server = ServerURL(url)
    servers.found(server, layout.new_info(), "")
    with psycopg.connect(url, options="-c search_path=jupyter_artifacts") as connection:
        for table in tables(count):
            words = f"COPY {table.table} ({table.columns}) FROM STDIN".encode()
            with connection.cursor().copy(words) as copy:
                for row in table.rows:
                    copy.write_row(row)
        connection.execute("UPDATE counter SET value = %s WHERE name = 'revision'", (count // OUT * (OUT + 1),))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    return servers.open_server(server, "blake3")
