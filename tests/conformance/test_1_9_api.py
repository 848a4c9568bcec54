"""Section 1.9: `Api`, reading without a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_artifacts as wandb
from jupyter_artifacts.tracking.public_run import PublicRun
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Callable

    Log = Callable[..., wandb.Artifact]


@pytest.fixture
def three(logged: Log) -> None:
    """Given three versions of `data` and one of `model`, in project p."""
    for i in range(3):
        logged(files={"a": str(i)}, tags=["even"] if i % 2 == 0 else ["odd"], aliases=[f"n{i}"])
    logged("net", type="model")


def test_without_a_store_nothing_is_made_and_nothing_is_found() -> None:
    api = wandb.Api()
    assert not api.artifact_exists("p/data")
    assert not api.artifact_collection_exists("p/data", "dataset")
    assert api.projects() == []
    with pytest.raises(wandb.errors.CommError, match="no store"):
        api.artifact("p/data")
    assert not Path(".jupyter_artifacts").exists()


@covers("Api.artifact", "Api.artifact_exists")
@pytest.mark.usefixtures("three")
def test_an_artifact_by_name() -> None:
    api = wandb.Api()
    assert api.artifact("p/data").version == "v2"
    assert api.artifact("me/p/data:n1", type="dataset").version == "v1"
    assert api.artifact("data:v0").version == "v0"
    assert wandb.Api(overrides={"project": "p"}).artifact("data").version == "v2"
    assert (api.artifact_exists("p/data:n1"), api.artifact_exists("p/data:n1", "model")) == (True, False)
    with pytest.raises(wandb.errors.CommError, match="type 'model' specified"):
        api.artifact("p/data", type="model")


@covers("Api.artifacts", "Api.artifact_versions")
@pytest.mark.usefixtures("three")
def test_versions_newest_first_or_in_a_given_order() -> None:
    api = wandb.Api()
    versions = api.artifacts("dataset", "p/data", per_page=2)
    assert (len(versions), [v.version for v in versions]) == (3, ["v2", "v1", "v0"])
    assert (versions[0].version, versions[-1].version, [v.version for v in versions[1:]]) == ("v2", "v0", ["v1", "v0"])
    assert [v.version for v in api.artifacts("dataset", "p/data", order="+version_index")] == ["v0", "v1", "v2"]
    assert [v.version for v in api.artifact_versions("dataset", "p/data")] == ["v2", "v1", "v0"]
    with pytest.raises(ValueError, match="order"):
        api.artifacts("dataset", "p/data", order="+colour")
    with pytest.raises(wandb.errors.CommError, match="did you mean 'data'"):
        api.artifacts("dataset", "p/dato")


@covers("Api.artifacts(tags=)")
@pytest.mark.usefixtures("three")
def test_versions_by_tags() -> None:
    api = wandb.Api()
    assert [v.version for v in api.artifacts("dataset", "p/data", tags="even")] == ["v2", "v0"]
    assert len(api.artifacts("dataset", "p/data", tags=["even", "odd"])) == 0


@covers("Api.artifact_collections", "Api.artifact_types")
@pytest.mark.usefixtures("three")
def test_collections_and_types() -> None:
    api = wandb.Api()
    assert [kind.name for kind in api.artifact_types("p")] == ["dataset", "model"]
    assert [c.name for c in api.artifact_type("model", "p").collections()] == ["net"]
    collection = api.artifact_collection("dataset", "p/data")
    facts = (collection.name, collection.type, collection.is_sequence(), sorted(collection.aliases))
    assert facts == ("data", "dataset", True, ["latest", "n0", "n1", "n2"])
    assert [v.version for v in collection.artifacts()] == ["v2", "v1", "v0"]
    assert [c.name for c in api.artifact_collections("p", "dataset")] == ["data"]
    assert api.artifact_collection_exists("p/data", "dataset")
    assert not api.artifact_collection_exists("p/data", "model")
    with pytest.raises(wandb.errors.CommError, match="did you mean 'model'"):
        api.artifact_type("modle", "p")


@pytest.fixture
def runs() -> list[wandb.Run]:
    """Given three runs with a config and a summary."""
    made = []
    for i, job in enumerate(["load", "train", "train"]):
        with wandb.init(project="p", job_type=job, config={"lr": i, "n": {"d": i}}, tags=["a"], group="g") as run:
            run.log({"acc": i / 2})
            made.append(run)
    return made


@covers("Api.run")
def test_a_run_by_path_id_or_name(runs: list[wandb.Run]) -> None:
    api = wandb.Api()
    run = runs[1]
    for path in (run.path, f"p/{run.id}", run.id, f"p/{run.name}", f"/{run.path}"):
        assert api.run(path).id == run.id
    with pytest.raises(wandb.errors.CommError):
        api.run("p/none")
    with pytest.raises(wandb.errors.CommError, match="it is in 'p'"):
        api.run(f"q/{run.id}")


def test_what_a_run_knows(runs: list[wandb.Run]) -> None:
    run = wandb.Api().run(runs[1].id)
    assert (run.state, run.config, run.summary["acc"], run.tags, run.job_type) == (
        "finished",
        {"lr": 1, "n": {"d": 1}},
        0.5,
        ["a"],
        "train",
    )
    assert (run.path, run.url, run.group, run.lastHistoryStep) == ([run.entity, "p", run.id], None, "g", 0)
    assert run.metadata["pid"] == runs[1].record.pid


@covers("Api.runs(filters=)")
def test_runs_oldest_first_and_filtered(runs: list[wandb.Run]) -> None:
    api = wandb.Api()
    ids = [run.id for run in runs]
    assert [run.id for run in api.runs("p")] == ids
    assert [run.id for run in api.runs("me/p", order="-created_at")] == ids[::-1]
    for filters, expected in (
        ({"jobType": "train"}, ids[1:]),
        ({"config.lr": 2}, ids[2:]),
        ({"config.n.d": 1, "state": "finished"}, ids[1:2]),
        ({"summary_metrics.acc": 0.5}, ids[1:2]),
        ({"tags": "a"}, ids),
        ({"display_name": "nobody"}, []),
        ({"config.lr": {"$gt": 1}}, ids[2:]),
        ({"config.lr.value": {"$in": [1, 2]}}, ids[1:]),
        ({"$or": [{"config.lr": 2}, {"summary_metrics.acc": 0.5}]}, ids[1:]),
        ({"$and": [{"tags": {"$in": ["a"]}}, {"$not": {"jobType": "train"}}]}, ids[:1]),
        ({"config.zz": {"$exists": False}, "config.lr": 0}, ids[:1]),
        ({"config.lr": {"$ne": 2}, "tags": {"$regex": "^A$", "$options": "i"}}, ids[:2]),
        ({"config.lr": {"$not": {"$gte": 1}}}, ids[:1]),
        ({"created_at": {"$gt": "2000-01-01T00:00:00", "$lt": "2999-01-01"}}, ids),
    ):
        found = api.runs("p", filters=filters)
        assert ([run.id for run in found], len(found)) == (expected, len(expected))


def test_filters_that_cannot_be_judged_are_refused(runs: list[wandb.Run]) -> None:
    del runs
    for wrong, hint in (
        ({"config.lr": {"$gtt": 1}}, r"did you mean '\$gt"),
        ({"$xor": [{}]}, r"\$xor is unknown"),
        ({"name": {"$regex": "("}}, "no regular expression"),
        ({"created_at": {"$gt": "soon"}}, "no moment"),
    ):
        with pytest.raises(ValueError, match=hint):
            wandb.Api().runs("p", filters=wrong)
    shapes: list[Any] = [{"$or": {}}, {"state": {"$in": "x"}}, {"config.lr": {"$gt": [1]}}, {1: 2}]
    for shape in shapes:
        with pytest.raises(TypeError):
            wandb.Api().runs("p", filters=shape)
    with pytest.raises(ValueError, match="did you mean 'state'"):
        wandb.Api().runs("p", filters={"stat": "x"})


@covers("Api.projects", "Api.viewer")
def test_projects_and_the_viewer(runs: list[wandb.Run]) -> None:
    api = wandb.Api()
    assert [project.name for project in api.projects()] == ["p"]
    assert api.project("p").path == [api.default_entity, "p"]
    assert api.viewer.username == api.default_entity == runs[0].entity
    assert api.flush() is None  # type: ignore[func-returns-value]  # it exists, and returns nothing


def test_pages_are_read_as_they_are_walked(logged: Log) -> None:
    for i in range(5):
        logged(files={"a": str(i)})
    versions = wandb.Api().artifacts("dataset", "p/data", per_page=2)

    def cursor() -> str | None:
        return versions.cursor

    assert cursor() == "0"
    assert next(iter(versions)).version == "v4"
    assert cursor() == "2"
    assert [v.version for v in versions] == ["v4", "v3", "v2", "v1", "v0"]
    assert cursor() is None
    with pytest.raises(IndexError):
        versions[5]
    with pytest.raises(ValueError, match="per_page"):
        wandb.Api().artifacts("dataset", "p/data", per_page=0)


@covers("Api.runs(order=)")
def test_runs_by_what_they_logged(runs: list[wandb.Run]) -> None:
    api = wandb.Api()
    ids = [run.id for run in runs]
    assert [run.id for run in api.runs("p", order="-config.lr")][:2] == ids[:0:-1]
    assert [run.id for run in api.runs("p", order="-summary_metrics.acc")] == ids[::-1]
    assert len(api.runs("p", order="-config.lr", per_page=1)) == 3
    with pytest.raises(ValueError, match="no field"):
        api.runs("p", order="-colour")


@covers("paginators: len, index, cursor, start=")
def test_a_listing_goes_on_from_a_cursor(runs: list[wandb.Run]) -> None:
    api = wandb.Api()
    ids = [run.id for run in runs]
    first = api.runs("p", per_page=2)
    assert first[0].id == ids[0]
    rest = api.runs("p", start=first.cursor)
    assert ([run.id for run in rest], len(rest), rest.cursor) == (ids[2:], 1, None)
    with pytest.raises(ValueError, match="cursor"):
        api.runs("p", start="x")


@covers("Run.update", "Run.delete", "Run.use_artifact", "Run.log_artifact", "Run.upload_file")
def test_a_run_that_is_over_is_edited_and_deleted(runs: list[wandb.Run], tmp_path: Path) -> None:
    run = wandb.Api().run(runs[1].id)
    run.config["lr"], run.summary["best"], run.notes, run.name = 7, 0.9, "text", "renamed"
    run.tags.append("z")
    run.update()
    again = wandb.Api().run(f"p/{run.id}")
    assert (again.config["lr"], again.summary["best"], again.notes, again.name) == (7, 0.9, "text", "renamed")
    assert again.tags[-1] == "z"
    (tmp_path / "f.txt").write_text("f")
    assert again.upload_file(tmp_path / "f.txt", root=tmp_path).name == "f.txt"
    assert again.file("f.txt").read() == b"f"
    with wandb.init(project="p") as maker:
        made = maker.log_artifact(tmp_path / "f.txt", name="f", type="t")
    again.use_artifact(made)
    again.log_artifact(made, aliases=["late"])
    assert [user.id for user in made.used_by()] == [run.id]
    assert wandb.Api().artifact("p/f:late").version == "v0"
    with pytest.raises(wandb.errors.CommError):
        again.use_artifact(wandb.Artifact("draft", type="t"))
    again.delete(delete_artifacts=True)
    assert not wandb.Api().artifact_exists("p/f:v0")
    assert [found.id for found in wandb.Api().runs("p")] == [runs[0].id, runs[2].id, maker.id]
    with pytest.raises(wandb.errors.CommError):
        wandb.Api().run(run.id)
    assert wandb.verify() == []


@covers("Api.from_path")
def test_what_a_path_names(runs: list[wandb.Run], logged: Callable[..., wandb.Artifact]) -> None:
    logged()
    api = wandb.Api()
    run = runs[1]
    for path in (f"me/p/runs/{run.id}", f"me/p/{run.id}", f"https://wandb.ai/me/p/runs/{run.id}"):
        found = api.from_path(path)
        assert isinstance(found, PublicRun)
        assert found.id == run.id
    artifact = api.from_path("me/p/data:v0")
    assert isinstance(artifact, wandb.Artifact)
    assert artifact.name == "data:v0"
    assert len(api.from_path("me/p")) == 4  # type: ignore[arg-type]  # runs


@covers("Api.run")
def test_a_run_is_found_by_the_path_of_its_page() -> None:
    with wandb.init(project="p") as run:
        run.log({"x": 1})
    assert wandb.Api().run(f"{run.entity}/p/runs/{run.id}").id == run.id


def test_a_project_named_runs_is_still_one() -> None:
    with wandb.init(project="runs") as run:
        run.log({"x": 1})
    assert wandb.Api().run(f"runs/{run.id}").project == "runs"


@covers("Api.runs().next()")
def test_a_listing_is_walked_by_next(runs: list[wandb.Run]) -> None:
    found = wandb.Api().runs("p", per_page=2)
    assert [next(found).id, found.next().id] == [run.id for run in runs[:2]]
    assert [run.id for run in found] == [run.id for run in runs]
    assert [next(found).id for _ in runs[2:]] == [run.id for run in runs[2:]]
    with pytest.raises(StopIteration):
        next(found)


def test_next_passes_over_runs_that_the_filter_leaves_out(runs: list[wandb.Run]) -> None:
    last = wandb.Api().runs("p", {"name": runs[-1].id}, per_page=1)
    assert next(last).id == runs[-1].id


@covers(
    "Api.report, reports, user, users, team, sweep, create_project ...",
    refused="refused in one line: they ask a server",
)
@pytest.mark.parametrize("name", ["reports", "user", "team", "sweep", "create_project", "job"])
def test_what_only_a_server_knows_is_refused_by_name(name: str) -> None:
    api: Any = wandb.Api()
    with pytest.raises(wandb.errors.UnsupportedError, match=rf"Api\.{name} is not offered here"):
        getattr(api, name)
    assert not hasattr(api, name)
    with pytest.raises(AttributeError, match="did you mean 'artifact'"):
        _ = api.artefact


@covers("Api.registries().collections().versions()", "Registry.collections().versions()")
def test_registries_collections_and_versions_in_one_line(logged: Log) -> None:
    artifact = logged()
    artifact.link("wandb-registry-model/Net", aliases=["prod"])
    artifact.link("wandb-registry-data/Digits")
    api = wandb.Api()
    assert [collection.name for collection in api.registries().collections()] == ["Digits", "Net"]
    chosen = api.registries(filter={"name": {"$regex": "model"}}).collections(filter={"name": "Net"})
    assert [found.source_name for found in chosen.versions(filter={"alias": "prod"})] == ["data:v0"]
    assert len(api.registry("model").collections().versions(filter={"alias": "staging"})) == 0
    assert next(api.registries().versions()).name == "Digits:v0"
    with pytest.raises(ValueError, match="'size' is unknown"):
        chosen.versions(filter={"size": 1})
