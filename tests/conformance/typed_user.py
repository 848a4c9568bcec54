"""How a user writes code against this package; only a type checker reads it (``test_typed_user.py``)."""
# ruff: noqa: T201, TC003  a user prints, and imports as users do

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import jupyter_artifacts as wandb

if TYPE_CHECKING:
    import pandas as pd


def prepare(folder: Path) -> str:
    """Log a dataset; return its version."""
    with wandb.init(project="digits", job_type="prepare", tags=["raw"], config={"split": [50, 10]}) as run:
        data = wandb.Artifact("mnist-raw", type="dataset", metadata={"source": "torchvision"})
        with data.new_file("notes.txt") as text:
            text.write("from torchvision")
        with data.new_file("training.bin", mode="wb") as binary:
            binary.write(b"\0\1")
        data.add_dir(folder, name="images")
        entry = data.add_file(folder / "labels.csv")
        data.add_reference("file:///data/more.csv", checksum=False)
        data.ttl = dt.timedelta(days=30)
        size: int | None = entry.size
        logged = run.log_artifact(data, aliases=["best"])
        version: str = logged.wait().version
        print(size, logged.aliases, logged.tags, logged.digest)
        return version


def train(arguments: argparse.Namespace) -> None:
    """Use a dataset, log values, pictures and a model."""
    run = wandb.init(project="digits", config=arguments, reinit="finish_previous")
    folder: str = run.use_artifact("mnist-raw:latest", type="dataset").download()
    rate: float = run.config.lr
    run.define_metric("loss", summary="min")
    table = wandb.Table(columns=["id", "picture"])
    table.add_data(1, wandb.Image(np.zeros((4, 4), np.uint8), caption="zero"))
    for step in range(10):
        run.log({"loss": rate / (step + 1), "nested": {"a": 1}}, step=step)
    wandb.log({"table": table, "histogram": wandb.Histogram([1, 2, 3])})
    run.summary["best"] = 0.1
    wandb.save(f"{folder}/*.csv")
    linked = run.link_artifact(run.log_artifact("model.pt", name="model", type="model"), "registry/Best Models")
    source: wandb.Artifact = linked.source_artifact
    names: list[str] = [artifact.name for artifact in source.linked_artifacts]
    print(names, run.id, run.path, run.tags)
    wandb.finish()


def look() -> pd.DataFrame:
    """Read back what was logged."""
    api = wandb.Api(overrides={"project": "digits"})
    for run in api.runs("digits", filters={"config.lr": {"$gt": 0.01}}, order="-summary_metrics.loss"):
        print(run.name, run.state, run.config["lr"], run.summary.get("loss"), run.tags)
    newest = api.runs()[0]
    for artifact in api.artifacts("dataset", "mnist-raw", tags=["raw"]):
        maker = artifact.logged_by()
        print(artifact.version, maker.name if maker is not None else "", [user.id for user in artifact.used_by()])
    if not api.artifact_exists("mnist-raw:best"):
        raise SystemExit(1)
    with api.artifact("mnist-raw:best").open("notes.txt") as file:
        print(file.read().decode())
    return newest.history(samples=100, keys=["loss"])
