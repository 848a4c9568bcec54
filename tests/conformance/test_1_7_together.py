"""Section 1.7: versions that hold more than one draft was given: incremental ones, and those of several runs."""

from __future__ import annotations

import pytest

import jupyter_artifacts as wandb
from tests.conformance.support import covers


def draft(files: dict[str, str], name: str = "data", **options: object) -> wandb.Artifact:
    """Return a draft of some files."""
    artifact = wandb.Artifact(name, type="dataset", **options)  # type: ignore[arg-type]  # whatever the test gives
    for path, text in files.items():
        with artifact.new_file(path) as file:
            file.write(text)
    return artifact


def content(artifact: wandb.Artifact) -> dict[str, str]:
    """Return an artifact's files as text."""
    return {path: artifact.open(path).read().decode() for path in artifact.manifest}


@covers("Artifact(incremental=True)")
def test_an_incremental_artifact_adds_to_the_latest_version() -> None:
    with wandb.init(project="p") as run:
        first = draft({"a": "1", "b": "1"}, incremental=True)
        assert first.incremental
        run.log_artifact(first)
        second = run.log_artifact(draft({"b": "2", "c": "2"}, incremental=True))
    assert content(second) == {"a": "1", "b": "2", "c": "2"}
    assert content(wandb.Api().artifact("p/data:v0")) == {"a": "1", "b": "1"}


def test_a_refused_incremental_draft_stays_what_it_was() -> None:
    with wandb.init(project="p") as run:
        run.log_artifact(draft({"a": "1"}))
        more = draft({"b": "2"}, incremental=True)
        with pytest.raises(ValueError, match="may not contain"):
            run.log_artifact(more, aliases=["a/b"])
        assert list(more.manifest) == ["b"]


@covers("run.upsert_artifact", "run.finish_artifact")
def test_parts_of_several_runs_become_one_version_at_the_finish() -> None:
    for number in range(3):
        with wandb.init(project="p", group="g", reinit="create_new") as run:
            part = draft({f"{number}.txt": str(number)}, metadata={f"k{number}": number})
            run.upsert_artifact(part, aliases=[f"part-{number}"])
            assert part.distributed_id == "g"
            assert not wandb.Api().artifact_exists("p/data:latest")
    with wandb.init(project="p", group="g", reinit="create_new") as run:
        made = run.finish_artifact(draft({"last.txt": "x"}), tags=["whole"])
    assert made.version == "v0"
    assert content(made) == {"0.txt": "0", "1.txt": "1", "2.txt": "2", "last.txt": "x"}
    assert (made.metadata, made.tags) == ({"k0": 0, "k1": 1, "k2": 2}, ["whole"])
    assert made.aliases == ["latest", "part-0", "part-1", "part-2"]
    maker = made.logged_by()
    assert maker is not None
    assert maker.id == run.id
    with wandb.init(project="p", group="g", reinit="create_new") as run:
        run.upsert_artifact(draft({"new": "1"}))
        assert content(run.finish_artifact(draft({}))) == {"new": "1"}
    assert wandb.verify(data=True) == []


def test_a_part_of_bytes_that_are_there_already() -> None:
    with wandb.init(project="p", group="g") as run:
        run.log_artifact(draft({"a": "same bytes"}, name="other"))
        for name in ("x", "y"):
            run.upsert_artifact(draft({name: "same bytes"}))
        wandb.Api().artifact("p/other:v0").delete(delete_aliases=True)
        wandb.gc(now=True)
        made = run.finish_artifact(draft({}))
    assert content(made) == {"x": "same bytes", "y": "same bytes"}
    assert wandb.verify(data=True) == []


def test_without_a_group_or_an_id_parts_are_refused() -> None:
    with wandb.init(project="p") as run:
        for call in (run.upsert_artifact, run.finish_artifact):
            with pytest.raises(TypeError, match="group"):
                call(draft({"a": "1"}))
        run.upsert_artifact(draft({"a": "1"}), distributed_id="mine")
        with pytest.raises(wandb.errors.UsageError, match="'dataset'"):
            run.upsert_artifact(wandb.Artifact("data", type="model"), distributed_id="mine")
        logged = run.log_artifact(draft({"b": "1"}, name="other"))
        with pytest.raises(AttributeError, match="logged already"):
            run.upsert_artifact(logged, distributed_id="mine")
