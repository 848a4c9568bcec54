"""``watch``: histograms of a torch model's gradients and parameters beside the values a run logs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.tracking.values import as_array, histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol, TypeGuard

    import torch

    class _Handle(Protocol):
        def remove(self) -> None: ...


LOG = ("gradients", "parameters", "all", None)
BINS = 64


class Watcher:
    """The hooks of one run.

    Parameters
    ----------
    log : callable
        Takes the histograms of one pass; they join the row that is open.
    """

    def __init__(self, log: Callable[[Mapping[str, object]], None]) -> None:
        self._log = log
        self._handles: dict[int, tuple[torch.nn.Module, list[_Handle]]] = {}

    def watch(self, models: object, what: str | None, every: object, first: int | None) -> None:
        """Put hooks into models, each once.

        Raises
        ------
        InvalidTypeError
            No torch model.
        InvalidValueError
            Watched already, or something else to log than gradients and parameters.
        """
        if what not in LOG:
            raise InvalidValueError(f"watch(log={what!r}): choose 'gradients', 'parameters', 'all' or None")
        if isinstance(every, bool) or not isinstance(every, int) or every < 1:
            raise InvalidValueError(f"watch(log_freq={every!r}): give an int of 1 or more")
        found = _models(models)
        for model in found:
            if id(model) in self._handles:
                raise InvalidValueError(
                    "You can only call `watch` once per model. Call `unwatch` first, or pass all models in one list"
                )
        start = len(self._handles) if first is None else first
        for number, model in enumerate(found, start):
            prefix = f"graph_{number}" if number else ""
            handles: list[_Handle] = []
            if what in {"gradients", "all"}:
                handles += self._gradients(model, prefix, every)
            if what in {"parameters", "all"}:
                handles.append(self._parameters(model, prefix, every))
            self._handles[id(model)] = (model, handles)

    def unwatch(self, models: object = None) -> None:
        """Remove the hooks of some models, or of all."""
        wanted = list(self._handles) if models is None else [id(model) for model in _models(models)]
        for key in wanted:
            _, handles = self._handles.pop(key, (None, ()))
            for handle in handles:
                handle.remove()

    def _gradients(self, model: torch.nn.Module, prefix: str, every: int) -> list[_Handle]:
        return [
            parameter.register_hook(self._on_gradient(f"gradients/{prefix}{name}", every))
            for name, parameter in model.named_parameters()
            if parameter.requires_grad
        ]

    def _on_gradient(self, key: str, every: int) -> Callable[[torch.Tensor], None]:
        seen = 0

        def hook(gradient: torch.Tensor) -> None:
            nonlocal seen
            seen += 1
            if seen % every == 0:
                self._log({key: _histogram(gradient)})

        return hook

    def _parameters(self, model: torch.nn.Module, prefix: str, every: int) -> _Handle:
        seen = 0

        def hook(module: torch.nn.Module, _inputs: object, _outputs: object) -> None:
            nonlocal seen
            seen += 1
            if seen % every == 0:
                found = module.named_parameters()
                self._log({f"parameters/{prefix}{name}": _histogram(value) for name, value in found})

        return model.register_forward_hook(hook)


def _models(models: object) -> Sequence[torch.nn.Module]:
    given = list(models) if isinstance(models, (list, tuple)) else [models]
    found = [model for model in given if _is_model(model)]
    if len(found) < len(given):
        odd = next(model for model in given if not _is_model(model))
        raise InvalidTypeError(f"watch() takes a torch.nn.Module or a list of them, not {type(odd).__name__}")
    return found


def _is_model(model: object) -> TypeGuard[torch.nn.Module]:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


def _histogram(values: torch.Tensor) -> object:
    array = as_array(values.detach().to_dense() if values.is_sparse else values)
    return None if array is None else histogram(array, BINS)
