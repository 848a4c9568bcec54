"""Section 1.6: an artifact before it is logged."""

from __future__ import annotations

import datetime as dt
import gc
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Callable


def paths(artifact: wandb.Artifact) -> list[str]:
    """Return the paths of an artifact's files."""
    return list(artifact.manifest.entries)


def content(artifact: wandb.Artifact, path: str) -> bytes:
    """Log the artifact and return what one file holds."""
    with wandb.init(project="p", reinit="create_new") as run:
        run.log_artifact(artifact)
    with artifact.open(path) as file:
        return file.read()


# ---------------------------------------------------------------- name, type, description


@covers("Artifact", differs="names . and .. are refused")
@pytest.mark.parametrize("name", ["a", "A.b-c_1", "x" * 128, "0"])
def test_names_that_are_taken(name: str) -> None:
    assert wandb.Artifact(name, type="t").name == name


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a/b", "a:b", "a\n", "é", ".", "..", "x" * 129, "a\0b", "-rf", "CON", "a.", "%2e", "<b>"]
)
def test_names_that_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="artifact name"):
        wandb.Artifact(name, type="t")


@pytest.mark.parametrize("kind", ["", "a/b", "dataset", "x" * 200])
def test_types_that_are_taken(kind: str) -> None:
    assert wandb.Artifact("a", type=kind).type == kind


@pytest.mark.parametrize(
    ("name", "kind"), [("a", "job"), ("a", "wandb-x"), ("source-a", "code"), ("run-a", "run_table")]
)
def test_types_that_are_reserved(name: str, kind: str) -> None:
    with pytest.raises(ValueError, match="reserved for internal use"):
        wandb.Artifact(name, type=kind)


def test_a_description_can_be_set_any_time(draft: wandb.Artifact) -> None:
    assert draft.description is None
    draft.description = "text"
    assert draft.description == "text"
    draft.description = None
    assert draft.description is None


# ---------------------------------------------------------------- metadata


@pytest.mark.parametrize("empty", [None, {}, ""])
def test_no_metadata_is_an_empty_dict(empty: object) -> None:
    assert wandb.Artifact("a", type="t", metadata=empty).metadata == {}


def test_metadata_is_a_deep_copy(draft: wandb.Artifact) -> None:
    given = {"sizes": [1, 2]}
    draft.metadata = given
    given["sizes"].append(3)
    assert draft.metadata == {"sizes": [1, 2]}


def test_metadata_as_the_json_text_of_an_object() -> None:
    assert wandb.Artifact("a", type="t", metadata='{"a": [1]}').metadata == {"a": [1]}


@pytest.mark.parametrize("bad", ["text", "[1]", [1], 3, {"x": object()}, {"x": b"b"}, {None: 1}, {(1, 2): 3}])
def test_metadata_of_another_shape_is_a_type_error(draft: wandb.Artifact, bad: object) -> None:
    for refused in (lambda: wandb.Artifact("a", type="t", metadata=bad), lambda: setattr(draft, "metadata", bad)):
        with pytest.raises(TypeError):
            refused()
    assert draft.metadata == {}


def test_at_most_100_keys_at_the_top() -> None:
    assert len(wandb.Artifact("a", type="t", metadata={f"k{i}": i for i in range(100)}).metadata) == 100
    with pytest.raises(ValueError, match="101 keys"):
        wandb.Artifact("a", type="t", metadata={f"k{i}": i for i in range(101)})


def test_what_metadata_becomes() -> None:
    metadata = {
        True: "bool",
        "tuple": (1, 2),
        "set": {2, 1},
        "scalar": np.float32(0.5),
        "array": np.arange(3),
        "tensor": torch.arange(2),
        "path": Path("/a/b"),
        "when": dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.timezone.utc),
    }
    assert wandb.Artifact("a", type="t", metadata=metadata).metadata == {
        "true": "bool",
        "tuple": [1, 2],
        "set": [1, 2],
        "scalar": 0.5,
        "array": [0, 1, 2],
        "tensor": [0, 1],
        "path": "/a/b",
        "when": "2024-01-02T03:04:05+00:00",
    }
    assert wandb.Artifact("a", type="t", metadata={1: "int"}).metadata == {"1": "int"}


