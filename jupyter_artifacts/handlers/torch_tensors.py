"""torch tensors, datasets of tensors and models as ``.safetensors``.

The header's metadata names what was saved (a tensor, a tuple, a dict ...), under
one key because safetensors does not order several. A model is saved as its state
dict. Values come from a CPU copy and are read back on the CPU; dtypes are kept.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.handlers.base import full_name, is_loaded_instance
from jupyter_artifacts.handlers.files import landing, plain_file, unreadable
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import TypeAlias

    import torch
    from torch.utils.data import TensorDataset

    Tensors = list[torch.Tensor] | tuple[torch.Tensor, ...] | dict[str, torch.Tensor]
    Loaded: TypeAlias = torch.Tensor | Tensors | TensorDataset

_KEY = "jupyter_artifacts"
_SEQUENCES = ("tuple", "list", "TensorDataset")
_KINDS = ("tensor", "dict", "state_dict", *_SEQUENCES)


class TorchHandler:
    """A tensor, a tuple, list or dict of tensors, a TensorDataset, a model's state dict."""

    name = "torch"
    suffix = ".safetensors"

    def claims(self, obj: object) -> bool:
        """Take tensors, models, TensorDataset itself, and containers of nothing but tensors."""
        if is_loaded_instance(obj, "torch", "Tensor") or is_loaded_instance(obj, "torch.nn", "Module"):
            return True
        if is_loaded_instance(obj, "torch.utils.data", "TensorDataset"):
            # A subclass may change what an item is.
            return (type(obj).__module__, type(obj).__name__) == ("torch.utils.data.dataset", "TensorDataset")
        if isinstance(obj, dict):
            items = list(obj.values())
        elif isinstance(obj, (list, tuple)) and type(obj) in {list, tuple}:  # a namedtuple would lose its names
            items = list(obj)
        else:
            return False
        return bool(items) and all(is_loaded_instance(item, "torch", "Tensor") for item in items)

    def dump(self, obj: object, path: Path) -> None:
        """Write the tensors, or raise naming the one that cannot be written."""
        require("safetensors", "safetensors", "to save tensors without pickling")
        from safetensors import SafetensorError
        from safetensors.torch import save_file

        kind, tensors = _take_apart(obj)
        ready = _on_cpu(tensors)
        header: dict[str, object] = {"kind": kind}
        if kind == "state_dict":
            header["versions"] = _versions(obj)
        metadata = {_KEY: json.dumps(header, separators=(",", ":"), sort_keys=True)}
        with landing(path) as part:
            try:
                save_file(ready, part, metadata=metadata)
            except (SafetensorError, KeyError, TypeError) as error:
                dtypes = ", ".join(sorted({str(tensor.dtype) for tensor in ready.values()}))
                raise InvalidTypeError(f"safetensors cannot hold these tensors ({dtypes}): {error}") from error

    def load(self, path: Path) -> Loaded:
        """Read the tensors, on the CPU, in the shape they were saved in."""
        require("safetensors", "safetensors", "to read .safetensors files")
        require("torch", "torch", "to read .safetensors files")
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(plain_file(path), framework="pt", device="cpu") as file:
                names: list[str] = file.keys()
                # Copied: the file stays mapped otherwise, and may be replaced while its tensors are in use.
                tensors: dict[str, torch.Tensor] = {name: file.get_tensor(name).clone() for name in names}
                metadata: dict[str, str] = file.metadata() or {}
            return _put_together(_header(metadata), tensors)
        except (SafetensorError, ValueError, KeyError, AttributeError) as error:
            raise unreadable(path, ".safetensors", error) from error


