"""Reading single files, rot and healing, through the public names."""

from __future__ import annotations

from pathlib import Path

import pytest

import jupyter_artifacts as ja
from jupyter_artifacts.errors import ArtifactNotLoggedError, CorruptError, InvalidValueError

FILES = {"small.txt": b"small " * 20, "big.bin": bytes(range(256)) * 8192, "other": b"other"}


def logged() -> ja.Artifact:
    artifact = ja.Artifact("data", type="dataset")
    Path("source").mkdir(exist_ok=True)
    for path, data in FILES.items():
        Path("source", path).write_bytes(data)
    artifact.add_dir("source")
    with ja.init(project="p", reinit="create_new", store="store") as run:
        return run.log_artifact(artifact)


def rot(data: bytes) -> None:
    """Change one byte of the stored copy, wherever it lies."""
    for path in Path("store").rglob("*"):
        if path.is_file() and path.parts[1] in {"packs", "blobs"} and data in (whole := path.read_bytes()):
            at = whole.index(data) + len(data) // 2
            path.chmod(0o644)
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            return
    pytest.fail("the bytes are nowhere")


def test_files_are_read_without_being_written_anywhere() -> None:
    artifact = logged()
    before = sorted(Path().rglob("*"))
    for path, data in FILES.items():
        assert artifact.read_bytes(path) == data
        with artifact.open(path) as file:
            assert file.read(3) == data[:3]
            file.seek(-2, 2)
            assert file.read() == data[-2:]
    with pytest.raises(KeyError, match="small"):
        artifact.read_bytes("smal.txt")
    with pytest.raises(ArtifactNotLoggedError):
        ja.Artifact("draft", type="t").read_bytes("x")
    assert sorted(Path().rglob("*")) == before


@pytest.mark.parametrize("path", ["small.txt", "big.bin"])
def test_rot_is_told_by_name_other_files_stay_readable_and_logging_again_heals(path: str) -> None:
    artifact = logged()
    assert artifact.read_bytes(path) == FILES[path]
    rot(FILES[path])
    what = rf"data:v0/{path} \((b3|sha256):[0-9a-f]{{64}}\)"
    for read in (artifact.read_bytes, artifact.open, lambda name: artifact.get_entry(name).download("one")):
        with pytest.raises(CorruptError, match=what):
            read(path)
    with pytest.raises(CorruptError, match=what):
        artifact.download("all")
    assert not Path("all").exists()
    for other in FILES.keys() - {path}:
        assert artifact.read_bytes(other) == FILES[other]
        assert Path(artifact.get_entry(other).download("one")).read_bytes() == FILES[other]
    assert [problem.kind for problem in ja.verify("store", data=True)] == ["blob"]
    Path("source", path).write_bytes(FILES[path])
    assert logged().version == "v0"
    assert ja.verify("store", data=True) == []
    assert artifact.read_bytes(path) == FILES[path]
    assert {f.name: f.read_bytes() for f in Path(artifact.download("all")).iterdir()} == FILES


def test_links_only_when_asked() -> None:
    artifact = logged()
    folder = Path(artifact.download("copies"))
    assert {path.stat().st_nlink for path in folder.iterdir()} == {1}
    folder = Path(artifact.download("links", link="hard"))
    assert {path.name: path.stat().st_nlink for path in folder.iterdir()} == {"small.txt": 1, "big.bin": 2, "other": 1}
    folder = Path(artifact.checkout("checked", link="hard"))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    with pytest.raises(InvalidValueError, match="'soft'"):
        artifact.download("x", link="soft")


def test_checkout_that_cannot_be_finished_deletes_nothing() -> None:
    first = logged()
    folder = Path(first.checkout("here"))
    with ja.init(project="p", reinit="create_new", store="store") as run:
        artifact = ja.Artifact("data", type="dataset")
        with artifact.new_file("new") as file:
            file.write("a text that will rot")
        second = run.log_artifact(artifact)
    rot(b"a text that will rot")
    with pytest.raises(CorruptError):
        second.checkout("here")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES


def test_checkout_puts_a_folder_where_a_file_was_and_the_other_way() -> None:
    versions = []
    for files in ({"a": b"1", "b/c": b"2"}, {"a/x": b"3", "b": b"4"}):
        artifact = ja.Artifact("turned", type="dataset")
        for path, data in files.items():
            with artifact.new_file(path, mode="wb") as file:
                file.write(data)
        with ja.init(project="p", reinit="create_new", store="store") as run:
            versions.append((run.log_artifact(artifact), files))
    for version, files in [*versions, *versions]:
        folder = Path(version.checkout("here"))
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert found == files