@covers("Artifact(metadata=)", differs="NaN and infinities come back as they are")
def test_ours_nan_and_infinity_round_trip_through_the_store(draft: wandb.Artifact) -> None:
    draft.metadata = {"nan": math.nan, "inf": math.inf, "ninf": -math.inf, "zero": -0.0, "big": 10**400}
    with wandb.init(project="p") as run:
        run.log_artifact(draft)
    kept = wandb.Api().artifact("p/data").metadata
    assert math.isnan(kept["nan"])  # type: ignore[arg-type]  # a float
    assert (kept["inf"], kept["ninf"], kept["big"]) == (math.inf, -math.inf, 10**400)
    assert math.copysign(1, kept["zero"]) == -1  # type: ignore[arg-type]  # a float


def test_a_change_in_place_is_checked_when_logged_and_the_draft_stays_editable(draft: wandb.Artifact) -> None:
    draft.metadata["bad"] = object()  # type: ignore[assignment]  # wrong on purpose
    with wandb.init(project="p") as run:
        with pytest.raises(TypeError, match="bad"):
            run.log_artifact(draft)
        assert not wandb.Api().artifact_collection_exists("p/data", "dataset")
        del draft.metadata["bad"]
        assert run.log_artifact(draft).version == "v0"


# ---------------------------------------------------------------- paths inside


@pytest.mark.parametrize(
    ("given", "kept"), [("./x//y", "x/y"), ("a/./b", "a/b"), ("é ü/日本", "é ü/日本"), ("a\\b", "a\\b")]
)
def test_paths_are_normalised(draft: wandb.Artifact, given: str, kept: str) -> None:
    with draft.new_file(given) as file:
        file.write("x")
    assert paths(draft) == [kept]


@pytest.mark.parametrize(
    "bad",
    ["/a", "..", "../a", "a/../b", "a/..", "..\\b", "C:\\x", "C:/x", "\\\\host\\x", ".", "", "a\0b", "a/", "s" * 256],
)
def test_paths_that_are_refused(draft: wandb.Artifact, bad: str) -> None:
    Path("f").write_text("x")
    with pytest.raises(ValueError, match="path"):
        draft.add_file("f", name=bad)
    with pytest.raises(ValueError, match="path"):
        draft.new_file(bad).__enter__()
    assert paths(draft) == []


# ---------------------------------------------------------------- add_file


@covers("artifact.add_file")
def test_a_file_is_copied_at_once(draft: wandb.Artifact) -> None:
    Path("f.txt").write_text("one")
    entry = draft.add_file("f.txt")
    Path("f.txt").write_text("two")
    assert (entry.path, entry.size, entry.ref, entry.local_path, entry.extra) == ("f.txt", 3, None, "f.txt", {})
    assert entry.digest.startswith("b3:")
    assert content(draft, "f.txt") == b"one"


def test_a_missing_file_and_a_folder_are_refused(draft: wandb.Artifact) -> None:
    Path("folder").mkdir()
    for path in ("none", "folder"):
        with pytest.raises(ValueError, match="Path is not a file"):
            draft.add_file(path)
    with pytest.raises(FileNotFoundError):
        draft.add_file("none")


def test_the_same_path_again(draft: wandb.Artifact) -> None:
    Path("f").write_text("one")
    draft.add_file("f", name="k")
    draft.add_file("f", name="k")
    Path("f").write_text("two")
    with pytest.raises(ValueError, match="Cannot add the same path twice: 'k'"):
        draft.add_file("f", name="k")
    draft.add_file("f", name="k", overwrite=True)
    assert content(draft, "k") == b"two"


