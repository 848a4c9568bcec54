"""Section 1.7: logging an artifact, its versions and aliases."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def run() -> Iterator[wandb.Run]:
    """Given a run."""
    with wandb.init(project="p", job_type="make") as run:
        yield run


def draft(text: str = "hello", name: str = "data", type: str = "dataset", **facts: object) -> wandb.Artifact:
    """Return a draft of one file."""
    artifact = wandb.Artifact(name, type=type, **facts)  # type: ignore[arg-type]  # whatever the test gives
    with artifact.new_file("a.txt") as file:
        file.write(text)
    return artifact


@covers("log_artifact", differs="synchronous and durable: when it returns, the version is on the disk")
def test_when_it_returns_the_version_is_there(run: wandb.Run) -> None:
    artifact = draft(description="d", metadata={"m": 1})
    digest = artifact.digest
    logged = run.log_artifact(artifact)
    assert logged is artifact
    assert (logged.name, logged.version, logged.aliases, logged.state) == ("data:v0", "v0", ["latest"], "COMMITTED")
    assert (logged.digest, logged.size, logged.file_count) == (digest, 5, 1)
    assert (logged.project, logged.qualified_name) == ("p", f"{run.entity}/p/data:v0")
    assert logged.wait() is logged
    kept = wandb.Api().artifact("p/data:latest")
    assert (kept.digest, kept.metadata, kept.description, kept.id) == (digest, {"m": 1}, "d", logged.id)


def test_versions_count_up_and_latest_moves(run: wandb.Run) -> None:
    first = run.log_artifact(draft("1"))
    second = run.log_artifact(draft("2"))
    assert (first.version, second.version) == ("v0", "v1")
    assert wandb.Api().artifact("p/data").version == "v1"
    assert wandb.Api().artifact("p/data:v0").aliases == []


def test_a_number_is_not_used_again_after_a_delete(run: wandb.Run) -> None:
    run.log_artifact(draft("1"))
    run.log_artifact(draft("2")).delete(delete_aliases=True)
    assert run.log_artifact(draft("3")).version == "v2"


def test_names_are_numbered_by_project(run: wandb.Run) -> None:
    run.log_artifact(draft("1"))
    with wandb.init(project="other", reinit="create_new") as other:
        assert other.log_artifact(draft("2")).version == "v0"


@covers("log_artifact of equal content", differs="no new version; aliases move to the version that is there")
def test_equal_content_makes_no_version_moves_the_aliases_and_says_so_in_a_line(
    run: wandb.Run, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run.log_artifact(draft("1"))
    run.log_artifact(draft("2"), aliases=["best"])
    assert capsys.readouterr().out == ""
    with wandb.init(project="p", reinit="create_new") as again:
        same = again.log_artifact(draft("1", metadata={"other": 1}, description="other"), aliases=["best"])
    assert capsys.readouterr().out == "data:v0 already holds the same content; no new version was made\n"
    assert (same.version, same.digest, sorted(same.aliases)) == ("v0", first.digest, ["best", "latest"])
    assert wandb.Api().artifact("p/data:v1").aliases == []
    assert len(wandb.Api().artifacts("dataset", "p/data")) == 2
    makers = same.state_of.store.catalog.edges.makers(int(str(same.id)))
    assert [maker.id for maker in makers] == [run.id, again.id]
    assert same.metadata == {}


def test_latest_is_always_added_and_may_be_given(run: wandb.Run) -> None:
    assert run.log_artifact(draft("1"), aliases=["a"]).aliases == ["latest", "a"]
    assert run.log_artifact(draft("2"), aliases=["latest", "b", "b"]).aliases == ["latest", "b"]
    assert run.log_artifact(draft("3"), aliases="c d").aliases == ["latest", "c d"]


@covers("log_artifact(aliases=)")
def test_an_alias_has_one_holder(run: wandb.Run) -> None:
    run.log_artifact(draft("1"), aliases=["best"])
    run.log_artifact(draft("2"), aliases=["best"])
    assert wandb.Api().artifact("p/data:best").version == "v1"
    assert wandb.Api().artifact("p/data:v0").aliases == []


@pytest.mark.parametrize("alias", ["a/b", "a:b", "", " ", "v7", "7", "a\nb"])
def test_an_alias_that_is_refused_changes_nothing(run: wandb.Run, alias: str) -> None:
    artifact = draft()
    with pytest.raises(ValueError, match="alias"):
        run.log_artifact(artifact, aliases=["good", alias])
    assert artifact.is_draft()
    assert not wandb.Api().artifact_exists("p/data")
    assert run.log_artifact(artifact).version == "v0"


@covers("log_artifact(tags=)")
def test_tags(run: wandb.Run) -> None:
    assert run.log_artifact(draft(), tags=["b c", "a", "a"]).tags == ["a", "b c"]
    with pytest.raises(ValueError, match=r"Invalid tag\(s\)"):
        run.log_artifact(draft("2"), tags=["a/b"])
    assert not wandb.Api().artifact_exists("p/data:v1")


def test_another_type_for_a_known_name_is_refused(run: wandb.Run) -> None:
    run.log_artifact(draft())
    artifact = draft("2", type="model")
    with pytest.raises(ValueError, match=r"data already exists with type 'dataset'; cannot create another.*'model'"):
        run.log_artifact(artifact)
    assert artifact.is_draft()
    assert wandb.Api().artifact("p/data").version == "v0"


def test_a_name_that_differs_in_case_only_is_refused(run: wandb.Run) -> None:
    run.log_artifact(draft())
    with pytest.raises(ValueError, match="case"):
        run.log_artifact(draft("2", name="Data"))
    assert not wandb.Api().artifact_exists("p/Data")


def test_a_version_of_another_project_cannot_be_moved(run: wandb.Run, logged: Callable[..., wandb.Artifact]) -> None:
    with pytest.raises(ValueError, match="can't be moved"):
        run.log_artifact(logged(project="other"))


def test_logging_a_version_again_makes_the_run_one_more_maker(
    run: wandb.Run, logged: Callable[..., wandb.Artifact]
) -> None:
    old = logged("data")
    again = run.log_artifact(wandb.Api().artifact("p/data:v0"), aliases=["again"])
    assert (again.version, again.aliases) == ("v0", ["latest", "again"])
    assert [artifact.id for artifact in wandb.Api().run(run.id).logged_artifacts()] == [old.id]


def test_logging_a_file(run: wandb.Run) -> None:
    Path("m.pt").write_text("weights")
    made = run.log_artifact("m.pt")
    assert (made.name, made.type) == (f"run-{run.id}-m.pt:v0", "unspecified")
    assert list(made.manifest.entries) == ["m.pt"]


@covers("log_artifact(path)")
def test_logging_a_folder_and_an_address(run: wandb.Run) -> None:
    Path("folder/sub").mkdir(parents=True)
    Path("folder/sub/a").write_text("x")
    made = run.log_artifact(Path("folder"), name="tree", type="dataset", aliases=["a"], tags=["t"])
    assert (made.name, made.aliases, made.tags, list(made.manifest.entries)) == (
        "tree:v0",
        ["latest", "a"],
        ["t"],
        ["sub/a"],
    )
    made = run.log_artifact(Path("folder").absolute().as_uri(), name="refs")
    assert made.manifest.entries["sub/a"].ref is not None


def test_logging_what_is_no_artifact(run: wandb.Run) -> None:
    with pytest.raises(ValueError, match="nowhere"):
        run.log_artifact("nowhere")
    with pytest.raises(TypeError, match="takes an Artifact or a path"):
        run.log_artifact(3)  # type: ignore[arg-type]  # wrong on purpose
    assert wandb.Api().projects() == [] or not wandb.Api().artifact_types("p")


def test_the_history_step(run: wandb.Run) -> None:
    assert run.log_artifact(draft("1")).history_step is None
    run.log({"a": 1})
    run.log({"a": 2})
    assert run.log_artifact(draft("2")).history_step == 1


def test_saving_a_draft_logs_it_by_the_active_run(run: wandb.Run) -> None:
    artifact = draft()
    artifact.save()
    assert artifact.version == "v0"
    maker = artifact.logged_by()
    assert maker is not None
    assert maker.id == run.id


def test_saving_a_draft_without_a_run_begins_an_automatic_one() -> None:
    artifact = draft()
    artifact.save(project="q")
    maker = artifact.logged_by()
    assert maker is not None
    assert (maker.project, maker.job_type, maker.state) == ("q", "auto", "finished")
    assert wandb.run is None


@covers("artifact.save")
def test_editing_in_place_and_saving(run: wandb.Run) -> None:
    artifact = run.log_artifact(draft("1"), aliases=["old"], tags=["t"])
    artifact.aliases.append("best")
    artifact.aliases.remove("old")
    artifact.tags[:] = ["u"]
    artifact.metadata["acc"] = 0.9
    artifact.description = "text"
    assert sorted(wandb.Api().artifact("p/data:v0").aliases) == ["latest", "old"]
    artifact.save()
    kept = wandb.Api().artifact("p/data:best")
    assert (sorted(kept.aliases), kept.tags, kept.metadata, kept.description) == (
        ["best", "latest"],
        ["u"],
        {"acc": 0.9},
        "text",
    )


def test_saving_an_old_object_does_not_take_back_an_alias_that_moved(run: wandb.Run) -> None:
    old = run.log_artifact(draft("1"))
    run.log_artifact(draft("2"))
    old.aliases.append("best")
    old.save()
    assert wandb.Api().artifact("p/data:latest").version == "v1"
    assert wandb.Api().artifact("p/data:best").version == "v0"
    assert old.aliases == ["best"]


def test_a_refused_edit_changes_nothing(run: wandb.Run) -> None:
    artifact = run.log_artifact(draft())
    artifact.aliases.append("a/b")
    artifact.description = "text"
    with pytest.raises(ValueError, match="alias"):
        artifact.save()
    assert wandb.Api().artifact("p/data").description is None


@covers("artifact.new_draft")
def test_a_new_draft_has_the_files_and_becomes_the_next_version(run: wandb.Run) -> None:
    first = run.log_artifact(draft(description="d", metadata={"m": 1}), aliases=["x"], tags=["t"])
    copy = first.new_draft()
    assert (copy.name, copy.type, copy.description, copy.metadata) == ("data", "dataset", "d", {"m": 1})
    with copy.new_file("b.txt") as file:
        file.write("more")
    second = run.log_artifact(copy)
    assert (second.version, second.aliases, second.tags) == ("v1", ["latest"], [])
    assert list(second.manifest.entries) == ["a.txt", "b.txt"]
    assert Path(second.download(), "a.txt").read_text() == "hello"


def test_a_draft_built_for_one_store_can_be_logged_to_another(tmp_path: Path) -> None:
    artifact = draft()
    with wandb.init(project="p", store=tmp_path / "other") as run:
        run.log_artifact(artifact)
    assert wandb.Api(store=tmp_path / "other").artifact("p/data").digest == artifact.digest
    assert wandb.verify(store=tmp_path / "other", data=True) == []


@covers("log_model", "use_model")
def test_models(run: wandb.Run) -> None:
    Path("m.pt").write_text("weights")
    assert run.log_model("m.pt", name="net", aliases=["a"]) is None  # type: ignore[func-returns-value]  # it returns None
    assert wandb.Api().artifact("p/net:a").type == "model"
    assert Path(run.use_model("net:latest")).read_text() == "weights"
    run.log_artifact(draft())
    with pytest.raises(AssertionError, match="model"):
        run.use_model("data:latest")


def test_the_module_speaks_to_the_active_run(run: wandb.Run) -> None:
    assert wandb.log_artifact(draft()).version == "v0"
    assert wandb.use_artifact("data:latest").version == "v0"
    assert [artifact.name for artifact in wandb.Api().run(run.id).used_artifacts()] == ["data:v0"]


def test_a_draft_made_beside_a_run_that_is_not_active_goes_to_that_runs_store(tmp_path: Path) -> None:
    with wandb.init(project="p", store=tmp_path / "other", reinit="create_new") as run:
        run.log_artifact(draft())
    assert not Path(".jupyter_artifacts").exists()


def test_a_thousand_small_files_do_not_wait_for_a_clock(run: wandb.Run) -> None:
    began = time.perf_counter()
    artifact = wandb.Artifact("many", type="dataset")
    for i in range(1000):
        with artifact.new_file(f"{i}.txt") as file:
            file.write(str(i))
    run.log_artifact(artifact)
    assert time.perf_counter() - began < 10
