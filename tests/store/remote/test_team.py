"""A team's store: PostgreSQL and S3, from machines that share nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import NotFoundError, StoreError, UsageError
from jupyter_artifacts.store.location import home_of
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.store.remote.bucket import Bucket
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from jupyter_artifacts.store.location import BucketURL
    from tests.servers.postgres import Postgres

MACHINE = """
import json, os, sys
from pathlib import Path
import jupyter_artifacts as wandb

number = sys.argv[1]
Path("data").mkdir()
for k in range(20):
    Path(f"data/{k}.txt").write_text(f"{k} " * 500)
Path("data/big.bin").write_bytes(number.encode() * 4_000_000)
for turn in range(3):
    with wandb.init(project="team", job_type="train") as run:
        if turn:
            used = run.use_artifact("net:latest")
            with open(used.get_entry("3.txt").download("got")) as file:
                assert file.read() == "3 " * 500
            whole = Path(used.download("whole"))
            assert len(list(whole.iterdir())) == 22, list(whole.iterdir())
            assert used.open("big.bin").read(2) in (b"00", b"11")
        artifact = wandb.Artifact("net", "model")
        artifact.add_dir("data")
        with artifact.new_file("who.txt") as file:
            file.write(f"{number}/{turn}")
        run.log_artifact(artifact)
        run.log({"loss": 1 / (turn + 1)})
