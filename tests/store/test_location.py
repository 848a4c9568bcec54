"""Where the store is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import (
    ForeignStoreError,
    InvalidTypeError,
    InvalidValueError,
    StoreError,
    UnsupportedError,
)
from jupyter_artifacts.store.location import FOLDER, Located, locate
from jupyter_artifacts.store.opening import open_store
from jupyter_artifacts.testing.stores import log_files, read_files

if TYPE_CHECKING:
    from pathlib import Path


def make(folder: Path) -> str:
    """Make a store in a folder; return the store's folder."""
    with open_store(start=folder) as store:
        return store.root


def test_the_nearest_above_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    outer = make(tmp_path)
    assert locate(start=inner) == Located(outer, exists=True, named=False)
    assert make(tmp_path / "a") == outer, "a store above is used, not a second one made below it"


def test_without_one_it_would_be_made_here(tmp_path: Path) -> None:
    assert locate() == Located(str(tmp_path / FOLDER), exists=False, named=False)
    assert not (tmp_path / FOLDER).exists()


def test_an_unfinished_one_above_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / "below").mkdir()
    assert locate(start=tmp_path / "below").folder == str(tmp_path / "below" / FOLDER)


def test_the_variable_wins_over_searching_and_the_caller_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path)
    monkeypatch.setenv("JUPYTER_ARTIFACTS_STORE", str(tmp_path / "named"))
    assert locate() == Located(str(tmp_path / "named"), exists=False, named=True)
    assert locate(tmp_path / "mine").folder == str(tmp_path / "mine")
    monkeypatch.setenv("JUPYTER_ARTIFACTS_STORE", "")
    assert locate().folder == str(tmp_path / FOLDER)


@pytest.mark.parametrize(
    ("where", "folder"),
    [
        ("sub/../here", "{tmp}/here"),
        ("file:///x/a%20b", "/x/a b"),
        ("file:/x/y", "/x/y"),
        ("file://localhost/x", "/x"),
        ("~/s", "{home}/s"),
        ("c", "{tmp}/c"),
    ],
)
def test_ways_to_name_a_folder(where: str, folder: str, tmp_path: Path) -> None:
    home = os.path.expanduser("~")  # noqa: PTH111  what is compared with
    assert locate(where).folder == folder.format(tmp=tmp_path, home=home)


@pytest.mark.parametrize(
    ("where", "error", "says"),
    [
        ("", InvalidValueError, "names no folder"),
        ("  ", InvalidValueError, "names no folder"),
        ("a\0b", InvalidValueError, "names no folder"),
        ("file://server/x", InvalidValueError, "three slashes"),
        ("postgresql://u:secret@h/db", InvalidValueError, "'postgresql://u@h/db /shared/folder'"),
        ("s3://bucket/x", InvalidValueError, "no catalog; write a folder of your own before it.* s3://bucket/x'"),
        ("mine s3://", InvalidValueError, "write s3://bucket/prefix"),
        ("mine s3://bucket/../x", InvalidValueError, "write s3://bucket/prefix"),
        ("mine s3://bucket/a b", InvalidValueError, "write s3://bucket/prefix"),
        ("mine s3://key:secret@bucket/x", InvalidValueError, "from the environment"),
        ("postgresql://u:secret@h/db /shared s3://bucket/x", InvalidValueError, "two places for its files"),
        ("http://bucket/x", UnsupportedError, "not offered"),
        (3, InvalidTypeError, "int"),
        (b"bytes", InvalidTypeError, "bytes"),
    ],
)
def test_ways_that_name_none(where: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as caught:
        locate(where)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("where", "server", "bucket"),
    [
        ("mine s3://team/a/b", None, "s3://team/a/b"),
        ("  my folder   gs://team/ ", None, "gs://team"),
        ("postgresql://u:pw@h/db az://team/x", "postgresql://u@h/db", "az://team/x"),
    ],
)
def test_files_in_a_bucket(where: str, server: str | None, bucket: str, tmp_path: Path) -> None:
    """A folder of one's own holds the catalog; with a server, this machine's part lies in the user's cache."""
    found = locate(where)
    assert (str(found.server) if found.server else None, str(found.bucket)) == (server, bucket)
    if server is None:
        assert found.folder == str(tmp_path / where.strip().partition("  ")[0].split(" s3")[0])
    else:
        assert "az-team-x" in found.folder


def test_the_part_of_a_team_store_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """One folder a bucket and endpoint, below the cache folder that the user names."""
    monkeypatch.setenv("JUPYTER_ARTIFACTS_CACHE_DIR", "/cache")
    name = "postgresql://u@h/db s3://team/x"
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    first = locate(name).folder
    assert first.startswith("/cache/s3-team-x-")
    assert locate("postgresql://other@h/db s3://team/x").folder == first
    assert locate("postgresql://u@h/db s3://team/y").folder != first
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")
    assert locate(name).folder != first


