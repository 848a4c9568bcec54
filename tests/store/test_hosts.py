"""Two machines on one folder: locks that reach both, and locks that end at each."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store import hosts, leases, locks, networks, sessions
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there a lock covers the bytes that hold the name")

OTHER = """
import sys
import jupyter_artifacts as wandb
from jupyter_artifacts.errors import StoreError
from jupyter_artifacts.store import hosts, networks

networks.file_system = lambda _: "nfs4"
hosts.here = lambda: "other-machine"
for name in ("first", "second"):
    with wandb.init(project="p", store=sys.argv[1]) as run:
        artifact = wandb.Artifact("data", "dataset")
        with artifact.new_file(name, "wb") as file:
            file.write(name.encode() * 300_000)
        artifact._draft("seal").session.checkpoint()
        with artifact.new_file("more") as file:
            file.write("more")
        print("wrote", flush=True)
        sys.stdin.readline()
        try:
            print(run.log_artifact(artifact).version, flush=True)
        except StoreError as error:
            print(f"refused: {error}", flush=True)
"""


@pytest.fixture
def nfs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say that every folder is on a server."""
    monkeypatch.setattr(networks, "file_system", lambda _: "nfs4")


@pytest.fixture
def local_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no lock of another process be seen here."""
    monkeypatch.setattr(locks, "take", lambda *_, **__: True)
    for module in (sessions, leases):
        monkeypatch.setattr(module, "take", lambda *_, **__: True)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start another machine that has half logged something."""
    with open_store(tmp_path / "store"):
        pass
    script = tmp_path / "other.py"
    script.write_text(OTHER)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "WANDB_SILENT": "true"}
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "store")],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as process:
        yield process
        process.kill()


def heard(process: subprocess.Popen[str], say: str = "") -> str:
    """Let the other machine go on, and return what it says next."""
    assert process.stdin is not None
    assert process.stdout is not None
    if say:
        process.stdin.write(f"{say}\n")
        process.stdin.flush()
    return process.stdout.readline().strip()


@pytest.mark.usefixtures("nfs", "local_locks")
def test_where_locks_do_not_reach_the_living_keep_their_files_and_are_told(
    tmp_path: Path, other: subprocess.Popen[str]
) -> None:
    """Collecting beside a session of another machine removes nothing of it; that one learns it in time."""
    assert heard(other) == "wrote"
    with open_store(tmp_path / "store") as store:
        before = set(Path(store.root, "tmp").glob("*/*"))
        assert {path.name for path in before} >= {sessions.LOCK, hosts.WORD}, "told when the store was opened"
        store.gc(now=True)
        assert before <= set(Path(store.root, "tmp").glob("*/*"))
        log_files(store, "mine", {"a": b"1"})
        told = heard(other, "go on")
        assert told.startswith("refused: ")
        assert f"locks on the file system of {store.root} do not reach other machines" in told
        assert "postgresql://" in told
        assert store.verify(data=True) == []


@pytest.mark.usefixtures("nfs")
def test_where_locks_reach_both_machines_write(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    assert heard(other) == "wrote"
    with open_store(tmp_path / "store") as store:
        store.gc(now=True)
        mine = log_files(store, "mine", {"a": b"1"}).version
        assert heard(other, "go on") == "v0"
        assert heard(other) == "wrote"
        assert heard(other, "go on") == "v1"
        assert other.wait(60) == 0
        assert read_files(store, mine) == {"a": b"1"}
        theirs = store.catalog.versions.resolve("p", "data", "latest")
        assert read_files(store, theirs)["second"] == b"second" * 300_000
        assert store.verify(data=True) == []


def left_by(folder: Path, host: str, age: float = 0.0) -> str:
    """Leave a session's folder as a machine that was switched off does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hosts, "here", lambda: host)
        name, fd = sessions.open_folder(str(folder))
    locks.drop(fd)
    (folder / name / "0.part").write_bytes(b"x")
    for path in (folder / name).iterdir():
        os.utime(path, (time.time() - age, time.time() - age))
    return name


@pytest.mark.parametrize(
    ("kind", "host", "age", "alive"),
    [
        ("nfs4", "other", 0.0, True),
        ("fuse.sshfs", "other", hosts.SILENCE - 60, True),
        ("nfs4", "other", hosts.SILENCE + 60, False),
        ("nfs4", hosts.here(), 0.0, False),
        ("ext4", "other", 0.0, False),
    ],
)
def test_who_counts_as_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, host: str, age: float, alive: bool
) -> None:
    """A day of silence ends a session of another machine; of one's own, and on a disk of one's own, its lock does."""
    monkeypatch.setattr(networks, "file_system", lambda _: kind)
    name = left_by(tmp_path, host, age)
    for _ in range(2):
        assert leases.living(str(tmp_path)) == ({name} if alive else set())
        assert leases.dead(str(tmp_path)) == ([] if alive else [str(tmp_path / name)])
    assert sessions.sweep(str(tmp_path)) == (not alive)
    assert (tmp_path / name).exists() == alive


@pytest.mark.usefixtures("nfs")
def test_the_word_that_is_left(tmp_path: Path) -> None:
    name = left_by(tmp_path, "other")
    hosts.check(str(tmp_path / name))
    assert sessions.sweep(str(tmp_path)) == 0
    assert (tmp_path / name / hosts.WORD).read_text() == hosts.here()
    with pytest.raises(StoreError, match="log again, mount the folder with locks that reach the server"):
        hosts.check(str(tmp_path / name))
