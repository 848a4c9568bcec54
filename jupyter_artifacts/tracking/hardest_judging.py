"""Another model's word on examples that were found: the same pictures across two versions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.model.optional import require
from jupyter_artifacts.tracking import hardest

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from jupyter_artifacts.tracking.hardest_result import HardestExamples


def judged(
    found: HardestExamples,
    model: Callable[[torch.Tensor], torch.Tensor],
    loss: hardest.Loss | None = None,
    batch_size: int = 128,
) -> HardestExamples:
    """Return what another version of the model says of the examples that were found, in their order.

    Parameters
    ----------
    found : HardestExamples
    model : torch.nn.Module or callable
        As for `hardest_examples`; a module is left as it was.
    loss : callable, optional
        Cross entropy by default.
    batch_size : int, default 128

    Returns
    -------
    HardestExamples
        `n`, `wrong`, `mean_loss` and `confusion` are of these k examples alone.
    """
    require("torch", "torch", "to score examples")
    import numpy as np
    import torch
    from torch.utils.data import TensorDataset

    if not callable(model):
        raise InvalidTypeError(f"the model must be callable, not {type(model).__name__}")
    dataset = TensorDataset(torch.from_numpy(found.images), torch.from_numpy(found.labels.astype(np.int64)))
    ranked = hardest.hardest_examples(model, dataset, len(found), batch_size, loss, class_names=found.class_names)
    if ranked.probabilities.shape[1] != found.probabilities.shape[1]:
        counts = f"{found.probabilities.shape[1]} and {ranked.probabilities.shape[1]}"
        raise InvalidValueError(f"the two versions tell apart different numbers of classes: {counts}")
    order = np.argsort(ranked.indices)  # `indices` are places among the found ones here
    rows = ("losses", "labels", "predictions", "probabilities")
    again = {name: getattr(ranked, name)[order] for name in rows}
    return replace(ranked, **again, indices=found.indices, images=found.images)
