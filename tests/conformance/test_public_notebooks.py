"""What public notebooks written for W&B do, in our own words: each test makes the calls of one kind of notebook."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

import jupyter_artifacts as wandb
from tests.conformance.support import covers

if TYPE_CHECKING:
    from collections.abc import Callable

Model = torch.nn.Linear


def picture(seed: int, *shape: int) -> np.ndarray:
    """Return random pixels."""
    return np.random.default_rng(seed).integers(0, 255, shape or (8, 8, 3)).astype(np.uint8)


def test_first_steps_with_artifacts() -> None:
    """Log a file, use it, describe it, download it: each in a run of its own."""
    Path("test.csv").write_text("a,b\n1,2\n")
    wandb.login()
    run = wandb.init(project="artifact-basics")
    run.log_artifact(artifact_or_path="test.csv", name="my_first_artifact", type="dataset")
    run.finish()
    run = wandb.init(project="artifact-basics")
    artifact = run.use_artifact(artifact_or_name="my_first_artifact:latest")
    artifact.description = "edited"
    artifact.save()
    folder = artifact.download()
    run.finish()
    assert Path(folder, "test.csv").read_text() == "a,b\n1,2\n"
    assert wandb.Api().artifact("artifact-basics/my_first_artifact:v0").description == "edited"


def test_a_pipeline_of_four_runs() -> None:
    """Load, preprocess, build, train: datasets and models from run to run."""
    with wandb.init(project="pipeline", job_type="load-data") as run:
        raw = wandb.Artifact("raw", type="dataset", description="raw digits", metadata={"sizes": [6, 2]})
        for name in ("training", "test"):
            with raw.new_file(f"{name}.pt", mode="wb") as file:
                torch.save((torch.rand(4, 3), torch.arange(4)), file)
        run.log_artifact(raw)
    with wandb.init(project="pipeline", job_type="preprocess-data", config={"normalize": True}) as run:
        folder = run.use_artifact("raw:latest").download()
        x, _ = torch.load(os.path.join(folder, "training.pt"), weights_only=True)  # noqa: PTH118  as users do
        done = wandb.Artifact("preprocessed", type="dataset", metadata=dict(run.config))
        with done.new_file("training.pt", mode="wb") as file:
            torch.save(x / 2, file)
        run.log_artifact(done)
    with wandb.init(project="pipeline", job_type="initialize", config={"hidden": [4]}) as run:
        model = wandb.Artifact("net", type="model", metadata=dict(wandb.config))
        torch.save(Model(3, 2).state_dict(), "initialized.pth")
        model.add_file("initialized.pth")
        wandb.save("initialized.pth")
        run.log_artifact(model)
    with wandb.init(project="pipeline", job_type="train-model", config={"epochs": 2}) as run:
        found = run.use_artifact("net:latest")
        path = os.path.join(found.download(), "initialized.pth")  # noqa: PTH118  as users do
        net = Model(3, 2)
        net.load_state_dict(torch.load(path, weights_only=True))
        wandb.config.update(found.metadata)
        wandb.watch(net, log="all", log_freq=1)
        for epoch in range(wandb.config.epochs):
            loss = net(torch.rand(4, 3)).pow(2).mean()
            loss.backward()
            wandb.log({"epoch": epoch, "train/loss": float(loss.detach())}, step=epoch)
        hard = torch.rand(3, 1, 8, 8)
        wandb.log({"high-loss": [wandb.Image(x, caption=f"{i},{i}") for i, x in enumerate(hard)]})
        run.summary.update({"loss": 0.1})
    graph = wandb.Api().run(run.id).used_artifacts()
    assert [artifact.name for artifact in graph] == ["net:v0"]
    assert graph[0].logged_by().job_type == "initialize"  # type: ignore[union-attr]  # it was logged by a run
    assert [run.job_type for run in wandb.Api().artifact("pipeline/raw:v0").used_by()] == ["preprocess-data"]


def test_tables_of_predictions() -> None:
    """Rows with pictures, frames, tables in artifacts and as what a run logged."""
    run = wandb.init(project="tables")
    table = wandb.Table(columns=["id", "image", "guess", *(f"score_{i}" for i in range(3))])
    for i in range(4):
        table.add_data(i, wandb.Image(picture(i)), i % 2, *np.random.default_rng(i).random(3))
    run.log({"predictions": table})
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [0.5, None]})
    wandb.log({"frame": wandb.Table(dataframe=frame), "same": wandb.Table(data=frame)})
    kept = wandb.Artifact("test_preds", type="predictions")
    kept.add(table, "preds")
    run.log_artifact(kept)
    run.finish()
    run = wandb.init(project="tables")
    again = run.use_artifact("test_preds:latest").get("preds")
    assert isinstance(again, wandb.Table)
    assert [row[0] for _, row in again.iterrows()] == [0, 1, 2, 3]
    more = wandb.Table(columns=["id", "extra"], data=[[i, i * 2] for i in range(4)])
    more.add_column("new", [1, 2, 3, 4])
    more.add_computed_columns(lambda _index, row: {"square": row["id"] ** 2})  # type: ignore[operator]  # an int
    both = wandb.Artifact("joined", type="predictions")
    both["more"] = more
    both.add(wandb.JoinedTable(again, more, "id"), "joined")
    run.log_artifact(both)
    assert more.get_index()[2].get_row() == {"id": 2, "extra": 4, "new": 3, "square": 4}
    first = wandb.Api().runs("tables")[0]
    logged = wandb.Api().artifact(f"tables/run-{first.id}-predictions:latest")
    assert (logged.type, logged.get("predictions") == table) == ("run_table", True)
    assert [artifact.type for artifact in first.logged_artifacts()].count("run_table") == 3


def test_pictures_in_an_artifact_are_logged_again() -> None:
    """Add pictures by their paths, take one out by its path, log it."""
    paths = []
    for i in range(3):
        paths.append(f"./img_{i}.png")
        Image.fromarray(picture(i, 8, 8)).save(paths[-1])
    wandb.init(project="image_docs")
    artifact = wandb.Artifact("my_images", "dataset")
    for path in paths:
        artifact.add(wandb.Image(path), path)
    wandb.log_artifact(artifact)
    wandb.finish()
    run = wandb.init(project="image_docs")
    found = wandb.use_artifact("my_images:latest").get(paths[0])
    assert isinstance(found, wandb.Image)
    wandb.log({"image": found})
    wandb.finish()
    assert wandb.Api().run(run.id).summary["image"]["_type"] == "image-file"


MEDIA: dict[str, Callable[[], Any]] = {
    "pictures": lambda: [wandb.Image(picture(i), caption=f"{i}") for i in range(3)],
    "masks": lambda: wandb.Image(
        picture(1), masks={"pred": {"mask_data": picture(2, 8, 8) % 3, "class_labels": {0: "a", 1: "b", 2: "c"}}}
    ),
    "boxes": lambda: wandb.Image(
        picture(1),
        boxes={
            "pred": {
                "box_data": [
                    {
                        "position": {"minX": 0.1, "maxX": 0.2, "minY": 0.3, "maxY": 0.4},
                        "class_id": 1,
                        "box_caption": "car",
                        "scores": {"acc": 0.1},
                    }
                ],
                "class_labels": {1: "car"},
            }
        },
    ),
    "histogram": lambda: wandb.Histogram(np_histogram=np.histogram(np.arange(50), bins=10)),
    "points": lambda: wandb.Object3D(np.random.default_rng(0).random((10, 6))),
    "lidar": lambda: wandb.Object3D(
        {
            "type": "lidar/beta",
            "points": np.random.default_rng(0).random((10, 3)),
            "boxes": np.array([{"corners": [[0, 0, i % 3] for i in range(8)], "label": "b", "color": [1, 2, 3]}]),
        }
    ),
    "video": lambda: wandb.Video(picture(0, 4, 3, 16, 16), fps=4, format="gif"),
    "html": lambda: wandb.Html("<a href='x'>y</a>", inject=False),
    "grid": lambda: wandb.Image(torch.rand(5, 1, 8, 8)),
    "line": lambda: wandb.plot.line(wandb.Table(["x", "y"], [[i, i * i] for i in range(9)]), "x", "y", title="T"),
    "bar": lambda: wandb.plot.bar(wandb.Table(["label", "value"], [["a", 1], ["b", 2]]), "label", "value"),
    "untitled": lambda: wandb.plot.histogram(wandb.Table(["v"], [[i] for i in range(9)]), "v", title=None),  # type: ignore[arg-type]  # as users do
    "series": lambda: wandb.plot.line_series(xs=[0, 1], ys=[[1, 2], [2, 3]], keys=["m", "n"], title="T", xname="units"),
    "roc": lambda: wandb.plot.roc_curve([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]], labels=["a", "b"]),
    "pr": lambda: wandb.plot.pr_curve([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]], labels=["a", "b"]),
    "confusion": lambda: wandb.plot.confusion_matrix(
        probs=None, y_true=[0, 1, 1], preds=[0, 0, 1], class_names=["a", "b"]
    ),
}


@covers("Audio, Video, Object3D, Molecule, Plotly, Classes", "plot_table")
@pytest.mark.parametrize("kind", MEDIA)
def test_media(kind: str) -> None:
    with wandb.init(project="media") as run:
        run.log({kind: MEDIA[kind]()})
    row = next(wandb.Api().run(run.id).scan_history())
    value = row[kind]
    assert isinstance(value, dict)
    assert "_type" in value


def test_versions_with_tags_in_a_registry() -> None:
    """Many models, each tagged and linked into one registered collection, found again by tags."""
    run = wandb.init(project="artifacts-example", job_type="generate")
    for region in ("us-west-2", "eu-central-1"):
        for number, status in enumerate(("production", "candidate")):
            Path("test_model.pt").write_text(f"{region} {number}")
            model = wandb.Artifact(name=f"test_model_{region}_{number}", type="model")
            model.add_file("test_model.pt")
            logged = run.log_artifact(model)
            logged.wait()
            logged.tags = [region, "Llama 3 Instruct - 70B", status]
            logged.metadata = {"accuracy": 0.7 + number / 10}
            logged.save()
            run.link_artifact(model, "wandb-registry-model/Artifact Demo Models")
    run.finish()
    found = wandb.Api().artifacts(
        type_name="model", name="wandb-registry-model/Artifact Demo Models", tags=["production", "eu-central-1"]
    )
    assert [(version.name, version.metadata["accuracy"]) for version in found] == [("Artifact Demo Models:v2", 0.7)]


def test_times_to_live_down_the_graph() -> None:
    """Set a time to live when logging, later by name, and on all that was made from it."""
    Path("a.txt").write_text("a")
    with wandb.init(project="ttl", job_type="raw-data") as run:
        raw = wandb.Artifact("real-raw", type="dataset")
        raw.add_file("a.txt")
        raw.ttl = dt.timedelta(days=10)
        run.log_artifact(raw, aliases=["extended"])
        run.finish()
    with wandb.init(project="ttl") as run:
        extended = run.use_artifact("me/ttl/real-raw:extended")
        extended.ttl = dt.timedelta(days=365)
        extended.save()
        made = wandb.Artifact("real-prepro", type="dataset")
        made.add_file("a.txt", name="b.txt")
        run.log_artifact(made)
    api = wandb.Api()
    for consumer in api.artifact("me/ttl/real-raw:latest").used_by():
        for artifact in iter(consumer.logged_artifacts()):
            artifact.ttl = None
            artifact.save()
    assert api.artifact("ttl/real-raw:v0").ttl == dt.timedelta(days=365)
    assert api.artifact("ttl/real-prepro:v0").ttl is None


def test_configs_in_every_form() -> None:
    """Parsed arguments, updates, defaults, attributes, a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-b", "--batch-size", type=int, default=8)
    arguments = parser.parse_args([])
    wandb.init(project="configs", config=arguments)
    wandb.config.update(arguments)
    wandb.config.update({"lr": 0.1, "channels": [16, 32]})
    wandb.config.epochs = 4
    wandb.config.update({"lr": 0.2}, allow_val_change=True)
    wandb.config.setdefaults({"lr": 9, "seed": 1})
    assert json.loads(json.dumps(dict(wandb.config))) == {
        "batch_size": 8,
        "lr": 0.2,
        "channels": [16, 32],
        "epochs": 4,
        "seed": 1,
    }
    wandb.finish()


