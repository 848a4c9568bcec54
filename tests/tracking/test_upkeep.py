"""Looking after a store by the public names: what is logged stays, what is deleted goes, what was lost comes back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.errors import CorruptError, InvalidValueError, NotFoundError
from jupyter_artifacts.store import leases
from jupyter_artifacts.store.opening import open_store

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file to log; what is logged goes to the store in this folder."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"a" * 300_000)
    return path


def log(file: Path, name: str = "data") -> ja.Artifact:
    """Log one file."""
    with ja.init(project="p") as run:
        artifact = ja.Artifact(name, "dataset")
        artifact.add_file(str(file))
        return run.log_artifact(artifact)


def the_store() -> Store:
    return open_store(create=False)


def test_delete_and_collect(file: Path) -> None:
    log(file)
    kept = log(file, "kept")
    file.write_bytes(b"b" * 300_000)
    log(file).delete(delete_aliases=True)
    assert ja.gc(dry_run=True, now=True).freed == 300_000
    assert ja.gc().waiting == 2
    before = ja.du().blob_files
    done = ja.gc(now=True)
    assert done.freed == before - ja.du().blob_files == 300_000
    assert Path(kept.download("out"), "a.bin").read_bytes() == b"a" * 300_000
    assert ja.verify(data=True) == []


def test_undelete(file: Path) -> None:
    log(file).delete(delete_aliases=True)
    ja.gc()
    assert ja.undelete("p/data:v0").label == "data:v0"
    assert ja.Api().artifact("p/data:latest").version == "v0"
    for name, error in (
        ("p/data", InvalidValueError),
        ("p/data:best", InvalidValueError),
        ("p/data:v7", NotFoundError),
    ):
        with pytest.raises(error):
            ja.undelete(name)


def test_a_draft_survives_the_deletion_of_what_it_was_made_from(file: Path) -> None:
    old = log(file)
    draft = old.new_draft()
    file.write_bytes(b"more")
    draft.add_file(str(file), name="more.bin")
    old.delete(delete_aliases=True)
    for _ in range(2):
        ja.gc(now=True)
    with ja.init(project="p") as run:
        new = run.log_artifact(draft)
    assert Path(new.download("out"), "a.bin").read_bytes() == b"a" * 300_000
    ja.gc(now=True)
    assert ja.verify(data=True) == []


def test_an_artifact_object_of_a_deleted_version_is_logged_again_or_refused(file: Path) -> None:
    old = log(file)
    assert len(old.manifest.entries) == 1
    old.delete(delete_aliases=True)
    ja.gc()
    with ja.init(project="p") as run:
        assert run.log_artifact(old).version == "v1"
    ja.gc(now=True)
    assert ja.verify(data=True) == []


def lose_the_notes() -> None:
    """Take away what tells the collector who relies on what, as on a disk without locks."""
    for note in Path(the_store().root, "tmp").glob(f"*/{leases.NOTE}"):
        note.unlink()


def test_what_vanished_all_the_same_is_put_again_from_its_file(file: Path) -> None:
    old = log(file)
    with ja.init(project="p") as run:
        draft = ja.Artifact("new", "dataset")
        draft.add_file(str(file))
        draft.finalize()
        old.delete(delete_aliases=True)
        draft.state_of.session.seal()  # type: ignore[union-attr]  # a draft
        lose_the_notes()
        ja.gc(now=True)
        new = run.log_artifact(draft)
    assert Path(new.download("out"), "a.bin").read_bytes() == b"a" * 300_000
    assert ja.verify(data=True) == []


def test_what_vanished_and_cannot_be_put_again_is_told_by_name(file: Path) -> None:
    old = log(file)
    with ja.init(project="p") as run:
        draft = ja.Artifact("new", "dataset")
        draft.add_file(str(file))
        old.delete(delete_aliases=True)
        draft.state_of.session.seal()  # type: ignore[union-attr]  # a draft
        lose_the_notes()
        ja.gc(now=True)
        file.write_bytes(b"other")
        with pytest.raises(CorruptError, match=r"'a\.bin' of 'new'.*it has changed.*add the file again"):
            run.log_artifact(draft)
    assert ja.verify(data=True) == []
    with pytest.raises(NotFoundError):
        ja.Api().artifact("p/new:latest")


def test_repair_from_a_copy(file: Path, tmp_path: Path) -> None:
    logged = log(file)
    root = Path(the_store().root)
    shutil.copytree(root, tmp_path / "backup")
    for path in [*root.glob("blobs/*/*"), *root.glob("packs/*")]:
        path.unlink()
    file.unlink()
    assert ja.verify() != []
    found = ja.verify(repair=tmp_path / "backup")
    assert found == []
    assert found.repaired is not None
    assert "data:v0" in found.repaired.healed
    assert Path(logged.download("out"), "a.bin").read_bytes() == b"a" * 300_000


def test_rebuild(file: Path) -> None:
    log(file)
    root = Path(the_store().root)
    the_store().close()
    (root / "catalog.db").write_bytes(b"\0" * 100)
    with pytest.raises(ja.errors.CatalogDamagedError, match=r"jupyter_artifacts\.rebuild"):
        ja.Api().artifact("p/data:v0")
    done = ja.rebuild()
    assert (done.versions, done.runs, done.damaged) == (1, 1, ())
    again = ja.Api().artifact("p/data:v0")
    assert Path(again.download("out"), "a.bin").read_bytes() == b"a" * 300_000
    maker = again.logged_by()
    assert maker is not None
    assert [made.name for made in maker.logged_artifacts()] == ["data:v0"]


@pytest.mark.parametrize("act", [ja.verify, ja.gc, ja.du, ja.rebuild])
def test_where_there_is_no_store(act: object, tmp_path: Path) -> None:
    assert callable(act)
    with pytest.raises(NotFoundError):
        act(store=tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_references_that_lead_nowhere_are_told_and_nothing_is_done(tmp_path: Path) -> None:
    for name in ("here.csv", "gone.csv", "gone too.csv"):
        (tmp_path / name).write_bytes(name.encode())
    with ja.init(project="p") as run:
        for number in range(2):
            artifact = ja.Artifact("refs", "dataset")
            for path in sorted(tmp_path.glob("*.csv")):
                artifact.add_reference(path.as_uri())
            artifact.add_reference("https://example.invalid/x", name="x", checksum=False)
            with artifact.new_file("n") as out:
                out.write(str(number))
            run.log_artifact(artifact)
    assert ja.gc(dry_run=True).dangling == 0
    for name in ("gone.csv", "gone too.csv"):
        (tmp_path / name).unlink()
    done = ja.gc(dry_run=True)
    assert done.dangling == 4, "of each version"
    assert f"refs:v0 file gone.csv: {tmp_path / 'gone.csv'} is not there" in done.dangling_names
    assert (ja.gc(now=True).dangling, ja.gc(now=True).dangling_names) == (4, ())
    assert ja.verify() == []


def test_a_folder_that_holds_the_store_is_referred_to_without_it(tmp_path: Path) -> None:
    with ja.init(project="p", store=str(tmp_path / "work" / "store")) as run:
        (tmp_path / "work" / "a.csv").write_bytes(b"a")
        artifact = ja.Artifact("refs", "dataset")
        with pytest.warns(UserWarning, match="store"):
            artifact.add_reference((tmp_path / "work").as_uri())
        assert list(run.log_artifact(artifact).manifest.entries) == ["a.csv"]
