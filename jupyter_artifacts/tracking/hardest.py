"""The search for the examples a model finds hardest: in batches, in one pass, in little memory."""

from __future__ import annotations

import operator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.model.optional import require
from jupyter_artifacts.tracking.hardest_ranking import Ranking
from jupyter_artifacts.tracking.hardest_result import HardestExamples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import torch
    from torch.utils.data import Dataset

    Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    Batches = Iterator[tuple[torch.Tensor, torch.Tensor]]

_BATCH_SIZES = {"cpu": 128}

__all__ = ["HardestExamples", "hardest_examples"]


def hardest_examples(
    model: Callable[[torch.Tensor], torch.Tensor],
    dataset: object,
    k: int = 32,
    batch_size: int | None = None,
    loss: Loss | None = None,
    device: torch.device | str | None = None,
    num_workers: int = 0,
    class_names: Sequence[str] | None = None,
) -> HardestExamples:
    """Find the `k` examples with the highest loss, and count right and wrong over all.

    The model runs in eval mode without gradients; afterwards the training flag of
    each of its modules is what it was. Equal losses are ranked by index, lower
    first. A NaN loss ranks before every number: a model that breaks on an example
    is what one wants to see first. Memory is that of one batch and `k` examples.

    Parameters
    ----------
    model : torch.nn.Module or callable
        Takes (b, ...) inputs, gives (b, C) outputs (logits), C of 2 or more.
    dataset : TensorDataset or map-style dataset
        Of (input, class index). A TensorDataset is sliced; another, with ``len()``
        and ``[i]``, is read by a DataLoader in its order.
    k : int, default 32
        How many; all when there are fewer.
    batch_size : int, optional
        How many at a time; by default 1024 on a GPU and 128 on a CPU, where larger
        batches were slower (tests/benchmarks/bench_hardest.py). The result does not
        depend on it beyond rounding.
    loss : callable, optional
        Takes outputs and targets, returns the loss of each example, shape (b,).
        Cross entropy by default.
    device : torch.device or str, optional
        Where to run; the model is moved there and back. Where the model is, by default.
    num_workers : int, default 0
        Of the DataLoader.
    class_names : sequence of str, optional
        One a class, for the captions.

    Raises
    ------
    InvalidTypeError
        A model, dataset or argument of the wrong kind.
    InvalidValueError
        An empty dataset, k or batch_size below 1, outputs or losses of another
        shape, a label that is no class.
    """
    require("torch", "torch", "to score examples")
    require("numpy", "numpy", "to score examples")
    import torch

    if not callable(model):
        raise InvalidTypeError(f"the model must be callable, not {type(model).__name__}")
    k, num_workers = _at_least(1, k=k), _at_least(0, num_workers=num_workers)
    size = None if batch_size is None else _at_least(1, batch_size=batch_size)
    _check_dataset(dataset)
    names = None if class_names is None else _checked_names(class_names)
    ranking: Ranking | None = None
    with torch.inference_mode(), _ready(model, device) as where:
        size = size or _BATCH_SIZES.get(where.type, 1024)
        for inputs, labels in _batches(dataset, size, num_workers, pinned=where.type == "cuda"):
            targets = _as_classes(labels, len(inputs))
            outputs = _checked_outputs(model(inputs.to(where, non_blocking=True)), len(inputs))
            if ranking is None:
                ranking = Ranking(k, classes=outputs.shape[1], names=names)
            ranking.check_labels(targets)
            losses = _losses(loss, outputs, targets.to(where))
            ranking.add(inputs, targets, outputs, losses)
    if ranking is None:
        raise InvalidValueError("the dataset is empty: there is nothing to score")
    return ranking.result()


@contextmanager
def _ready(model: object, device: torch.device | str | None) -> Iterator[torch.device]:
    """Put a model into eval mode and onto a device, and both back at the end."""
    import torch

    try:
        wanted = None if device is None else torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise InvalidValueError(f"{device!r} is no device: {error}") from error
    if not isinstance(model, torch.nn.Module):
        yield wanted or torch.device("cpu")
        return
    homes = list(dict.fromkeys(tensor.device for tensor in (*model.parameters(), *model.buffers())))
    home = homes[0] if homes else torch.device("cpu")
    where = wanted or home
    if where != home and len(homes) > 1:
        raise InvalidValueError(
            f"the model is spread over {len(homes)} devices and cannot be moved to {where} and back"
        )
    flags = [(module, module.training) for module in model.modules()]
    try:
        if where != home:
            model.to(where)
        model.eval()
        yield where
    finally:
        for module, flag in flags:
            module.training = flag
        if where != home:
            model.to(home)