def test_a_file_and_a_folder_of_one_name_are_refused(draft: wandb.Artifact) -> None:
    Path("f").write_text("x")
    draft.add_file("f", name="a")
    with pytest.raises(ValueError, match="cannot be below"):
        draft.add_file("f", name="a/b")
    draft.add_file("f", name="c/d/e")
    with pytest.raises(ValueError, match="is a folder"):
        draft.add_file("f", name="c/d")
    draft.remove("c/d/e")
    draft.add_file("f", name="c/d")


def test_policies(draft: wandb.Artifact) -> None:
    Path("f").write_text("x")
    draft.add_file("f", name="a", policy="immutable", is_tmp=True, skip_cache=True)
    with pytest.raises(ValueError, match="policy"):
        draft.add_file("f", name="b", policy="sometimes")


# ---------------------------------------------------------------- references, objects, remove


@covers("artifact.add_reference")
def test_a_reference_to_a_file_and_to_a_folder(draft: wandb.Artifact, tree: Path) -> None:
    [entry] = draft.add_reference((tree / "a.txt").as_uri())
    assert (entry.path, entry.size, entry.ref) == ("a.txt", 5, (tree / "a.txt").as_uri())
    assert entry.ref_target() == entry.ref
    more = draft.add_reference(tree.as_uri(), name="all")
    assert [e.path for e in more] == ["all/.hidden", "all/a.txt", "all/sub/b.txt", "all/sub/deep/c.tmp"]
    assert draft.size == 5 + sum(len(name) for name in (".hidden", "a.txt", "sub/b.txt", "sub/deep/c.tmp"))


def test_references_that_are_refused(draft: wandb.Artifact, tree: Path) -> None:
    with pytest.raises(ValueError, match="no scheme"):
        draft.add_reference("/a/b")
    with pytest.raises(ValueError, match="neither a file nor a directory"):
        draft.add_reference("file:///nowhere/at/all")
    with pytest.raises(ValueError, match="needs name="):
        draft.add_reference("odd://host/x")
    with pytest.raises(ValueError, match="Exceeded 2 objects tracked"):
        draft.add_reference(tree.as_uri(), max_objects=2)
    with pytest.raises(wandb.errors.CommError, match="checksum=False"):
        draft.add_reference("http://127.0.0.1:1/x.csv")
    with pytest.raises(ValueError, match="password"):
        draft.add_reference("https://me:secret@127.0.0.1:1/x.csv", checksum=False)
    assert paths(draft) == []


def test_an_address_alone_is_kept(draft: wandb.Artifact) -> None:
    [entry] = draft.add_reference("odd://host/x", name="x")
    assert (entry.size, entry.ref) == (None, "odd://host/x")
    [entry] = draft.add_reference("s3://bucket/x.csv", checksum=False)
    assert (entry.path, entry.size) == ("x.csv", None)


def test_an_entry_of_another_artifact(draft: wandb.Artifact, logged: Callable[..., wandb.Artifact]) -> None:
    source = logged("source", {"a/b.txt": "hello"})
    [entry] = draft.add_reference(source.get_entry("a/b.txt"), name="c.txt")
    assert str(entry.ref).startswith("wandb-artifact://")
    assert str(entry.ref).endswith("/a/b.txt")
    assert content(draft, "c.txt") == b"hello"
    assert Path(draft.download(), "c.txt").read_text() == "hello"


@covers("artifact.add_object", differs="ours: arrays, frames, models straight in and out")
@pytest.mark.parametrize(
    ("obj", "suffix"), [({"a": [1, 2.5, None]}, ".json"), (np.arange(6).reshape(2, 3), ".npy"), ("text", ".txt")]
)
def test_objects_go_in_and_come_out(draft: wandb.Artifact, obj: object, suffix: str) -> None:
    entry = draft.add_object(obj, "thing")
    assert entry.path == f"thing{suffix}"
    with wandb.init(project="p") as run:
        run.log_artifact(draft)
    for name in ("thing", entry.path, None):
        assert np.array_equal(draft.load(name), obj)  # type: ignore[arg-type]  # arrays and the rest compare alike