def _take_apart(obj: object) -> tuple[str, dict[str, torch.Tensor]]:
    """Return what `obj` is and its tensors by name."""
    import torch
    from torch.utils.data import TensorDataset

    if isinstance(obj, torch.Tensor):
        return "tensor", {"tensor": obj}
    if isinstance(obj, torch.nn.Module):
        return "state_dict", _named(obj.state_dict(), f"the state dict of {full_name(obj)}")
    if isinstance(obj, TensorDataset):
        return "TensorDataset", _numbered(obj.tensors)
    if isinstance(obj, (list, tuple)):
        return type(obj).__name__, _numbered(obj)
    if isinstance(obj, dict):
        # What Module.state_dict() returns is told from other dicts by this attribute.
        is_state = isinstance(obj, OrderedDict) and hasattr(obj, "_metadata")
        return ("state_dict" if is_state else "dict"), _named(obj, "the dict")
    raise InvalidTypeError(f"the torch handler saves tensors and what holds them, not {full_name(obj)}")


def _numbered(items: list[torch.Tensor] | tuple[torch.Tensor, ...]) -> dict[str, torch.Tensor]:
    return {str(index): item for index, item in enumerate(items)}


def _named(items: Mapping[Any, object], where: str) -> dict[str, torch.Tensor]:
    import torch

    named: dict[str, torch.Tensor] = {}
    for key, value in items.items():
        if not isinstance(key, str):
            raise InvalidTypeError(f"{where} has the key {key!r} of type {full_name(key)}; keys must be str")
        if key == "__metadata__" or any("\ud800" <= char <= "\udfff" for char in key):
            raise InvalidValueError(f"{where} has the key {key!r}, which safetensors cannot hold; rename it")
        if not isinstance(value, torch.Tensor):
            raise InvalidTypeError(
                f"{where} holds an object of type {full_name(value)} under {key!r}; only tensors can be saved"
            )
        named[key] = value
    return named


def _on_cpu(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return detached, contiguous CPU tensors that share no memory with each other."""
    import torch

    ready: dict[str, torch.Tensor] = {}
    taken: set[int] = set()
    for name, given in tensors.items():
        if given.is_meta:
            raise InvalidValueError(f"the tensor {name!r} is on the meta device and has no values to save")
        if given.layout != torch.strided or given.is_quantized:
            what = "quantized" if given.is_quantized else str(given.layout)
            raise InvalidTypeError(f"the tensor {name!r} is {what}; call to_dense() or dequantize() first")
        tensor = given.detach().as_subclass(torch.Tensor).cpu().resolve_conj().resolve_neg().contiguous()
        memory = tensor.untyped_storage().data_ptr()
        ready[name] = tensor.clone() if memory in taken else tensor
        taken.add(memory)
    return ready


def _versions(obj: object) -> dict[str, int]:
    """Return the format version that each module notes beside its part of the state dict."""
    import torch

    state = obj.state_dict() if isinstance(obj, torch.nn.Module) else obj
    notes: dict[str, dict[str, object]] = getattr(state, "_metadata", {})
    versions = {module: note.get("version") for module, note in notes.items()}
    return {module: version for module, version in versions.items() if isinstance(version, int)}


def _header(metadata: dict[str, str]) -> dict[str, Any]:
    """Return what the header says was saved; another program's file is a dict."""
    if _KEY not in metadata:
        return {"kind": "dict"}
    header: object = json.loads(metadata[_KEY])
    known = isinstance(header, dict) and header.get("kind") in _KINDS
    if not isinstance(header, dict) or not known or not isinstance(header.get("versions", {}), dict):
        raise ValueError(f"its header holds {str(header)[:100]!r}, which this version does not know")
    return header


def _put_together(header: dict[str, Any], tensors: dict[str, torch.Tensor]) -> Loaded:
    from torch.utils.data import TensorDataset

    kind = header["kind"]
    if kind == "tensor":
        return tensors["tensor"]
    if kind in _SEQUENCES:
        items = [tensors[str(index)] for index in range(len(tensors))]
        if kind == "TensorDataset":
            return TensorDataset(*items)
        return items if kind == "list" else tuple(items)
    if kind == "dict":
        return dict(sorted(tensors.items()))
    state = OrderedDict(sorted(tensors.items()))
    versions: dict[str, int] = header.get("versions", {})
    vars(state)["_metadata"] = OrderedDict((module, {"version": versions[module]}) for module in sorted(versions))
    return state