def test_everything_is_exported_to_a_frame() -> None:
    """Runs of a project with configs and summaries, histories, files."""
    for rate in (0.1, 0.2):
        with wandb.init(project="export", config={"lr": rate}, reinit=True) as run:
            for step in range(4):
                run.log({"acc": rate * step, "loss": 1 - rate * step})
            Path("model.h5").write_text("weights")
            wandb.save("model.h5")
    api = wandb.Api()
    runs = api.runs(f"{api.default_entity}/export")
    frame = pd.DataFrame(
        {
            "summary": [run.summary._json_dict for run in runs],
            "config": [{k: v for k, v in run.config.items() if not k.startswith("_")} for run in runs],
            "name": [run.name for run in runs],
        }
    )
    assert frame["config"].tolist() == [{"lr": 0.1}, {"lr": 0.2}]
    best = max(runs, key=lambda run: run.summary.get("acc", 0))
    assert best.history(keys=["acc"], samples=2)["acc"].tolist() == pytest.approx([0, 0.6])
    assert next(row["loss"] for row in best.scan_history(keys=["loss"])) == 1
    with best.file("model.h5").download(root="there") as file:
        assert file.read() == "weights"
    json.dumps(best.config)


def test_checkpoints_are_cleaned_up() -> None:
    """Log a checkpoint each epoch; delete what has no alias; promote one; train on from it."""
    with wandb.init(project="checkpoints", config={"epochs": 3}) as run:
        for epoch in range(3):
            Path("model.txt").write_text(str(epoch))
            checkpoint = wandb.Artifact(f"run_{run.id}_model", type="model", metadata={"epoch": epoch})
            checkpoint.add_file("model.txt")
            run.log_artifact(checkpoint, aliases=["best", f"epoch_{epoch}"] if epoch == 1 else None)
        name = f"checkpoints/run_{run.id}_model"
    api = wandb.Api()
    for version in api.artifact_type("model", "checkpoints").collections()[0].artifacts():
        if not version.aliases:
            version.delete()
    assert [version.version for version in api.artifacts("model", name)] == ["v2", "v1"]
    best = api.artifact(f"{name}:best")
    best.aliases.append("production")
    best.save()
    maker = best.logged_by()
    assert maker is not None
    assert maker.config == {"epochs": 3}
    resumed = wandb.init(project="checkpoints", id=run.id, resume="must")
    assert resumed.resumed
    assert resumed.use_artifact(f"run_{run.id}_model:production").file().endswith("model.txt")
    resumed.finish()


