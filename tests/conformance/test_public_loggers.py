"""Loggers and callbacks in the manner of training frameworks, with one import changed."""

from __future__ import annotations

import copy
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import jupyter_artifacts as wandb

if TYPE_CHECKING:
    from collections.abc import Mapping


class TrainerLogger:
    """A logger that begins its run late, and loses it when it is copied to a worker."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.begun: wandb.Run | None = None

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "begun": None}

    @property
    def experiment(self) -> wandb.Run:
        """The run, begun or taken over when it is first asked for."""
        if self.begun is None:
            self.begun = wandb.run or wandb.init(project="fit", id=self.run_id, resume="allow")
            self.begun.define_metric("trainer/global_step")
            self.begun.define_metric("*", step_metric="trainer/global_step", step_sync=True)
        return self.begun

    def log_metrics(self, values: Mapping[str, object], step: int) -> None:
        """Log values under a step of the trainer's own."""
        self.experiment.log({**values, "trainer/global_step": step})


def test_a_logger_that_begins_its_run_late_and_is_sent_to_a_worker(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    run_class = importlib.import_module("jupyter_artifacts.wandb_run").Run
    disabled_class = importlib.import_module("jupyter_artifacts.sdk.lib").RunDisabled
    logger = TrainerLogger("fixed-id")
    logger.experiment.config.update({"lr": torch.tensor(0.5), "net": {"layers": 2}}, allow_val_change=True)
    logger.log_metrics({"loss": torch.tensor(1.5)}, step=0)
    assert isinstance(logger.experiment, (run_class, disabled_class))
    logger = copy.deepcopy(logger)
    logger.log_metrics({"loss": 0.5, "pictures": [wandb.Image(torch.zeros(3, 4, 4), caption="a")]}, step=50)
    checkpoint = tmp_path / "best.ckpt"
    torch.save({"w": torch.ones(1)}, checkpoint)
    model = wandb.Artifact(f"model-{logger.experiment.id}", type="model", metadata={"score": torch.tensor(0.5).item()})
    model.add_file(str(checkpoint), name="model.ckpt")
    logger.experiment.log_artifact(model, aliases=["latest", "best"])
    wandb.finish()
    past = wandb.Api().run("fit/fixed-id")
    assert [row["trainer/global_step"] for row in past.scan_history(keys=["loss", "trainer/global_step"])] == [0, 50]
    assert past.config == {"lr": 0.5, "net": {"layers": 2}}
    assert (wandb.Api().artifact("fit/model-fixed-id:best").metadata, past.summary["loss"]) == ({"score": 0.5}, 0.5)


def test_a_callback_that_needs_a_run_and_compares_predictions_by_row() -> None:
    def begin() -> None:
        if wandb.run is None:
            raise wandb.Error("call init() before making the callback")
        wandb.define_metric("epoch/*", step_metric="epoch/epoch")

    with pytest.raises(wandb.Error, match="before making"):
        begin()
    with wandb.init(project="fit", config={"epochs": 2}) as run:
        begin()
        for epoch in range(wandb.config.epochs):
            wandb.log({"epoch/epoch": epoch, "epoch/loss": np.float32(1 / (epoch + 1))})
        truth = wandb.Table(columns=["picture", "label"])
        for label in range(3):
            truth.add_data(wandb.Image(np.full((4, 4, 3), label, np.uint8)), label)
        data = wandb.Artifact("validation", type="dataset")
        data.add(truth, "rows")
        run.log_artifact(data).wait()
        rows = run.use_artifact("validation:latest").get("rows")
        assert isinstance(rows, wandb.Table)
        guesses = wandb.Table(columns=["row", "picture", "guess"])
        for index in rows.get_index():
            guesses.add_data(index, rows.data[index][0], int(index) % 2)
        run.log({"guesses": guesses})
    summary = wandb.Api().run(f"fit/{run.id}").summary
    assert (summary["epoch/loss"], summary["guesses"]["nrows"]) == (0.5, 3)


def test_a_trainer_that_takes_over_a_run_and_logs_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "weights.bin").write_bytes(b"12")
    wandb.init(project="fit", name="sent")
    run = wandb.run
    assert run is not None
    wandb.config.update({"lr": 1.0, "model": {"layers": 2}}, allow_val_change=True)
    wandb.config["model/num_parameters"] = 3
    model = wandb.Artifact(f"model-{run.id}", type="model", metadata={"final_model": True})
    for file in folder.glob("*"):
        with model.new_file(file.name, mode="wb") as inside:
            inside.write(file.read_bytes())
    run.log_artifact(model, aliases=["checkpoint-3"])
    run.finish()
    assert wandb.run is None
    used = wandb.Api().artifact(f"fit/model-{run.id}:checkpoint-3")
    assert Path(used.file()).read_bytes() == b"12"
    assert used.get_entry("weights.bin").parent_artifact() is used
