"""Downloads on disks that are full, fold names, or lose the store."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.errors import StoreFullError, StoreGoneError, UnsafePathError
from jupyter_artifacts.model.manifest import Entry
from jupyter_artifacts.tracking.artifact import download
from jupyter_artifacts.tracking.artifact.draft import Draft

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store


def logged(files: dict[str, str]) -> ja.Artifact:
    artifact = ja.Artifact("data", type="dataset")
    for path, text in files.items():
        with artifact.new_file(path) as file:
            file.write(text)
    with ja.init(project="p", reinit="create_new") as run:
        return run.log_artifact(artifact)


def full_disk(fd: int, data: bytes) -> int:
    del fd, data
    raise OSError(errno.ENOSPC, "No space left on device")


def store_of(artifact: ja.Artifact) -> Store:
    return artifact.state_of.store


def test_a_full_disk_leaves_what_was_there_and_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = logged({"a": "new"})
    Path("here").mkdir()
    Path("here/a").write_text("old")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full_disk)
        with pytest.raises(OSError, match=r"too little room .*here .* as it was") as caught:
            artifact.download("here")
        assert caught.value.errno == errno.ENOSPC
        with pytest.raises(StoreFullError):
            artifact.download("fresh/folder")
    assert not Path("fresh/folder").exists()
    assert list(Path("fresh").iterdir()) == []
    assert {path.name: path.read_text() for path in Path("here").iterdir()} == {"a": "old"}


def test_names_that_are_one_on_this_disk_are_refused_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    artifact = logged({"Readme": "1", "readme": "2"})
    assert len(list(Path(artifact.download("fine")).iterdir())) == 2
    honest = os.path.exists
    monkeypatch.setattr(os.path, "exists", lambda path: honest(path) or ".probe" in str(path))
    with pytest.raises(UnsafePathError, match="'Readme' and 'readme'"):
        artifact.download("folding")
    assert list(Path().glob("*folding*")) == []


def test_a_manifest_that_would_write_outside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = logged({"a": "1"})
    good = artifact.manifest.entries["a"].record
    for path in ("../out", "/tmp/out", "a/../../out", ".."):  # noqa: S108  that it is not written is the test
        evil = Entry(path, good.digest, good.size)
        with pytest.raises(UnsafePathError):
            download.Downloader(store_of(artifact), "here", "data:v0").fetch(evil)
    assert not Path("out").exists()
    monkeypatch.undo()


def test_a_store_that_was_deleted_is_not_put_up_again_empty() -> None:
    artifact = logged({"a": "1"})
    with ja.init(project="p", reinit="create_new") as run:
        root = Path(store_of(artifact).root)
        kept = root.with_name("kept")
        shutil.move(root, kept)
        try:
            with pytest.raises(StoreGoneError):
                _ = run.dir
            draft = ja.Artifact("b", type="t")
            with pytest.raises(StoreGoneError), draft.new_file("x") as file:
                file.write("x")
            assert not root.exists()
        finally:
            shutil.move(kept, root)


def test_a_draft_without_files_makes_no_store() -> None:
    assert Draft("a", "t").manifest().size == 0
    assert ja.Artifact("a", type="t").digest.startswith(("b3:", "sha256:"))
    with pytest.raises(FileNotFoundError):
        ja.Artifact("a", type="t").add_dir("nowhere")
    with pytest.raises(FileNotFoundError):
        ja.Artifact("a", type="t").add_file("nowhere")
    assert not Path(".jupyter_artifacts").exists()