def test_a_dataset_with_classes_is_split_by_rows() -> None:
    """A table of annotated pictures; the next run takes it, looks at it, and splits it."""
    Image.fromarray(picture(1)).save("street.jpg")
    classes = wandb.Classes([{"name": name, "id": number} for number, name in enumerate(("road", "car", "sky"))])
    run = wandb.init(project="segment", job_type="upload")
    table = wandb.Table(columns=["id", "raw", "annotated", "%_road"])
    for number in range(4):
        mask = {"ground_truth": {"mask_data": picture(number, 8, 8) % 3}}
        annotated = wandb.Image("street.jpg", classes=classes, masks=mask)
        table.add_data(str(number), wandb.Image("street.jpg"), annotated, 0.5)
    raw = wandb.Artifact(name="bdd_raw", type="raw_data")
    raw.add_file("street.jpg", os.path.join("images", "street.jpg"))  # noqa: PTH118  as users do
    raw.add(table, "raw_examples")
    run.log_artifact(raw)
    run.finish()
    run = wandb.init(project="segment", job_type="data_split")
    found: Any = run.use_artifact("bdd_raw:latest").get("raw_examples")
    assert found.data[0][1].image.size == (8, 8)
    assert Path("artifacts/bdd_raw:v0/images/street.jpg").is_file()
    train = wandb.Artifact("bdd_train", "train_data")
    train.add(wandb.Table(columns=found.columns, data=found.data[:3]), "train_table")
    assert run.log_artifact(train).get("train_table").data[2][2] == found.data[2][2]  # type: ignore[attr-defined]  # a Table


