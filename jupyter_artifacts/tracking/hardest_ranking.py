"""The k highest losses of a stream of batches, with figures over all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.tracking.hardest_result import HardestExamples

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import torch
    from numpy.typing import NDArray


class _Rows(NamedTuple):
    """Candidates side by side, one a row in each array."""

    losses: NDArray[np.float32]
    indices: NDArray[np.int64]
    labels: NDArray[np.int64]
    predictions: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    images: NDArray[Any]


def order(losses: NDArray[np.float32], indices: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return positions from hardest to easiest: NaN, then high to low, then by index."""
    import numpy as np

    positions: NDArray[np.int64] = np.lexsort((indices, -losses, ~np.isnan(losses)))
    return positions


class Ranking:
    """Keep the `k` hardest examples seen so far, and count all.

    Parameters
    ----------
    k : int
        How many to keep.
    classes : int
        How many outputs the model has.
    names : tuple of str, optional
        One a class.
    """

    def __init__(self, k: int, classes: int, names: tuple[str, ...] | None) -> None:
        import numpy as np

        if names is not None and len(names) != classes:
            raise InvalidValueError(f"{len(names)} class_names for a model of {classes} classes")
        self._k = k
        self._classes = classes
        self._names = names
        self._best: _Rows | None = None
        self._n = 0
        self._wrong = 0
        self._total_loss = 0.0
        self._confusion: NDArray[np.int64] = np.zeros((classes, classes), np.int64)

    def check_labels(self, labels: torch.Tensor) -> None:
        """Refuse a label that is no class before a GPU stumbles over it."""
        outside = ((labels < 0) | (labels >= self._classes)).nonzero()
        if len(outside):
            position = int(outside[0])
            raise InvalidValueError(
                f"example {self._n + position} has the label {int(labels[position])}, "
                f"but the model has the classes 0 to {self._classes - 1}"
            )

    def add(self, inputs: torch.Tensor, labels: torch.Tensor, outputs: torch.Tensor, losses: torch.Tensor) -> None:
        """Take one batch: inputs and outputs on any device, labels on the CPU."""
        import numpy as np
        import torch

        if outputs.shape[1] != self._classes:
            raise InvalidValueError(f"the model returned {self._classes} classes first and {outputs.shape[1]} later")
        host_losses: NDArray[np.float32] = losses.detach().cpu().numpy()
        predictions: NDArray[np.int64] = outputs.argmax(dim=1).cpu().numpy()
        truth: NDArray[np.int64] = labels.numpy()
        cells = np.bincount(truth * self._classes + predictions, minlength=self._classes**2)
        self._confusion += cells.reshape(self._classes, self._classes)
        self._wrong += int((truth != predictions).sum())
        with np.errstate(invalid="ignore"):  # infinities of both signs: the mean is NaN, which says enough
            self._total_loss += float(host_losses.sum(dtype=np.float64))
        indices = np.arange(self._n, self._n + len(truth), dtype=np.int64)
        self._n += len(truth)
        chosen = self._candidates(host_losses, indices)
        if not len(chosen):
            return
        rows = torch.from_numpy(chosen)
        probabilities = torch.softmax(outputs[rows.to(outputs.device)].float(), dim=1)
        images = inputs[rows.to(inputs.device)].detach().cpu()
        self._merge(
            _Rows(
                host_losses[chosen],
                indices[chosen],
                truth[chosen],
                predictions[chosen],
                probabilities.cpu().numpy(),
                (images.float() if images.dtype == torch.bfloat16 else images).numpy(),
            )
        )

    def _candidates(self, losses: NDArray[np.float32], indices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the positions in a batch of what can still be among the k hardest."""
        import numpy as np

        positions = np.arange(len(losses), dtype=np.int64)
        if self._best is not None and len(self._best.losses) == self._k:
            bar = self._best.losses[-1]
            # An equal loss comes later in the dataset, so it ranks after the one that is kept.
            beats = np.isnan(losses) if not np.isnan(bar) else np.zeros(len(losses), bool)
            positions = positions[beats | (losses > bar)]
        ranked = order(losses[positions], indices[positions])
        kept: NDArray[np.int64] = positions[ranked[: self._k]]
        return kept

    def _merge(self, rows: _Rows) -> None:
        import numpy as np

        if self._best is not None:
            if self._best.images.shape[1:] != rows.images.shape[1:]:
                shapes = f"{self._best.images.shape[1:]} and {rows.images.shape[1:]}"
                raise InvalidValueError(f"the inputs differ in shape between batches: {shapes}")
            pairs: Iterable[tuple[NDArray[Any], NDArray[Any]]] = zip(self._best, rows, strict=True)
            rows = _Rows(*map(np.concatenate, pairs))
        best = order(rows.losses, rows.indices)[: self._k]
        columns: Iterable[NDArray[Any]] = rows
        self._best = _Rows(*(column[best] for column in columns))

    def result(self) -> HardestExamples:
        """Return what was found."""
        if self._best is None:
            raise InvalidValueError("nothing was scored")
        return HardestExamples(
            *self._best,
            n=self._n,
            wrong=self._wrong,
            mean_loss=self._total_loss / self._n,
            confusion=self._confusion,
            class_names=self._names,
        )