def _batches(dataset: object, batch_size: int, num_workers: int, *, pinned: bool) -> Batches:
    """Give inputs and labels in the order of the dataset."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    if type(dataset) is TensorDataset:
        if len(dataset.tensors) != len(("inputs", "labels")):
            raise InvalidValueError(f"the TensorDataset has {len(dataset.tensors)} tensors, not inputs and labels")
        inputs, labels = dataset.tensors
        for start in range(0, len(inputs), batch_size):
            yield inputs[start : start + batch_size], labels[start : start + batch_size]
        return
    loader = DataLoader(
        cast("Dataset[Any]", dataset), batch_size, num_workers=num_workers, pin_memory=pinned, collate_fn=_collated
    )
    for batch in loader:
        if not isinstance(batch, (list, tuple)) or len(batch) != len(("inputs", "labels")):
            what = f"{len(batch)} parts" if isinstance(batch, (list, tuple)) else f"a {type(batch).__name__}"
            raise InvalidTypeError(f"an item of the dataset must be (input, label); a batch of them is {what}")
        inputs, labels = batch
        if not isinstance(inputs, torch.Tensor) or not isinstance(labels, torch.Tensor):
            kinds = f"{type(inputs).__name__} and {type(labels).__name__}"
            raise InvalidTypeError(f"inputs and labels must become tensors in a batch, not {kinds}")
        yield inputs, labels


def _collated(items: list[Any]) -> object:
    """Put items into a batch as torch does, with a word on what to do where it cannot."""
    from torch.utils.data import default_collate

    try:
        batch: object = default_collate(items)
    except (TypeError, RuntimeError) as error:
        raise InvalidTypeError(
            f"the items of the dataset cannot be put into a batch: {error}. "
            "Give it a transform that makes tensors of one shape"
        ) from error
    return batch


def _as_classes(labels: torch.Tensor, count: int) -> torch.Tensor:
    """Return labels as int64 of shape (count,), on the CPU."""
    import torch

    if labels.shape not in {(count,), (count, 1)}:
        raise InvalidValueError(f"labels must be class indices of shape ({count},), not {tuple(labels.shape)}")
    if labels.is_floating_point() or labels.is_complex() or labels.dtype == torch.bool:
        raise InvalidTypeError(f"labels must be class indices (integers), not {labels.dtype}")
    return labels.reshape(count).to("cpu", torch.int64)


def _checked_outputs(outputs: object, count: int) -> torch.Tensor:
    import torch

    if not isinstance(outputs, torch.Tensor):
        raise InvalidTypeError(
            f"the model returned a {type(outputs).__name__}, not a tensor of shape (n, classes); "
            "pass a function that picks it, and device="
        )
    if outputs.ndim != len(("n", "classes")) or outputs.shape[0] != count or outputs.shape[1] < 1 + 1:
        raise InvalidValueError(
            f"the model returned shape {tuple(outputs.shape)} for {count} inputs; "
            "hardest_examples needs (n, classes) with two classes or more"
        )
    return outputs


def _losses(loss: Loss | None, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return one float32 loss an example."""
    import torch
    from torch.nn import functional

    if loss is None:
        return functional.cross_entropy(outputs.float(), targets, reduction="none")
    values: object = loss(outputs, targets)
    if not isinstance(values, torch.Tensor):
        raise InvalidTypeError(f"the loss returned a {type(values).__name__}, not a tensor of one loss an example")
    if values.shape != (len(targets),):
        hint = '; pass reduction="none" to it' if values.ndim == 0 else ""
        raise InvalidValueError(
            f"the loss returned shape {tuple(values.shape)} for {len(targets)} examples, not one loss an example{hint}"
        )
    return values.float()


def _at_least(lowest: int, **named: int) -> int:
    """Return the one named argument as an int that is not too low."""
    ((name, value),) = named.items()
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise InvalidTypeError(f"{name} must be an int, not {type(value).__name__}")
    if number < lowest:
        raise InvalidValueError(f"{name} must be {lowest} or more, not {number}")
    return number


def _check_dataset(dataset: object) -> None:
    import torch

    if isinstance(dataset, torch.utils.data.DataLoader):
        raise InvalidTypeError("pass the dataset, not a DataLoader: loader.dataset (a shuffled one has no indices)")
    if isinstance(dataset, (tuple, list)) and any(isinstance(part, torch.Tensor) for part in dataset):
        raise InvalidTypeError("pass TensorDataset(inputs, labels) instead of a pair of tensors")
    if not hasattr(dataset, "__getitem__") or not hasattr(dataset, "__len__"):
        raise InvalidTypeError(
            f"the dataset must have len() and [i], which a {type(dataset).__name__} lacks; "
            "an iterable one has no indices to report"
        )


def _checked_names(names: Sequence[str]) -> tuple[str, ...]:
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise InvalidTypeError("class_names must be a list of str, one a class")
    return tuple(names)