def test_a_model_is_evaluated_and_promoted() -> None:
    """A draft is used at once; a table grows by columns; the model found by its collection is linked on."""
    Path("model.pt").write_text("weights")
    Path("test_data").mkdir()
    Path("test_data/x.txt").write_text("1")
    wandb.init(project="manage", job_type="train")
    art = wandb.Artifact(f"mnist-{wandb.run.id}", "model")  # type: ignore[union-attr]  # a run is active
    art.add_file("model.pt")
    wandb.log_artifact(art, aliases=["best", "latest"])
    wandb.run.link_artifact(art, "Digit Models", ["latest"])  # type: ignore[union-attr]  # a run is active
    wandb.finish()
    run = wandb.init(project="manage", job_type="evaluate", config={"test_size": 3})
    data = wandb.Artifact("mnist-test", "dataset")
    data.add_dir("test_data")
    wandb.use_artifact(data)
    model = wandb.use_artifact("Digit Models:latest")
    assert Path(model.get_path("model.pt").download()).read_text() == "weights"
    table = wandb.Table(data=[], columns=[])
    table.add_column("image", [wandb.Image(item.numpy()) for item in torch.rand(3, 1, 28, 28)])
    table.add_column("label", torch.arange(3).tolist())
    table.add_column("pred", np.arange(3))
    wandb.log({"test_loss": 0.5, "predictions": table})
    promoted = run.link_artifact(model, "Digit Models", ["latest", "production"])
    wandb.finish()
    assert (promoted.version, promoted.aliases) == ("v0", ["latest", "production"])
    used = wandb.Api().run(run.id).used_artifacts()
    assert [artifact.type for artifact in used] == ["dataset", "model"]
    assert [artifact.name for artifact in wandb.Api().run(run.id).logged_artifacts()] == [
        f"run-{run.id}-predictions:v0"
    ]
