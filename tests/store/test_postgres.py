"""The catalog on a real PostgreSQL server: shared, restarted, refused; never a version twice."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from jupyter_artifacts.errors import (
    MissingDependencyError,
    NotFoundError,
    ReadOnlyStoreError,
    StoreBusyError,
    StoreError,
    UsageError,
)
from jupyter_artifacts.store.catalog import postgres as engine
from jupyter_artifacts.store.catalog import postgres_wire
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.testing.publications import publication, run
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.store.store import Store
    from tests.servers.postgres import Postgres

WRITER = """
import sys
import jupyter_artifacts as wandb

store, number = sys.argv[1], sys.argv[2]
for turn in range(5):
    with wandb.init(project="team", store=store, job_type="train") as run:
        if turn:
            run.use_artifact("net:latest")
        artifact = wandb.Artifact("net", "model")
        with artifact.new_file("who.txt") as file:
            file.write(f"{number}/{turn}")
        run.log_artifact(artifact)
        run.log({"loss": 1 / (turn + 1)})
"""


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.database()


@pytest.fixture
def name(url: str, tmp_path: Path) -> str:
    """Return what people write to open the store."""
    return f"{url} {tmp_path}/shared"


@pytest.fixture
def team(name: str) -> Iterator[Store]:
    with open_store(name) as store:
        yield store


def numbers(store: Store) -> list[int]:
    page = store.catalog.versions.page(Query(sort="version", descending=False, limit=1000))
    return [version.number for version in page.rows]


class TestShared:
    def test_files_and_facts_come_back(self, team: Store, name: str) -> None:
        made = log_files(team, "data", {"a": b"1", "b/c": b"2"}, metadata={"text": "ü\0\ud800"}).version
        team.close()
        with open_store(name) as again:
            assert again.id == team.id
            found = again.catalog.versions.resolve("p", "data", "latest")
            assert found == made
            assert read_files(again, found) == {"a": b"1", "b/c": b"2"}
            assert again.verify(data=True) == []

    def test_four_processes_at_once_through_the_public_api(self, name: str, tmp_path: Path) -> None:
        script = tmp_path / "writer.py"
        script.write_text(WRITER)
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "WANDB_SILENT": "true"}
        writers = [
            subprocess.Popen([sys.executable, str(script), name, str(n)], env=environment, cwd=tmp_path)
            for n in range(4)
        ]
        assert [writer.wait(100) for writer in writers] == [0, 0, 0, 0]
        with open_store(name) as store:
            assert numbers(store) == list(range(20))
            assert store.verify(data=True) == []
            graph = store.catalog.edges.lineage("team")
            assert len(graph.nodes) == 40
            assert len(graph.edges) == 20 + 16
            newest = store.catalog.versions.resolve("team", "net", "latest")
            assert newest.number == 19
            (maker,) = store.catalog.edges.makers(newest.id)
            assert (maker.state, sum(chunk.count for chunk in store.catalog.runs.history(maker.id))) == ("finished", 1)

    def test_a_forked_child_has_a_connection_of_its_own(self, team: Store) -> None:
        log_files(team, "data", {"a": b"1"})
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = 0 if log_files(team, "data", {"a": b"2"}).version.number == 1 else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert log_files(team, "data", {"a": b"3"}).version.number == 2

    def test_a_reader_sees_one_moment(self, team: Store) -> None:
        page = team.catalog.versions.page(Query())
        log_files(team, "data", {"a": b"1"})
        assert page.revision < team.catalog.versions.page(Query()).revision


class TestClaims:
    def test_a_folder_belongs_to_one_catalog(self, team: Store, postgres: Postgres) -> None:
        other = postgres.database()
        team.close()
        with pytest.raises(NotFoundError, match="catalog is not on"):
            open_store(f"{other} {team.root}")
        with open_store(f"{other} {team.root}-2") as second:
            assert second.id != team.id
        with pytest.raises(UsageError, match=f"made with {team.root}-2"):
            open_store(f"{other} {team.root}")

    def test_a_catalog_belongs_to_one_folder(self, team: Store, url: str, tmp_path: Path) -> None:
        log_files(team, "data", {"a": b"1"})
        with pytest.raises(UsageError, match=f"made with {team.root}"):
            open_store(f"{url} {tmp_path}/another")
        with open_store(f"{url} {tmp_path}/another/../shared") as same:
            assert same is team

    def test_a_store_of_its_own_is_not_taken(self, url: str, tmp_path: Path) -> None:
        open_store(tmp_path / "own").close()
        with pytest.raises(UsageError, match="a store of its own"):
            open_store(f"{url} {tmp_path}/own")
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "notes.txt").touch()
        with pytest.raises(UsageError, match=r"not empty \(it holds 'notes.txt'\)"):
            open_store(f"{url} {tmp_path}/mine")

    def test_the_folder_alone_says_how_to_open_it(self, team: Store, url: str) -> None:
        team.close()
        with pytest.raises(UsageError, match=rf"catalog is postgresql://ja@.*open it as 'postgresql://.* {team.root}'"):
            open_store(team.root)
        with pytest.raises(NotFoundError):
            open_store(f"{url} {team.root}-other", create=False)

    def test_a_founding_that_was_cut_short_is_finished(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = os.rename

        def cut(source: str, target: str) -> None:
            if str(target).endswith("store.json"):
                raise KeyboardInterrupt
            real(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "rename", cut)
            with pytest.raises(KeyboardInterrupt):
                open_store(name)
        begun = json.loads((tmp_path / "shared" / "store.json.new").read_text())
        with open_store(name) as store:
            assert store.id == begun["id"]


class TestTrouble:
    def after(
        self, monkeypatch: pytest.MonkeyPatch, trouble: Callable[[], None], *, committed: bool
    ) -> Callable[[], int]:
        """Let trouble come at the next commit, before it is made or before its answer comes."""
        real, count = postgres_wire.commit, 0

        def commit(raw: postgres_wire.Raw, *, flushes: bool) -> str:
            nonlocal count
            count += 1
            if count > 1:
                return real(raw, flushes=flushes)
            if committed:
                real(raw, flushes=flushes)
                trouble()
                raw.execute("SELECT 1")
            trouble()
            return real(raw, flushes=flushes)

        monkeypatch.setattr(postgres_wire, "commit", commit)
        return lambda: count

    @pytest.mark.parametrize("committed", [True, False])
    def test_a_restart_in_the_commit(
        self, team: Store, postgres: Postgres, monkeypatch: pytest.MonkeyPatch, *, committed: bool
    ) -> None:
        """What was committed is not done again, what was not is; nobody notices but by the time it took."""
        log_files(team, "data", {"a": b"0"})

        def restart() -> None:
            postgres.stop()
            postgres.start()

        commits = self.after(monkeypatch, restart, committed=committed)
        team.catalog.runs.start(run())
        assert commits() == 2, "what was found is flushed, what was not is done again"
        commits = self.after(monkeypatch, restart, committed=committed)
        new = publication("one", project="q", run_id="r1")
        made = team.catalog.versions.publish(new)
        assert made.created
        assert commits() == 2, "what was found is flushed, what was not is done again"
        assert team.catalog.versions.publish(new).version.id == made.version.id
        assert team.catalog.versions.page(Query(project="q")).total == 1
        assert team.catalog.check() == []

    def test_restarts_at_any_moment(self, team: Store, postgres: Postgres) -> None:
        """Writers and readers go on through four of them; every acknowledged version is there once."""
        got: list[int] = []
        errors: list[BaseException] = []

        def work(thread: int) -> None:
            try:
                for n in range(60):
                    got.append(team.catalog.versions.publish(publication(f"{thread}/{n}")).version.number)
                    team.catalog.versions.page(Query(limit=2))
                    time.sleep(0.01)
            except BaseException as error:  # noqa: BLE001  told below, in the thread of the test
                errors.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(4):
            time.sleep(0.15)
            postgres.stop()
            postgres.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sorted(got) == numbers(team) == list(range(120))
        assert team.catalog.check() == []

    def test_a_writer_that_does_not_let_go_is_named(
        self, team: Store, url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(engine, "BUSY_TIMEOUT", 1.6)
        monkeypatch.setattr(engine, "NOTICE_AFTER", 0.3)
        with psycopg.connect(url, application_name="an open transaction") as other:
            other.execute("UPDATE jupyter_artifacts.counter SET value = value")
            begun = time.monotonic()
            with caplog.at_level(logging.WARNING), pytest.raises(StoreBusyError, match="an open transaction"):
                team.catalog.runs.start(run())
            assert 1.6 <= time.monotonic() - begun < 8
            assert team.catalog.versions.page(Query()).total == 0, "reading goes on meanwhile"
        assert ["an open transaction" in record.getMessage() for record in caplog.records] == [True]
        assert team.catalog.runs.start(run()).number == 1

    def test_a_server_that_is_not_there_is_told_without_the_password(self, tmp_path: Path) -> None:
        begun = time.monotonic()
        with pytest.raises(StoreError, match=r"postgresql://me@127\.0\.0\.1:1/db cannot be reached") as caught:
            open_store(f"postgresql://me:hunter2@127.0.0.1:1/db {tmp_path}/x")
        assert time.monotonic() - begun < 10
        error: BaseException | None = caught.value
        while error is not None:
            assert "hunter2" not in repr(error)
            error = error.__cause__ or error.__context__

    def test_a_password_is_neither_said_nor_stored(self, url: str, tmp_path: Path, postgres: Postgres) -> None:
        script = tmp_path / "writer.py"
        script.write_text(WRITER.replace("store=store, ", ""))
        shared = tmp_path / "shared"
        name = f"{url.replace('ja@', 'ja:hunter2@')} {shared}"
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "JUPYTER_ARTIFACTS_STORE": name,
        }
        done = subprocess.run(
            [sys.executable, str(script), "", "0"], env=environment, cwd=tmp_path, capture_output=True, check=True
        )
        assert b"hunter2" not in done.stdout + done.stderr
        with open_store(name) as store:
            assert numbers(store) == list(range(5))
            assert "hunter2" not in repr(store) + store.location + store.catalog.where
        database = url.rpartition("/t")[2].partition("?")[0]
        rows = postgres.sql(f"t{database}", "SELECT run::text FROM jupyter_artifacts.run AS run")
        rows += postgres.sql(f"t{database}", "SELECT meta::text FROM jupyter_artifacts.store_meta AS meta")
        assert len(rows) > 5
        assert "hunter2" not in str(rows)
        files = [path for path in shared.rglob("*") if path.is_file()]
        assert files
        assert not [path for path in files if b"hunter2" in path.read_bytes()]

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ("nobody_at_all", "cannot be reached.*role"),
            ("no_such_database", "cannot be reached.*does not exist"),
        ],
    )
    def test_what_the_server_refuses_is_told(self, url: str, tmp_path: Path, change: str, says: str) -> None:
        wrong = url.replace("ja@", f"{change}@") if "nobody" in change else url.replace("/t", f"/{change}_t", 1)
        with pytest.raises(StoreError, match=says):
            open_store(f"{wrong} {tmp_path}/x")

    def test_a_user_who_may_only_read(self, team: Store, postgres: Postgres, url: str) -> None:
        log_files(team, "data", {"a": b"1"})
        team.close()
        base = url.rpartition("/t")[2].partition("?")[0]
        postgres.sql(
            f"t{base}",
            "DROP ROLE IF EXISTS reader",
            "CREATE ROLE reader LOGIN",
            "ALTER ROLE reader SET default_transaction_read_only = on",
            "GRANT USAGE ON SCHEMA jupyter_artifacts TO reader",
            "GRANT SELECT ON ALL TABLES IN SCHEMA jupyter_artifacts TO reader",
        )
        with open_store(f"{url.replace('ja@', 'reader@')} {team.root}") as store:
            assert store.read_only
            assert read_files(store, store.catalog.versions.resolve("p", "data", "latest")) == {"a": b"1"}
            with pytest.raises(ReadOnlyStoreError, match="reading works"):
                store.catalog.runs.start(run())
        postgres.sql(f"t{base}", "DROP OWNED BY reader", "DROP ROLE reader")

    def test_without_psycopg_one_clear_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(MissingDependencyError, match=r"jupyter_artifacts\[team\]"):
            open_store(f"postgresql://u@h/db {tmp_path}/x")

    def test_a_closed_store_refuses(self, team: Store) -> None:
        team.close()
        team.close()
        with pytest.raises(UsageError, match="closed"):
            team.catalog.revision()