def test_an_object_that_nobody_can_write_is_refused(draft: wandb.Artifact) -> None:
    with pytest.raises(TypeError, match="never pickled"):
        draft.add_object(object(), "thing")
    for stranger in (3, wandb.Histogram([1, 2])):
        with pytest.raises(TypeError, match="add"):
            draft.add(stranger, "thing")
    assert paths(draft) == []


@covers("artifact.add", "artifact.get")
def test_media_go_in_and_come_out_equal(draft: wandb.Artifact) -> None:
    picture = wandb.Image(np.arange(12, dtype=np.uint8).reshape(3, 4), caption="c")
    table = wandb.Table(columns=["n", "picture"], data=[[1, picture], [2, picture]])
    entry = draft.add(table, "tab")
    draft["img"] = picture
    assert entry.path == "tab.table.json"
    assert draft.add(table, "tab").path == entry.path
    names = [path for path in paths(draft) if not path.startswith("media/images/")]
    assert (names, len(paths(draft))) == (["img.image-file.json", "tab.table.json"], 3)
    with wandb.init(project="p") as run:
        run.log_artifact(draft)
    kept = wandb.Api().artifact("p/data")
    assert (kept.get("tab"), kept["img"], kept.get("img.image-file.json")) == (table, picture, picture)
    assert kept.get("nothing") is None
    assert kept.get_entry("tab").path == "tab.table.json"


def test_an_object_of_other_content_under_a_taken_name(draft: wandb.Artifact) -> None:
    draft.add(wandb.Table(columns=["a"], data=[[1]]), "tab")
    digest = draft.digest
    with pytest.raises(ValueError, match="Cannot add the same path twice"):
        draft.add(wandb.Table(columns=["a"], data=[[2]]), "tab")
    assert draft.digest == digest
    draft.add(wandb.Table(columns=["a"], data=[[2]]), "tab", overwrite=True)
    assert draft.digest != digest


@covers("artifact.remove")
def test_remove_takes_a_file_a_folder_or_an_entry(draft: wandb.Artifact, tree: Path) -> None:
    draft.add_dir(tree)
    draft.remove("sub")
    draft.remove(draft.manifest.entries["a.txt"])
    assert paths(draft) == [".hidden"]
    with pytest.raises(FileNotFoundError):
        draft.remove("a.txt")


# ---------------------------------------------------------------- what a draft is


@covers("artifact.manifest, .size, .state ...")
def test_what_a_draft_knows(draft: wandb.Artifact) -> None:
    with draft.new_file("a") as file:
        file.write("x")
    facts = (draft.id, draft.name, draft.source_name, draft.type, draft.state, draft.is_link, draft.size)
    assert facts == (None, "data", "data", "dataset", "PENDING", False, 1)
    assert (draft.incremental, draft.distributed_id, len(draft.manifest), repr(draft)) == (
        False,
        None,
        1,
        "<Artifact data>",
    )
    assert draft.is_draft()


_LOGGED_ONLY = [
    "aliases",
    "tags",
    "version",
    "source_version",
    "entity",
    "project",
    "qualified_name",
    "url",
    "created_at",
    "updated_at",
    "commit_hash",
    "file_count",
    "history_step",
    "linked_artifacts",
    "source_artifact",
    "stale",
    "ttl",
]
_LOGGED_CALLS = [
    "get",
    "get_entry",
    "get_path",
    "download",
    "checkout",
    "verify",
    "file",
    "files",
    "used_by",
    "logged_by",
    "new_draft",
    "delete",
    "wait",
    "json_encode",
    "open",
    "load",
    "why_stale",
]


@pytest.mark.parametrize("name", _LOGGED_ONLY)
def test_what_only_a_logged_version_has_is_an_attribute_error(draft: wandb.Artifact, name: str) -> None:
    assert not hasattr(draft, name)
    with pytest.raises(wandb.errors.ArtifactNotLoggedError):
        getattr(draft, name)


