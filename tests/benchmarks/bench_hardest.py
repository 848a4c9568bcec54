"""The search for the 32 hardest of 10,000 examples: one by one, as tutorials do, beside ours.

    python tests/benchmarks/bench_hardest.py [--n 10000] [--runs 3] [--device cpu]

The loop is the one of the tutorial this project was made from: a DataLoader of batch
size 1, a growing torch.cat, argsort. Prints a table; asserts nothing about time.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Subset, TensorDataset

from jupyter_artifacts.tracking.hardest import hardest_examples

if TYPE_CHECKING:
    from collections.abc import Callable

K = 32


class ConvNet(nn.Module):
    """The tutorial's network: two convolutions, dropout, one linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Dropout(0.5), nn.Linear(64 * 5 * 5, 10)),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give logits of shape (b, 10)."""
        out: torch.Tensor = self.layers(x)
        return out


def one_by_one(model: nn.Module, data: TensorDataset, device: str) -> list[int]:
    """Return the indices of the 32 highest losses, found with batches of one."""
    model.eval()
    losses: torch.Tensor | None = None
    with torch.no_grad():
        for x, y in DataLoader(data, 1, shuffle=False):
            loss = functional.cross_entropy(model(x.to(device)), y.to(device)).view((1, 1))
            losses = loss if losses is None else torch.cat((losses, loss), 0)
    if losses is None:
        return []
    order: list[int] = torch.argsort(losses, dim=0).flatten()[-K:].tolist()
    return order


def timed(search: Callable[[], list[int]], runs: int) -> tuple[float, set[int]]:
    """Return the median seconds and what was found."""
    seconds, found = [], set[int]()
    for _ in range(runs):
        start = time.perf_counter()
        found = set(search())
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), found


def table(n: int = 10_000, runs: int = 3, device: str = "cpu") -> str:
    """Run every search and return the table."""
    torch.manual_seed(0)
    data = TensorDataset(torch.rand(n, 1, 28, 28), torch.randint(0, 10, (n,)))
    model = ConvNet().to(device)

    def ours(batch_size: int, dataset: object = data) -> Callable[[], list[int]]:
        def search() -> list[int]:
            found: list[int] = hardest_examples(model, dataset, k=K, batch_size=batch_size).indices.tolist()
            return found

        return search

    searches: dict[str, Callable[[], list[int]]] = {
        "one by one": lambda: one_by_one(model, data, device),
        "hardest_examples, batch 128": ours(128),
        "hardest_examples, batch 256": ours(256),
        "hardest_examples, batch 1024": ours(1024),
        "batch 128, through a DataLoader": ours(128, Subset(data, range(n))),
    }
    ours(1024)()  # warm up: the first call of a process loads kernels
    results = {name: timed(search, runs) for name, search in searches.items()}
    slow, expected = results["one by one"]
    lines = [
        (
            f"{n:,} examples of 28 x 28, k = {K}, {device}, {torch.get_num_threads()} threads, "
            f"torch {torch.__version__}, Python {platform.python_version()}, median of {runs}"
        ),
        "",
        f"| {'search':31} | seconds | times faster | same {K} |",
        f"|{'-' * 33}|--------:|-------------:|---------|",
    ]
    for name, (seconds, found) in results.items():
        same = "yes" if found == expected else f"no: {len(found & expected)} of {K}"
        lines.append(f"| {name:31} | {seconds:7.3f} | {slow / seconds:12.1f} | {same:7} |")
    return "\n".join(lines) + "\n"


@pytest.mark.benchmark
def test_hardest() -> None:
    text = table()
    sys.stdout.write(f"\n{text}")
    assert text.count("| yes") == len(("loop", "128", "256", "1024", "loader"))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    sys.stdout.write(table(args.n, args.runs, args.device))


if __name__ == "__main__":
    main()
