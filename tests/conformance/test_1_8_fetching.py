"""Section 1.8: using, fetching and downloading artifacts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Log = Callable[..., wandb.Artifact]


@pytest.fixture
def run() -> Iterator[wandb.Run]:
    """Given a run."""
    with wandb.init(project="p", job_type="use") as run:
        yield run


def tree(root: str | Path) -> dict[str, str]:
    """Return the files below a folder with their text."""
    top = Path(root)
    return {str(path.relative_to(top)): path.read_text() for path in sorted(top.rglob("*")) if path.is_file()}


# ---------------------------------------------------------------- use_artifact


@covers("use_artifact")
@pytest.mark.parametrize("name", ["data:latest", "data:v1", "data:best", "data", "p/data:v1", "anybody/p/data:v1"])
def test_every_form_of_a_name(run: wandb.Run, logged: Log, name: str) -> None:
    logged(files={"a": "1"})
    logged(files={"a": "2"}, aliases=["best"])
    assert run.use_artifact(name).version == "v1"


def test_a_use_is_recorded_once_a_run_and_version(run: wandb.Run, logged: Log) -> None:
    logged()
    artifact = run.use_artifact("data:latest")
    for name in ("data:v0", "data"):
        run.use_artifact(name)
    assert [used.name for used in wandb.Api().run(run.id).used_artifacts()] == ["data:v0"]
    assert [user.id for user in artifact.used_by()] == [run.id]
    maker = artifact.logged_by()
    assert maker is not None
    assert [made.name for made in maker.logged_artifacts()] == ["data:v0"]


@covers("CommError")
def test_a_missing_artifact_is_a_comm_error_that_names_the_nearest(run: wandb.Run, logged: Log) -> None:
    logged("mnist-raw")
    for name in ("mnist-rav:latest", "mnist-raw:v9", "mnist-raw:lattest", "q/mnist-raw:latest"):
        with pytest.raises(wandb.errors.CommError) as caught:
            run.use_artifact(name)
        assert not isinstance(caught.value, ValueError)
    with pytest.raises(wandb.errors.CommError, match="mnist-raw"):
        run.use_artifact("mnist-rav")
    assert wandb.Api().run(run.id).used_artifacts() == []


def test_a_name_with_too_many_slashes_and_what_is_no_name(run: wandb.Run) -> None:
    with pytest.raises(ValueError, match="too many"):
        run.use_artifact("a/b/c/d:latest")
    with pytest.raises(ValueError, match="takes a name or an Artifact"):
        run.use_artifact(3)  # type: ignore[arg-type]  # wrong on purpose


def test_another_type_than_expected_is_a_comm_error(run: wandb.Run, logged: Log) -> None:
    logged()
    assert run.use_artifact("data:latest", type="dataset").version == "v0"
    with pytest.raises(wandb.errors.CommError, match="type 'model' specified but this artifact is of type 'dataset'"):
        run.use_artifact("data:latest", type="model")


def test_a_draft_is_logged_first_and_is_then_no_output(run: wandb.Run) -> None:
    draft = wandb.Artifact("data", type="dataset")
    with draft.new_file("a") as file:
        file.write("x")
    used = run.use_artifact(draft, aliases=["mine"])
    assert (used is draft, used.version, used.aliases) == (True, "v0", ["latest", "mine"])
    kept = wandb.Api().run(run.id)
    assert ([a.name for a in kept.used_artifacts()], kept.logged_artifacts()) == (["data:v0"], [])
    assert used.logged_by() is None


def test_using_an_artifact_of_another_project_keeps_its_project(run: wandb.Run, logged: Log) -> None:
    logged(project="q")
    used = run.use_artifact("q/data:latest")
    assert used.project == "q"
    assert [a.project for a in wandb.Api().run(run.id).used_artifacts()] == ["q"]


def test_an_artifact_object_can_be_used(run: wandb.Run, logged: Log) -> None:
    logged()
    run.use_artifact(wandb.Api().artifact("p/data:latest"))
    assert [a.name for a in wandb.Api().run(run.id).used_artifacts()] == ["data:v0"]


# ---------------------------------------------------------------- download


@covers("artifact.download", differs="every file is verified; nothing is written through a link or out of the folder")
def test_the_default_folder_has_the_version_number_and_is_absolute(logged: Log) -> None:
    logged(files={"a.txt": "1", "b/c.txt": "2"})
    folder = wandb.Api().artifact("p/data:latest").download()
    assert Path(folder) == Path("artifacts/data:v0").absolute()
    assert tree(folder) == {"a.txt": "1", "b/c.txt": "2"}


def test_the_environment_and_the_argument_name_another_folder(logged: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = logged()
    monkeypatch.setenv("WANDB_ARTIFACT_DIR", "theirs")
    assert Path(artifact.download()) == Path("theirs/data:v0").absolute()
    monkeypatch.setenv("JUPYTER_ARTIFACTS_ARTIFACT_DIR", "ours")
    assert Path(artifact.download()) == Path("ours/data:v0").absolute()
    assert Path(artifact.download(root="here")) == Path("here").absolute()
    assert tree("here") == {"a.txt": "hello"}


def test_equal_files_are_left_alone_changed_ones_restored_and_extra_ones_stay(logged: Log) -> None:
    artifact = logged(files={"a": "1", "b": "2"})
    folder = Path(artifact.download())
    untouched = (folder / "a").stat()
    (folder / "b").write_text("changed")
    (folder / "extra").write_text("mine")
    artifact.download()
    assert tree(folder) == {"a": "1", "b": "2", "extra": "mine"}
    now = (folder / "a").stat()
    assert (now.st_ino, now.st_mtime_ns) == (untouched.st_ino, untouched.st_mtime_ns)


def test_a_downloaded_file_can_be_written(logged: Log) -> None:
    folder = logged().download()
    Path(folder, "a.txt").write_text("mine")
    assert tree(folder) == {"a.txt": "mine"}
    assert wandb.verify(data=True) == []


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [("some", {"some/a", "some-two", "some"}), ("some/", {"some/a"}), ("", {"some/a", "some-two", "other"})],
)
def test_a_prefix_is_plain_text(logged: Log, prefix: str, expected: set[str]) -> None:
    artifact = logged(files={"some/a": "1", "some-two": "2", "other": "3"})
    assert set(tree(artifact.download(path_prefix=prefix))) == expected - {"some"}


def test_nothing_is_written_through_a_link(logged: Log, tmp_path: Path) -> None:
    artifact = logged(files={"a": "1", "sub/b": "2"})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a").write_text("mine")
    folder = Path("artifacts/data:v0")
    folder.mkdir(parents=True)
    (folder / "a").symlink_to(outside / "a")
    (folder / "sub").symlink_to(outside, target_is_directory=True)
    artifact.download()
    assert tree(outside) == {"a": "mine"}
    assert tree(folder) == {"a": "1", "sub/b": "2"}
    assert not (folder / "a").is_symlink()
    assert not (folder / "sub").is_symlink()


def test_a_file_that_reads_right_through_a_linked_folder_is_still_not_left_behind_the_link(
    logged: Log, tmp_path: Path
) -> None:
    artifact = logged(files={"sub/b": "2"})
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "b").write_text("2")
    folder = Path("artifacts/data:v0")
    folder.mkdir(parents=True)
    (folder / "sub").symlink_to(tmp_path / "outside", target_is_directory=True)
    artifact.download()
    assert not (folder / "sub").is_symlink()


@covers("artifact.download over a folder of a file's name")
def test_a_folder_in_the_place_of_a_file_and_the_other_way_are_skipped_with_a_warning(logged: Log) -> None:
    artifact = logged(files={"a": "1", "sub/b": "2", "c": "3"})
    Path("one/a").mkdir(parents=True)
    with pytest.warns(UserWarning, match=r"data:v0/a is not written: .*move it away"):
        artifact.download("one")
    assert tree("one") == {"sub/b": "2", "c": "3"}
    Path("two").mkdir()
    Path("two/sub").write_text("mine")
    with pytest.warns(UserWarning, match=r"data:v0/sub/b is not written: .*move it away"):
        artifact.download("two")
    assert tree("two") == {"a": "1", "sub": "mine", "c": "3"}
    Path("three").write_text("a file in the folder's place")
    with pytest.raises(wandb.errors.UsageError, match="move it away"):
        artifact.download("three")
    with pytest.raises(wandb.errors.UsageError, match="move it away"):
        artifact.get_entry("a").download("one")


def test_rotten_bytes_are_never_handed_out(logged: Log) -> None:
    artifact = logged(files={"a": "hello hello hello"})
    (pack,) = [path for path in Path(".jupyter_artifacts/packs").iterdir() if b"hello hello" in path.read_bytes()]
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes().replace(b"hello hello", b"hellO hello"))
    with pytest.raises(wandb.errors.CorruptError, match="data:v0"):
        artifact.download()
    assert tree("artifacts/data:v0") == {}
    assert [problem.kind for problem in wandb.verify(data=True)] == ["blob"]


def test_references_are_fetched_and_checked(run: wandb.Run, tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_text("one")
    artifact = wandb.Artifact("data", type="dataset")
    artifact.add_reference(source.as_uri())
    artifact.add_reference(source.as_uri(), name="loose.txt", checksum=False)
    run.log_artifact(artifact)
    assert tree(artifact.download()) == {"source.txt": "one", "loose.txt": "one"}
    assert (artifact.size, artifact.file_count) == (6, 2)
    source.write_text("two")
    with pytest.raises(ValueError, match="Digest mismatch"):
        artifact.download("again")
    source.unlink()
    with pytest.raises(FileNotFoundError, match="allow_missing_references"):
        artifact.download("third")
    with pytest.warns(UserWarning, match="not there"):
        artifact.download("third", allow_missing_references=True)
    assert tree("third") == {}


# ---------------------------------------------------------------- checkout, verify, file, files


def test_checkout_has_no_version_in_its_folder_and_removes_what_other_versions_left(logged: Log) -> None:
    first = logged(files={"a": "1", "sub/old": "2"})
    second = logged(files={"a": "3"})
    assert Path(first.checkout()) == Path("artifacts/data").absolute()
    assert tree(second.checkout()) == {"a": "3"}
    assert not Path("artifacts/data/sub").exists()


@covers("artifact.checkout", differs="deletes nothing it did not write, unless force=True")
def test_ours_checkout_refuses_to_delete_files_of_the_users(logged: Log) -> None:
    artifact = logged()
    folder = Path(artifact.checkout())
    (folder / "mine").write_text("x")
    with pytest.raises(wandb.errors.UsageError, match=r"'mine'.*force=True"):
        artifact.checkout()
    assert (folder / "mine").exists()
    artifact.checkout(force=True)
    assert tree(folder) == {"a.txt": "hello"}


@covers("artifact.verify")
def test_verify(logged: Log) -> None:
    artifact = logged(files={"a": "1", "b": "2"})
    folder = Path(artifact.download())
    artifact.verify()
    (folder / "extra").write_text("x")
    with pytest.raises(ValueError, match="not a member"):
        artifact.verify()
    (folder / "extra").unlink()
    (folder / "a").write_text("x")
    with pytest.raises(ValueError, match="Digest mismatch for file: 'a'"):
        artifact.verify()
    (folder / "a").unlink()
    with pytest.raises(FileNotFoundError):
        artifact.verify()


@covers("artifact.file")
def test_the_only_file(logged: Log) -> None:
    path = Path(logged("one").file())
    assert (path.name, path.parent.name, path.read_text()) == ("a.txt", "one:v0", "hello")
    with pytest.raises(ValueError, match="2 files"):
        logged("two", files={"a": "1", "b": "2"}).file()
    with wandb.init(project="p", reinit="create_new") as run, pytest.raises(IndexError):
        run.log_artifact(wandb.Artifact("none", type="t")).file()


@covers("artifact.files")
def test_the_files(logged: Log) -> None:
    files = logged(files={"a.txt": "1", "b.png": "22"}).files()
    assert (len(files), [file.name for file in files], files[0].size) == (2, ["a.txt", "b.png"], 1)
    assert (files[1].mimetype, files[0].md5[:3], [f.name for f in files[0:1]]) == ("image/png", "b3:", ["a.txt"])
    with files[0].download("here") as file:
        assert file.read() == "1"
    with pytest.raises(wandb.errors.UsageError, match="replace=True"):
        files[0].download("here")
    files[0].download("here", exist_ok=True).close()
    assert len(wandb.Api().artifact("p/data").files(names=["a.txt"])) == 1


@covers("artifact.get_entry", "artifact.get_path")
def test_entries(logged: Log) -> None:
    artifact = logged(files={"sub/a.txt": "1"})
    entry = artifact.get_entry("sub/a.txt")
    assert (entry.path, entry.size, artifact.get_path("sub/a").path) == ("sub/a.txt", 1, "sub/a.txt")
    assert Path(entry.download()) == Path("artifacts/data:v0/sub/a.txt").absolute()
    with pytest.raises(KeyError, match="Path not contained in artifact: nope"):
        artifact.get_entry("nope")
    with pytest.raises(ValueError, match="not a reference"):
        entry.ref_target()


@covers("ArtifactManifestEntry.parent_artifact", "artifact.logged_by", "artifact.used_by")
def test_an_entry_knows_its_artifact_and_that_knows_its_runs(logged: Log, run: wandb.Run) -> None:
    artifact = run.use_artifact(logged())
    parent = artifact.get_entry("a.txt").parent_artifact()
    assert parent is artifact
    maker = artifact.logged_by()
    assert maker is not None
    assert maker.user.username == maker.entity
    assert [user.id for user in artifact.used_by()] == [run.id]
    draft = wandb.Artifact("other", "dataset")
    with draft.new_file("a") as file:
        file.write("1")
    with pytest.raises(wandb.errors.ArtifactNotLoggedError, match="belongs to a draft"):
        draft.manifest.entries["a"].parent_artifact()


@covers("artifact.manifest.to_manifest_json")
def test_a_manifest_as_wandb_stores_it(logged: Log, draft: wandb.Artifact) -> None:
    with draft.new_file("a.txt") as file:
        file.write("hello")
    for artifact in (draft, logged(files={"a.txt": "hello"})):
        form = artifact.manifest.to_manifest_json()
        assert form["version"] == 1
        assert form["contents"] == {"a.txt": {"digest": "XUFAKrxLKna5cZ2REBfFkg==", "size": 5}}


# ---------------------------------------------------------------- what is fetched


def test_everything_fetched_is_finalized(logged: Log) -> None:
    logged()
    artifact = wandb.Api().artifact("p/data")
    Path("f").write_text("x")
    for change in (lambda: artifact.add_file("f"), lambda: artifact.remove("a.txt"), lambda: artifact.new_file("x")):
        with pytest.raises(wandb.errors.ArtifactFinalizedError, match="new_draft"):
            change()


@covers("artifact.delete")
def test_deleting(logged: Log, run: wandb.Run) -> None:
    logged(files={"a": "1", "shared": "x"})
    second = logged(files={"b": "2", "shared": "x"})
    with pytest.raises(wandb.errors.CommError, match="delete_aliases=True"):
        second.delete()
    second.delete(delete_aliases=True)
    assert not wandb.Api().artifact_exists("p/data:v1")
    with pytest.raises(wandb.errors.CommError):
        run.use_artifact("data:v1")
    first = wandb.Api().artifact("p/data:latest")
    assert (first.version, set(tree(first.download()))) == ("v0", {"a", "shared"})


@covers("artifact.version, .aliases, .created_at ...")
def test_facts_of_a_version(logged: Log) -> None:
    artifact = logged()
    assert artifact.created_at.endswith("+00:00")
    assert artifact.updated_at >= artifact.created_at
    assert len(artifact.commit_hash) == 64
    assert artifact.url is None
    assert artifact.json_encode()["_type"] == "artifactVersion"


@covers("artifact.stale", differs="ours: whether something it was made from has a newer version")
def test_stale(logged: Log) -> None:
    logged("raw", files={"a": "1"})
    with wandb.init(project="p") as run:
        run.use_artifact("raw:latest")
        made = wandb.Artifact("clean", type="dataset")
        with made.new_file("a") as file:
            file.write("2")
        run.log_artifact(made)
    assert (made.stale, made.why_stale()) == (False, "")
    logged("raw", files={"a": "3"})
    assert made.stale
    assert "raw:v1" in made.why_stale()


@covers("artifact.diff", differs="ours: what was added, removed and changed between two versions")
def test_diff(logged: Log) -> None:
    old = logged(files={"same": "1", "changed": "2", "gone": "3"}, metadata={"a": 1, "b": 2})
    new = logged(files={"same": "1", "changed": "X", "new": "4"}, metadata={"a": 1, "c": 3})
    found = old.diff(new)
    assert (found.added, found.removed, found.changed) == (("new",), ("gone",), ("changed",))
    assert found.metadata == {"b": (2, None), "c": (None, 3)}
    assert not old.diff(old)


def test_load_fetches_objects_and_records_the_use(run: wandb.Run) -> None:
    draft = wandb.Artifact("things", type="dataset")
    draft.add_object([1, 2], "a")
    draft.add_object("text", "b")
    run.log_artifact(draft)
    assert wandb.load("things:latest", "a") == [1, 2]
    assert wandb.load("things:latest", "a", "b") == ([1, 2], "text")
    with pytest.raises(ValueError, match="say which"):
        wandb.load("things")
    assert [a.name for a in wandb.Api().run(run.id).used_artifacts()] == ["things:v0"]
    wandb.finish()
    assert wandb.load("p/things", "b") == "text"


def test_reading_needs_no_writable_folder_for_the_store(logged: Log) -> None:
    artifact = logged()
    with artifact.open("a.txt") as file:
        assert file.read() == b"hello"
    assert not os.path.exists("artifacts")  # noqa: PTH110