def test_w_and_b_s_cache_folder_is_used_where_none_of_ours_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of our own: W&B tidies up the rest."""
    name = "postgresql://u@h/db s3://team/x"
    monkeypatch.setenv("WANDB_CACHE_DIR", "/wandb")
    assert locate(name).folder.startswith("/wandb/jupyter_artifacts/s3-team-x-")
    monkeypatch.setenv("JUPYTER_ARTIFACTS_CACHE_DIR", "/ours")
    assert locate(name).folder.startswith("/ours/s3-team-x-")
    monkeypatch.setenv("JUPYTER_ARTIFACTS_CACHE_DIR", "")
    monkeypatch.setenv("WANDB_CACHE_DIR", "~/w")
    assert locate(name).folder.startswith(os.path.expanduser("~/w/jupyter_artifacts/"))  # noqa: PTH111  what is compared with


def test_a_folder_says_that_its_files_are_in_a_bucket(tmp_path: Path) -> None:
    make(tmp_path)
    note = tmp_path / FOLDER / "bucket.json"
    note.write_text('{"files": "s3://team/x"}')
    assert str(locate().bucket) == str(locate(tmp_path / FOLDER).bucket) == "s3://team/x"
    note.write_text('{"files": "s3://team/x"')
    with pytest.raises(StoreError, match=r"bucket\.json cannot be read"):
        locate()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no user ids")
class TestForeign:
    @pytest.fixture
    def theirs(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        """Make a store, then become somebody else."""
        folder = make(tmp_path)
        mine = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
        return folder

    def test_found_is_refused_with_two_ways_out(self, theirs: str) -> None:
        with pytest.raises(ForeignStoreError, match=f"JUPYTER_ARTIFACTS_STORE={theirs}"):
            locate()
        with pytest.raises(PermissionError, match="JUPYTER_ARTIFACTS_ALLOW_FOREIGN=1"):
            open_store()

    def test_named_is_allowed(self, theirs: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert locate(theirs).exists
        monkeypatch.setenv("JUPYTER_ARTIFACTS_STORE", theirs)
        assert locate().exists

    def test_allowed_by_the_variable(self, theirs: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JUPYTER_ARTIFACTS_ALLOW_FOREIGN", "1")
        assert locate().folder == theirs
        monkeypatch.setenv("JUPYTER_ARTIFACTS_ALLOW_FOREIGN", "0")
        with pytest.raises(ForeignStoreError):
            locate()

    def test_sudo_may_use_its_callers_store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make(tmp_path)
        owner = os.stat(tmp_path / FOLDER).st_uid  # noqa: PTH116  what is compared with
        monkeypatch.setattr(os, "geteuid", lambda: 0 if owner else 4711)
        if owner:
            monkeypatch.setenv("SUDO_UID", str(owner))
            assert locate().exists
        else:
            monkeypatch.setenv("SUDO_UID", "0")
            with pytest.raises(ForeignStoreError):
                locate()

    def test_a_foreign_folder_that_is_no_store_yet_is_refused_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / FOLDER).mkdir()
        mine = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
        with pytest.raises(ForeignStoreError):
            locate()


@pytest.mark.parametrize("name", ["a b", "100%", "a#b", "a?b=c", "ünï", "x" * 200, "a&b;c", "file:x", "q'\"`$(x)"])
def test_paths_of_every_kind_hold_a_store(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    with open_store(folder if ":" not in name else f"./{name}") as store:
        log_files(store, "data", {"a": b"1"})
    assert (folder / "catalog.db").exists()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with open_store(str(folder)) as store:
        assert read_files(store, store.catalog.versions.resolve("p", "data", "latest")) == {"a": b"1"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:SECRET@h:5433/db", "postgresql://u@h:5433/db"),
        ("postgresql+psycopg://u:SECRET@h/db?sslmode=require&password=SECRET", "postgresql://u@h/db"),
        ("postgres://h/db", "postgresql://h/db"),
        ("postgresql://u:SEC/SECRET@h/db", "postgresql://u@h/db"),
        ("postgresql://u:SEC@SECRET@h/db", "postgresql://u@h/db"),
        ("postgresql://u:SEC?SECRET@h/db", "postgresql://u@h/db"),
        ("postgresql://u@/db?host=/run/pg%20x", "postgresql://u@/run/pg x/db"),
        ("postgresql:SECRET", "postgresql://..."),
    ],
)
def test_a_server_is_shown_without_its_password(url: str, shown: str, tmp_path: Path) -> None:
    found = locate(f"{url}  {tmp_path}/with a blank")
    assert found.folder == f"{tmp_path}/with a blank"
    assert found.server is not None
    assert str(found.server) == shown
    assert "SECRET" not in repr(found)
    assert found.server.reveal() == url