@pytest.mark.parametrize("name", _LOGGED_CALLS)
def test_what_only_a_logged_version_can(draft: wandb.Artifact, name: str) -> None:
    arguments = ["x"] if name in {"get", "get_entry", "get_path", "open"} else []
    with pytest.raises(wandb.errors.ArtifactNotLoggedError):
        getattr(draft, name)(*arguments)


def test_setting_aliases_or_tags_on_a_draft(draft: wandb.Artifact) -> None:
    for name in ("aliases", "tags"):
        with pytest.raises(wandb.errors.ArtifactNotLoggedError):
            setattr(draft, name, ["x"])


@covers("artifact.finalize")
def test_finalize(draft: wandb.Artifact) -> None:
    Path("f").write_text("x")
    draft.add_file("f")
    draft.finalize()
    draft.description, draft.metadata = "d", {"a": 1}
    calls: list[Callable[[], object]] = [
        lambda: draft.add_file("f", name="g"),
        lambda: draft.add_dir("."),
        lambda: draft.add_reference("odd://x", name="x"),
        lambda: draft.add_object({}, "x"),
        lambda: draft.remove("f"),
        lambda: draft.new_file("x").__enter__(),
    ]
    for call in calls:
        with pytest.raises(wandb.errors.ArtifactFinalizedError):
            call()
    assert paths(draft) == ["f"]


@covers("artifact.digest", differs="BLAKE3 of the files; artifact.wandb_digest gives W&B's")
def test_the_digest_is_of_the_files_alone_and_not_of_their_order() -> None:
    def made(name: str, order: list[str], **facts: object) -> str:
        artifact = wandb.Artifact(name, type="t", **facts)  # type: ignore[arg-type]  # whatever the test gives
        for path in order:
            with artifact.new_file(path) as file:
                file.write(path)
        return artifact.digest

    assert made("a", ["x", "y/z"]) == made("b", ["y/z", "x"], description="d", metadata={"m": 1})
    assert made("a", ["x"]) != made("a", ["y"])


def test_len_of_an_artifact_is_a_type_error(draft: wandb.Artifact) -> None:
    with pytest.raises(TypeError):
        len(draft)  # type: ignore[arg-type]  # wrong on purpose


def test_a_draft_that_is_forgotten_leaves_no_temporary_files() -> None:
    artifact = wandb.Artifact("a", type="t")
    with artifact.new_file("x") as file:
        file.write("x")
    assert list(Path(".jupyter_artifacts/tmp").iterdir())
    del artifact, file
    gc.collect()
    assert not list(Path(".jupyter_artifacts/tmp").iterdir())


def test_metadata_that_is_json_text_of_a_listing_stays_what_it_was(draft: wandb.Artifact) -> None:
    draft.metadata = json.dumps({"text": "</script>\u202e"})
    assert draft.metadata == {"text": "</script>\u202e"}


@covers("artifact.ttl", "ArtifactTTL")
def test_time_to_live_before_and_after_logging(draft: wandb.Artifact) -> None:
    with pytest.raises(wandb.errors.ArtifactNotLoggedError):
        _ = draft.ttl
    draft.ttl = dt.timedelta(days=2)
    assert draft.ttl == dt.timedelta(days=2)
    for wrong in (dt.timedelta(0), dt.timedelta(days=-1)):
        with pytest.raises(ValueError, match="positive"):
            draft.ttl = wrong
    with pytest.raises(AttributeError, match="timedelta"):
        draft.ttl = 5  # type: ignore[assignment]  # that it is refused is the test
    with wandb.init(project="p") as run:
        run.log_artifact(draft)
    found = wandb.Api().artifact("p/data:v0")
    assert found.ttl == dt.timedelta(days=2)
    found.ttl = None
    found.save()
    assert wandb.Api().artifact("p/data:v0").ttl is None
    found.ttl = dt.timedelta(hours=1)
    found.save()
    found.ttl = wandb.ArtifactTTL.INHERIT
    with pytest.raises(wandb.errors.ArtifactNotLoggedError):
        _ = found.ttl
    found.save()
    assert found.ttl is None
