"""The tutorial this project was made from: its calls with its shapes, and its own code where it lies beside us."""

from __future__ import annotations

import re
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812  as everybody writes it
from torch.utils.data import DataLoader, TensorDataset

import jupyter_artifacts as wandb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT = "artifacts-example"
SPLITS = ["training", "validation", "test"]


class Net(nn.Module):
    """A ConvNet of two layers, made from a config."""

    def __init__(self, hidden_layer_sizes: list[int], kernel_sizes: list[int], activation: str, **rest: Any) -> None:
        super().__init__()
        first, last = hidden_layer_sizes[0], hidden_layer_sizes[-1]
        kernel, pool = kernel_sizes[0], rest["pool_sizes"][0]
        self.one = nn.Sequential(nn.Conv2d(1, first, kernel), getattr(nn, activation)(), nn.MaxPool2d(pool))
        self.two = nn.Sequential(nn.Conv2d(first, last, kernel), getattr(nn, activation)(), nn.MaxPool2d(pool))
        side = floor((floor((28 - kernel + 1) / pool) - kernel + 1) / pool)
        self.out = nn.Sequential(nn.Flatten(), nn.Dropout(rest["dropout"]))
        self.fc = nn.Linear(side * side * last, rest["num_classes"])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits."""
        scores: torch.Tensor = self.fc(self.out(self.two(self.one(x))))
        return scores


def read(folder: str, split: str) -> TensorDataset:
    """Read one split as the seed does."""
    x, y = torch.load(Path(folder) / f"{split}.pt")
    return TensorDataset(x, y)


def load_and_log() -> None:
    """Log three splits of digits as they come."""
    with wandb.init(project=PROJECT, job_type="load-data") as run:
        sizes = [48, 16, 40]
        made = [
            TensorDataset(torch.randint(0, 256, (n, 28, 28), dtype=torch.uint8), torch.randint(0, 10, (n,)))
            for n in sizes
        ]
        raw = wandb.Artifact(
            "mnist-raw", type="dataset", description="raw", metadata={"source": "here", "sizes": sizes}
        )
        for name, data in zip(SPLITS, made, strict=True):
            with raw.new_file(name + ".pt", mode="wb") as file:
                x, y = data.tensors
                torch.save((x, y), file)
        run.log_artifact(raw)


def preprocess_and_log(steps: dict[str, bool]) -> None:
    """Scale the digits to 0..1 and give them a channel."""
    with wandb.init(project=PROJECT, job_type="preprocess-data") as run:
        processed = wandb.Artifact("mnist-preprocess", type="dataset", description="processed", metadata=steps)
        folder = run.use_artifact("mnist-raw:latest").download()
        for split in SPLITS:
            x, y = read(folder, split).tensors
            with processed.new_file(split + ".pt", mode="wb") as file:
                torch.save((torch.unsqueeze(x.type(torch.float32) / 255, 1), y), file)
        run.log_artifact(processed)


def build_model_and_log(config: dict[str, object]) -> None:
    """Initialise a model and log its weights by add_file and save."""
    with wandb.init(project=PROJECT, job_type="initialize", config=config) as run:
        model = Net(**wandb.config)
        artifact = wandb.Artifact("convnet", type="model", description="a CNN", metadata=dict(wandb.config))
        torch.save(model.state_dict(), "initialized_model.pth")
        artifact.add_file("initialized_model.pth")
        wandb.save("initialized_model.pth")
        run.log_artifact(artifact)


def train_and_log(given: dict[str, object]) -> None:
    """Train from the logged data and weights."""
    with wandb.init(project=PROJECT, job_type="train", config=given) as run:
        config = wandb.config
        folder = run.use_artifact("mnist-preprocess:latest").download()
        loader = DataLoader(read(folder, "training"), batch_size=config.batch_size)
        artifact = run.use_artifact("convnet:latest")
        model_config: dict[str, Any] = artifact.metadata
        config.update(model_config)
        model = Net(**model_config)
        model.load_state_dict(torch.load(Path(artifact.download()) / "initialized_model.pth"))
        optimizer = getattr(torch.optim, config.optimizer)(model.parameters())
        seen = 0
        for epoch in range(config.epochs):
            for data, target in loader:
                loss = F.cross_entropy(model(data), target)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                seen += len(data)
                wandb.log({"epoch": epoch, "train/loss": loss.item()}, step=seen)
            wandb.log({"epoch": epoch, "validation/loss": 1.0, "validation/accuracy": 50.0}, step=seen)
        trained = wandb.Artifact("trained-model", type="model", description="trained", metadata=dict(model_config))
        torch.save(model.state_dict(), "trained_model.pth")
        trained.add_file("trained_model.pth")
        wandb.save("trained_model.pth")
        run.log_artifact(trained)


def evaluate_and_log(k: int = 32) -> None:
    """Rank the test examples by loss, one by one as the seed does, and log the hardest."""
    with wandb.init(project=PROJECT, job_type="report", config=None) as run:
        testing = read(run.use_artifact("mnist-preprocess:latest").download(), "test")
        artifact = run.use_artifact("trained-model:latest")
        arguments: dict[str, Any] = artifact.metadata
        model = Net(**arguments)
        model.load_state_dict(torch.load(Path(artifact.download()) / "trained_model.pth"))
        model.eval()
        losses, predictions = [], []
        with torch.no_grad():
            for data, target in DataLoader(testing, 1, shuffle=False):
                output = model(data)
                losses.append(F.cross_entropy(output, target).view((1, 1)))
                predictions.append(output.argmax(dim=1, keepdim=True))
        order = torch.argsort(torch.cat(losses), dim=0)
        examples, labels = testing[order[-k:]]
        assert examples.shape == (k, 1, 1, 28, 28)
        run.summary.update({"loss": torch.cat(losses).mean(), "accuracy": torch.tensor(50.0)})
        chosen = torch.cat(predictions)[order[-k:]]
        wandb.log(
            {
                "high-loss-examples": [
                    wandb.Image(example, caption=str(int(pred)) + "," + str(int(label)))
                    for example, pred, label in zip(examples, chosen, labels, strict=True)
                ]
            }
        )


STEPS = {"normalize": True, "expand_dims": True}
MODEL: dict[str, object] = {
    "hidden_layer_sizes": [4, 8],
    "kernel_sizes": [3],
    "activation": "ReLU",
    "pool_sizes": [2],
    "dropout": 0.5,
    "num_classes": 10,
}
TRAIN: dict[str, object] = {"batch_size": 16, "epochs": 2, "batch_log_interval": 1, "optimizer": "Adam"}

EDGES = {
    "load-data": ([], ["mnist-raw:v0"]),
    "preprocess-data": (["mnist-raw:v0"], ["mnist-preprocess:v0"]),
    "initialize": ([], ["convnet:v0"]),
    "train": (["mnist-preprocess:v0", "convnet:v0"], ["trained-model:v0"]),
    "report": (["mnist-preprocess:v0", "trained-model:v0"], []),
}


def check_catalog(epochs: int) -> None:
    """Check what the pipeline must leave: five finished runs, and who made what from what."""
    runs = list(wandb.Api().runs(PROJECT))
    assert [run.state for run in runs] == ["finished"] * 5
    edges = {
        run.job_type: ([a.name for a in run.used_artifacts()], [a.name for a in run.logged_artifacts()]) for run in runs
    }
    assert edges == EDGES
    load, preprocess, initialize, train, report = runs
    assert [run.name.rsplit("-", 1)[1] for run in runs] == ["1", "2", "3", "4", "5"]
    assert preprocess.logged_artifacts()[0].metadata == STEPS
    assert [file.name for file in initialize.files()] == ["initialized_model.pth"]
    assert set(train.config) == {"batch_size", "epochs", "batch_log_interval", "optimizer", *MODEL}
    rows = list(train.scan_history())
    steps = [int(str(row["_step"])) for row in rows]
    assert steps == sorted(set(steps))
    assert sum("validation/accuracy" in row for row in rows) == epochs
    grid = report.summary["high-loss-examples"]
    assert (grid["_type"], grid["count"], grid["width"], grid["height"]) == ("images/separated", 32, 28, 28)
    assert all(re.fullmatch(r"\d,\d", caption) for caption in grid["captions"])
    assert {"loss", "accuracy"} <= set(report.summary.keys())
    assert load.logged_artifacts()[0].manifest.entries.keys() == {f"{split}.pt" for split in SPLITS}
    assert wandb.verify(data=True) == []


def test_the_seeds_calls_with_its_shapes() -> None:
    torch.manual_seed(0)
    load_and_log()
    preprocess_and_log(STEPS)
    build_model_and_log(MODEL)
    train_and_log(TRAIN)
    evaluate_and_log()
    check_catalog(epochs=2)


def test_running_it_again_makes_versions_only_of_what_changed() -> None:
    for _ in range(2):
        torch.manual_seed(0)
        load_and_log()
        preprocess_and_log(STEPS)
    api = wandb.Api()
    assert [v.version for v in api.artifacts("dataset", f"{PROJECT}/mnist-raw")] == ["v0"]
    assert [v.version for v in api.artifacts("dataset", f"{PROJECT}/mnist-preprocess")] == ["v0"]
    assert len(api.runs(PROJECT)) == 4


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Given one thread: on shared cores several would wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.slow
@pytest.mark.notebook
@pytest.mark.filterwarnings("default:Converting a tensor with requires_grad")  # the seed's own float(loss)
@pytest.mark.usefixtures("one_thread")
def test_the_seeds_own_blocks_run_with_the_import_changed(repository: Path) -> None:
    seed = repository.parent / "shared" / "seed" / "tutorial_ja.md"
    digits = repository / "notebooks" / "MNIST"
    if not seed.exists() or not digits.exists():
        pytest.skip(f"needs {seed} and {digits}, which are not part of this repository")
    Path("MNIST").symlink_to(digits, target_is_directory=True)
    blocks = re.findall(r"```python\n(.*?)```", seed.read_text(encoding="utf-8"), re.DOTALL)
    code = "\n".join(line for block in blocks for line in block.splitlines() if not line.lstrip().startswith("!"))
    changed = code.replace("import wandb", "import jupyter_artifacts as wandb")
    for ours, smaller in ((5, '"epochs": 1'), (128, '"batch_size": 512'), ([32, 64], '"hidden_layer_sizes": [8, 16]')):
        key = smaller.partition(":")[0]
        assert f"{key}: {ours}" in changed
        changed = changed.replace(f"{key}: {ours}", smaller)
    names: dict[str, Any] = {"__name__": "seed"}
    run_blocks: Callable[..., None] = exec
    run_blocks(compile(changed, "<the seed>", "exec"), names)
    check_catalog(epochs=1)
    assert names["model"].state_dict().keys()
