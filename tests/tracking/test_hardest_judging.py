"""Another version's word on examples that were found."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.utils.data import TensorDataset

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.tracking.hardest import hardest_examples
from jupyter_artifacts.tracking.hardest_judging import judged


class Scores(torch.nn.Module):
    """Gives each example its own numbers, times a sign."""

    def __init__(self, sign: float, classes: int = 3) -> None:
        super().__init__()
        self.sign = torch.nn.Parameter(torch.tensor(sign))
        self.classes = classes

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        flat: torch.Tensor = inputs.reshape(len(inputs), -1)[:, : self.classes]
        return self.sign * flat


def dataset(count: int = 40) -> TensorDataset:
    torch.manual_seed(3)
    return TensorDataset(torch.randn(count, 1, 2, 2), torch.randint(3, (count,)))


def test_the_same_examples_in_the_same_order() -> None:
    data, other = dataset(), Scores(-2.0)
    found = hardest_examples(Scores(1.0), data, k=7)
    again = judged(found, other, batch_size=3)
    inputs, labels = data.tensors
    rows = torch.from_numpy(found.indices)
    with torch.no_grad():
        outputs = other(inputs[rows])
    losses = torch.nn.functional.cross_entropy(outputs, labels[rows], reduction="none")
    assert again.indices.tolist() == found.indices.tolist()
    assert again.labels.tolist() == found.labels.tolist()
    np.testing.assert_allclose(again.losses, losses.numpy(), rtol=1e-5)
    np.testing.assert_allclose(again.probabilities, outputs.softmax(1).numpy(), rtol=1e-5)
    assert again.predictions.tolist() == outputs.argmax(1).tolist()
    assert again.n == 7
    assert other.training


def test_the_same_model_says_the_same() -> None:
    model = Scores(1.0)
    found = hardest_examples(model, dataset(), k=5, class_names=["a", "b", "c"])
    again = judged(found, model)
    np.testing.assert_allclose(again.losses, found.losses, rtol=1e-6)
    assert again.class_names == found.class_names


def test_what_cannot_be_compared_is_refused() -> None:
    found = hardest_examples(Scores(1.0), dataset(), k=5)
    with pytest.raises(InvalidValueError, match="numbers of classes: 3 and 4"):
        judged(found, Scores(1.0, classes=4))
    with pytest.raises(InvalidTypeError, match="callable"):
        judged(found, "v4")  # type: ignore[arg-type]  # that is the point
