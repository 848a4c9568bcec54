"""Statements that are compiled once, and blobs by the thousand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, select

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.catalog import schema
from jupyter_artifacts.store.catalog.prepared import Prepared, among
from jupyter_artifacts.store.catalog.sqlite import SqliteDatabase
from jupyter_artifacts.store.records import Place, Stored
from jupyter_artifacts.testing.publications import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.store.store import Store

_r = schema.run.c
ODD = "a\0b\ud800 $ja:"


@pytest.fixture
def db(store: Store) -> Iterator[SqliteDatabase]:
    for number in range(5):
        store.catalog.runs.start(run(f"r{number}", notes=ODD if number == 2 else "plain"))
    database = SqliteDatabase(f"{store.root}/catalog.db", writable=True)
    yield database
    database.close()


def test_text_comes_back_as_it_was_given(db: SqliteDatabase) -> None:
    words = Prepared(lambda _: select(_r.id, _r.notes, _r.exit_code).where(_r.notes == bindparam("notes")))
    with db.read() as conn:
        (found,) = words.records(conn, notes=ODD)
        assert (found.id, found.notes, found.exit_code) == ("r2", ODD, None)
        assert words.row(conn, notes="nothing like it") is None
        assert len(words.rows(conn, notes="plain")) == 4


def test_any_number_of_ids_is_one_statement(db: SqliteDatabase) -> None:
    words = Prepared(lambda _: select(_r.key, _r.id).where(among(_r.key, "keys")))
    with db.read() as conn:
        keys = {row.id: row.key for row in conn.execute(select(_r.id, _r.key))}
        assert words.rows(conn, keys=[]) == []
        for wanted in (["r1"], ["r0", "r4"], list(keys)):
            assert {row[1] for row in words.rows(conn, keys={keys[name] for name in wanted})} == set(wanted)
        assert words.rows(conn, keys=range(-5, 0)) == []
        assert {row[1] for row in words.rows(conn, keys=range(200_000))} == set(keys)
        plan = conn.exec_driver_sql("EXPLAIN QUERY PLAN " + words._compiled(conn).text.replace("?", "'[1]'")).all()
        assert "SEARCH run USING INTEGER PRIMARY KEY" in str(plan), "an index is used"


def test_many_blobs_at_once(store: Store) -> None:
    index = store.catalog.blobs
    blobs = [Stored(Digest(os.urandom(32)), number, Place(f"{number:020x}")) for number in range(25_000)]
    index.replace(blobs)
    moved = [Stored(blob.digest, blob.size, Place("f" * 20)) for blob in blobs[::3]]
    index.replace(iter([*moved, moved[0]]))
    found = index.find([blob.digest for blob in blobs] + [Digest(bytes(32))])
    assert found == {**{blob.digest: blob for blob in blobs}, **{blob.digest: blob for blob in moved}}
    assert [blob.digest for blob in index.all()] == sorted(found)
