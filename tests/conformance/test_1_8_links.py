"""Section 1.8: links, collections that hold them, and registries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REGISTRY = "wandb-registry-model/Best Models"


@pytest.fixture
def run() -> Iterator[wandb.Run]:
    """Given a run."""
    with wandb.init(project="p") as run:
        yield run


@pytest.fixture
def versions(run: wandb.Run) -> list[wandb.Artifact]:
    """Given two versions of one artifact, the second with the alias best."""
    made = []
    for text in ("one", "two"):
        artifact = wandb.Artifact("net", type="model", metadata={"text": text})
        with artifact.new_file("weights.txt") as file:
            file.write(text)
        made.append(run.log_artifact(artifact, aliases=["best"] if text == "two" else None))
    return made


@covers("artifact.link", "run.link_artifact", "artifact.is_link", "artifact.linked_artifacts")
def test_a_link_has_a_number_and_aliases_of_its_own(run: wandb.Run, versions: list[wandb.Artifact]) -> None:
    linked = run.link_artifact(versions[1], REGISTRY, aliases=["prod"])
    assert (linked.name, linked.version, linked.aliases) == ("Best Models:v0", "v0", ["latest", "prod"])
    assert (linked.source_name, linked.source_version, linked.source_project) == ("net:v1", "v1", "p")
    assert (linked.project, linked.qualified_name.split("/", 1)[1]) == ("wandb-registry-model", REGISTRY + ":v0")
    assert (linked.is_link, versions[1].is_link) == (True, False)
    assert versions[1].aliases == ["latest", "best"]
    second = versions[0].link("team/wandb-registry-model/Best Models")
    assert (second.version, second.aliases) == ("v1", ["latest"])
    assert [artifact.name for artifact in versions[1].linked_artifacts] == ["Best Models:v0"]
    assert (second.linked_artifacts, second.source_artifact.name) == ([], "net:v0")
    assert linked.digest == versions[1].digest
    assert second.linked_at >= linked.linked_at >= versions[1].created_at == versions[1].linked_at


@covers("use_artifact of a link", "artifact.used_by")
def test_a_link_is_used_and_downloaded_as_its_source(run: wandb.Run, versions: list[wandb.Artifact]) -> None:
    run.link_artifact(versions[0], REGISTRY, aliases=["prod"])
    with wandb.init(project="q", reinit="create_new") as other:
        for name in (f"{REGISTRY}:prod", REGISTRY, f"any-entity/{REGISTRY}:v0"):
            assert other.use_artifact(name, type="model").name == "Best Models:v0"
        found = other.use_artifact(f"{REGISTRY}:prod")
        assert found.download().endswith("artifacts/net:v0")
        with pytest.raises(wandb.errors.CommError, match="type 'dataset'"):
            other.use_artifact(REGISTRY, type="dataset")
    assert [user.id for user in versions[0].used_by()] == [user.id for user in found.used_by()] == [other.id]
    assert [used.name for used in wandb.Api().run(other.id).used_artifacts()] == ["net:v0"]
    with pytest.raises(wandb.errors.CommError, match="did you mean 'prod'"):
        run.use_artifact(f"{REGISTRY}:prd")


def test_a_draft_is_logged_first_and_a_link_is_linked_by_its_source(run: wandb.Run) -> None:
    draft = wandb.Artifact("net", type="model")
    with draft.new_file("a.txt") as file:
        file.write("a")
    linked = run.link_artifact(draft, "portfolio")
    assert (draft.name, linked.project) == ("net:v0", "p")
    again = linked.link("other/portfolio")
    assert (again.source_name, again.project) == ("net:v0", "other")
    assert [artifact.qualified_name.split("/", 1)[1] for artifact in draft.linked_artifacts] == [
        "p/portfolio:v0",
        "other/portfolio:v0",
    ]


@covers("artifact.unlink")
def test_unlinking_and_deleting_a_link(run: wandb.Run, versions: list[wandb.Artifact]) -> None:
    first, second = (run.link_artifact(version, REGISTRY) for version in versions)
    with pytest.raises(ValueError, match=r"use 'Artifact\.delete' instead"):
        versions[0].unlink()
    second.unlink()
    api = wandb.Api()
    assert api.artifact(f"{REGISTRY}:latest").name == "Best Models:v0"
    first.delete()
    assert not api.artifact_exists(f"{REGISTRY}:latest")
    assert api.artifact("p/net:v1").aliases == ["latest", "best"]
    assert run.link_artifact(versions[0], REGISTRY).version == "v2"


def test_editing_through_a_link(run: wandb.Run, versions: list[wandb.Artifact]) -> None:
    linked = run.link_artifact(versions[0], REGISTRY, aliases=["prod"])
    linked.aliases.append("champion")
    linked.aliases.remove("prod")
    linked.save()
    assert wandb.Api().artifact(f"{REGISTRY}:champion").aliases == ["latest", "champion"]
    assert wandb.Api().artifact("p/net:v0").aliases == []
    linked.metadata["seen"] = True
    with pytest.warns(UserWarning, match=r"is a link: .*net:v0"):
        linked.save()
    assert wandb.Api().artifact("p/net:v0").metadata["seen"] is True
    with pytest.raises(ValueError, match="cannot expire"):
        linked.ttl = None
    draft = linked.new_draft()
    assert draft.name == "net"


def test_a_registry_is_found_in_any_case(run: wandb.Run, versions: list[wandb.Artifact]) -> None:
    run.link_artifact(versions[0], "wandb-registry-Zoo/Models")
    for name in ("wandb-registry-zoo/Models:v0", "team/wandb-registry-ZOO/Models"):
        assert run.use_artifact(name).source_name == "net:v0"
    assert wandb.Api().registry("Zoo").full_name == "wandb-registry-zoo"
    assert len(wandb.Api().artifacts("model", "wandb-registry-Zoo/Models")) == 1


def test_what_cannot_be_linked(run: wandb.Run, versions: list[wandb.Artifact], tmp_path: Path) -> None:
    for target, error in (
        ("a/b/c/d", ValueError),
        ("p/net:v0", ValueError),
        ("bad  name", ValueError),
        ("p/net", ValueError),
        ("pro:ject/x", wandb.errors.UsageError),
    ):
        with pytest.raises(error):
            run.link_artifact(versions[0], target)
    with pytest.raises(ValueError, match="may not contain"):
        run.link_artifact(versions[0], "x", aliases=["a/b"])
    run.link_artifact(versions[0], "x")
    data = wandb.Artifact("data", type="dataset")
    with pytest.raises(ValueError, match="links artifacts of type 'model'"):
        run.link_artifact(data, "x")
    (tmp_path / "f").write_text("f")
    with pytest.raises(ValueError, match="collection of links"):
        run.log_artifact(tmp_path / "f", name="x", type="model")
    assert wandb.verify() == []


@covers("run.link_model", "link_model")
def test_models_are_linked_to_registered_ones(run: wandb.Run, tmp_path: Path) -> None:
    (tmp_path / "net.pt").write_text("weights")
    with pytest.raises(AssertionError):
        run.link_model(tmp_path / "net.pt", "a/b")
    linked = wandb.link_model(tmp_path / "net.pt", "MNIST Net", aliases=["staging"])
    assert (linked.name, linked.project, linked.source_name) == (
        "MNIST Net:v0",
        "model-registry",
        f"run-{run.id}-net.pt:v0",
    )
    assert run.use_model("model-registry/MNIST Net:staging").endswith("net.pt")


@covers("Api.registries", "Api.registry", "Api.create_registry", "artifact.collection")
def test_registries_are_read(run: wandb.Run, versions: list[wandb.Artifact]) -> None:
    api = wandb.Api()
    assert [registry.name for registry in api.registries()] == []
    for version in versions:
        run.link_artifact(version, REGISTRY)
    made = api.create_registry("data", visibility="organization")
    assert (made.full_name, list(made.collections()), made.created_at) == ("wandb-registry-data", [], "")
    with pytest.raises(ValueError, match="already"):
        api.create_registry("data", visibility="organization")
    assert [registry.name for registry in api.registries()] == ["data", "model"]
    assert [registry.name for registry in api.registries(filter={"name": {"$contains": "mod"}})] == ["model"]
    registry = api.registry("model")
    (collection,) = registry.collections()
    assert (collection.name, collection.is_sequence(), collection.aliases) == ("Best Models", False, ["latest"])
    assert [artifact.version for artifact in registry.versions()] == ["v1", "v0"]
    assert [artifact.version for artifact in registry.versions(filter={"alias": "latest"})] == ["v1"]
    with pytest.raises(wandb.errors.CommError, match="did you mean 'model'"):
        api.registry("modle")
    assert [project.name for project in api.projects()] == ["p"]
    versions[0].tags = ["eu", "candidate"]
    versions[0].save()
    found = api.artifacts(type_name="model", name=REGISTRY, tags=["eu"])
    assert [artifact.name for artifact in found] == ["Best Models:v0"]
    linked = api.artifact(f"{REGISTRY}:v0")
    assert (linked.collection.name, linked.source_collection.name) == ("Best Models", "net")
    with pytest.raises(ValueError, match="portfolio"):
        linked.collection.change_type("x")
    linked.collection.delete()
    assert list(registry.collections()) == []


@covers("ArtifactCollection.save", "ArtifactCollection.change_type", "ArtifactCollection.delete")
def test_a_collection_is_renamed_described_retyped_and_deleted(versions: list[wandb.Artifact]) -> None:
    collection = versions[0].collection
    collection.name, collection.description, collection.tags = "renamed", "text", ["b", "a"]
    collection.save()
    api = wandb.Api()
    found = api.artifact_collection("model", "p/renamed")
    assert (found.description, found.tags, len(found.artifacts())) == ("text", ["a", "b"], 2)
    assert api.artifact("p/renamed:best").version == "v1"
    assert not api.artifact_collection_exists("p/net", "model")
    found.change_type("weights")
    assert api.artifact("p/renamed:v0").type == "weights"
    for reserved in ("job", "wandb-x"):
        with pytest.raises(ValueError, match="reserved"):
            found.change_type(reserved)
    found.delete()
    assert not api.artifact_exists("p/renamed:v0")
    assert wandb.verify() == []