"""


@pytest.fixture
def name(postgres: Postgres, bucket: BucketURL) -> str:
    return f"{postgres.database()} {bucket}"


@pytest.fixture(autouse=True)
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_ARTIFACTS_CACHE_DIR", str(tmp_path / "machine"))


def test_two_machines_through_the_public_api(name: str, tmp_path: Path) -> None:
    """Both found the store, log, use and download at the same time; every version is there once, with its edges."""
    script = tmp_path / "machine.py"
    script.write_text(MACHINE)
    machines = []
    for number in range(2):
        (tmp_path / str(number)).mkdir()
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "WANDB_SILENT": "true",
            "JUPYTER_ARTIFACTS_STORE": name,
            "JUPYTER_ARTIFACTS_CACHE_DIR": str(tmp_path / f"cache-{number}"),
        }
        words = [sys.executable, str(script), str(number)]
        machines.append(subprocess.Popen(words, env=environment, cwd=tmp_path / str(number)))
    assert [machine.wait(100) for machine in machines] == [0, 0]
    with open_store(name) as store:
        versions = store.catalog.versions.page(Query(sort="version", descending=False)).rows
        assert [version.number for version in versions] == list(range(6))
        assert store.verify(data=True) == []
        graph = store.catalog.edges.lineage("team")
        assert (len(graph.nodes), len(graph.edges)) == (12, 6 + 4)
        assert store.catalog.writers.active() == []
        contents = [read_files(store, version)["who.txt"] for version in versions]
        assert sorted(contents) == [f"{number}/{turn}".encode() for number in range(2) for turn in range(3)]
        found = store.du()
        assert found.blob_files < 9_000_000, "what is unchanged was uploaded once"


class TestFounding:
    def test_one_prefix_belongs_to_one_catalog(self, name: str, postgres: Postgres, bucket: BucketURL) -> None:
        with open_store(name) as store:
            assert str(store).endswith(f" {bucket}>")
            mark = json.loads(Bucket(bucket).get("store.json") or b"")
            assert mark["id"] == store.id
            assert mark["catalog"].startswith("postgresql://ja@")
        other = postgres.database()
        with pytest.raises(NotFoundError, match="catalog is not on"):
            open_store(f"{other} {bucket}")
        with open_store(f"{other} {bucket}/2") as second:
            assert second.id != store.id
        with pytest.raises(UsageError, match=r"of another store than the one on .*files are in s3://"):
            open_store(f"{other} {bucket}")
        with pytest.raises(UsageError, match=f"it was made with {bucket}/2"):
            open_store(f"{other} {bucket}/3")

    def test_without_making_one(self, name: str, bucket: BucketURL) -> None:
        with pytest.raises(NotFoundError, match="there is no store at postgresql://"):
            open_store(name, create=False)
        assert list(Bucket(bucket).listing("")) == []
        store_id = open_store(name).id
        assert open_store(name, create=False).id == store_id
        open_store(name).close()

    def test_cut_short_it_is_finished_by_the_next(
        self, name: str, bucket: BucketURL, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def cut(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Bucket, "create", cut)
            with pytest.raises(KeyboardInterrupt):
                open_store(name)
        assert Bucket(bucket).get("store.json") is None
        with open_store(name) as store:
            assert json.loads(Bucket(bucket).get("store.json") or b"")["id"] == store.id
            log_files(store, "data", {"a": b"1"})

    def test_other_people_s_objects_are_left_alone(self, name: str, bucket: BucketURL) -> None:
        Bucket(bucket).put("packs/theirs", b"x")
        with pytest.raises(UsageError, match=r"packs/ holds objects, but there is no store\.json"):
            open_store(name)

    def test_a_service_without_conditions_is_told_of(
        self, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def careless(bucket: Bucket, key: str, data: bytes) -> bool:
            bucket.put(key, data)
            return True

        monkeypatch.setattr(Bucket, "create", careless)
        with open_store(name) as store:
            assert "does not honour conditional writes" in caplog.text
            log_files(store, "data", {"a": b"1"})

    def test_this_machine_s_part_may_be_deleted(self, name: str, bucket: BucketURL) -> None:
        with open_store(name) as store:
            version = log_files(store, "data", {"a": b"1" * 1000}).version
            home = Path(store.root)
        assert home == Path(home_of(str(bucket)))
        assert home.stat().st_mode & 0o777 == 0o700
        for path in sorted(home.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        home.rmdir()
        with open_store(name) as store:
            assert read_files(store, version) == {"a": b"1" * 1000}

    def test_a_part_of_an_earlier_store_is_begun_anew(self, name: str, bucket: BucketURL, postgres: Postgres) -> None:
        with open_store(name) as store:
            log_files(store, "data", {"a": b"1"})
        there = Bucket(bucket)
        there.delete([one.key for one in there.listing("")])
        with open_store(f"{postgres.database()} {bucket}") as second:
            assert second.id != store.id
            version = log_files(second, "data", {"a": b"1"}).version
            assert read_files(second, version) == {"a": b"1"}
            assert second.verify(data=True) == []


class TestOneUser:
    def test_the_folder_knows_its_bucket(self, own: str, bucket: BucketURL, tmp_path: Path) -> None:
        with open_store(own) as store:
            version = log_files(store, "data", {"a": b"1", "b": b"2" * 3_000_000}).version
        with open_store(tmp_path / "own") as again:
            assert again.location == f"{tmp_path}/own {bucket}"
            assert read_files(again, version) == {"a": b"1", "b": b"2" * 3_000_000}
        assert len(list(Bucket(bucket).listing(""))) == 3

    def test_names_that_contradict_are_refused(self, own: str, bucket: BucketURL, tmp_path: Path) -> None:
        open_store(own).close()
        with pytest.raises(UsageError, match=f"has its files in {bucket}, not in {bucket}/x"):
            open_store(f"{own}/x")
        with pytest.raises(UsageError, match="open that one, or name another prefix"):
            open_store(f"{tmp_path}/second {bucket}")
        assert not (tmp_path / "second").exists()
        open_store(tmp_path / "local").close()
        with pytest.raises(UsageError, match="keeps its files itself"):
            open_store(f"{tmp_path}/local {bucket}/y")

    def test_a_mark_that_is_none(self, own: str, bucket: BucketURL) -> None:
        open_store(own).close()
        there = Bucket(bucket)
        there.put("store.json", b'{"format": 99, "catalog": "x", "created_by": "9.0"}')
        with pytest.raises(RuntimeError, match=r"format 99, written by jupyter_artifacts 9\.0"):
            open_store(own)
        there.put("store.json", b"{}")
        with pytest.raises(StoreError, match="restore this small object"):
            open_store(own)
