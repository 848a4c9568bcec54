"""Arrays and tensors to the pixels of one picture: which axis is what."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeGuard

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.pixels import CHANNELS, check_size, scale
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

_PLANE, _STACK, _BATCH = 2, 3, 4  # numbers of axes: HW; CHW or HWC; NCHW


def is_tensor(data: object) -> TypeGuard[torch.Tensor]:
    """Say whether `data` is a torch tensor, without importing torch."""
    torch_module = sys.modules.get("torch")
    tensor = getattr(torch_module, "Tensor", None)
    return isinstance(tensor, type) and isinstance(data, tensor)


def is_array(data: object) -> bool:
    """Say whether `data` is a numpy array or becomes one by its own ``__array__``."""
    return hasattr(data, "__array__") and hasattr(data, "dtype") and hasattr(data, "shape")


def plain_array(data: object) -> NDArray[Any]:
    """Return `data` as an ndarray; a mask would be lost, so masked arrays are refused."""
    import numpy as np

    if isinstance(data, np.ma.MaskedArray):
        raise InvalidTypeError("a masked array is no picture: call filled(0), or whatever the masked pixels should be")
    return np.asarray(data)


def from_array(array: NDArray[Any], *, normalize: bool) -> NDArray[Any]:
    """Return (H, W) or (H, W, 3 or 4) pixels of an (H, W) or (H, W, C) array."""
    if array.ndim == _STACK and array.shape[0] == 1 and array.shape[-1] not in CHANNELS:
        array = array[0]  # one plane with an axis before it, as datasets give it: it can be read in one way only
    shape = array.shape
    if array.ndim == _STACK and shape[-1] not in CHANNELS:
        hint = (
            f" It looks channels first: transpose(1, 2, 0) makes it {(*shape[1:], shape[0])}."
            if shape[0] in CHANNELS
            else ""
        )
        raise InvalidValueError(f"an array of shape {shape} is no picture: {shape[-1]} channels, not 1, 3 or 4.{hint}")
    if array.ndim not in {_PLANE, _STACK}:
        raise InvalidValueError(
            f"an array of shape {shape} is no picture: (H, W), (H, W, 1), (H, W, 3) and (H, W, 4) are. "
            "Make a list of Images of several"
        )
    check_size(shape[0], shape[1], f"the array of shape {shape}")
    pixels = scale(array, f"the array of shape {shape}", normalize=normalize)
    return _without_single_channel(pixels)


def from_tensor(tensor: torch.Tensor, *, normalize: bool) -> NDArray[Any]:
    """Return the pixels of an (H, W), (C, H, W) or (N, C, H, W) tensor, the last as a grid."""
    shape = tuple(tensor.shape)
    if tensor.ndim not in {_PLANE, _STACK, _BATCH}:
        raise InvalidValueError(
            f"a tensor of shape {shape} is no picture: (H, W), (C, H, W) and, as a grid, (N, C, H, W) are"
        )
    if tensor.ndim > _PLANE and shape[-3] not in CHANNELS:
        hint = " It looks channels last: permute(2, 0, 1) it." if shape[-1] in CHANNELS else ""
        raise InvalidValueError(f"a tensor of shape {shape} is no picture: {shape[-3]} channels, not 1, 3 or 4.{hint}")
    where = f"the tensor of shape {shape}"
    if 0 in shape:
        check_size(0, 0, where)
    check_size(shape[-2], shape[-1], where)
    pixels = scale(to_numpy(tensor), where, normalize=normalize)
    if tensor.ndim == _BATCH:
        pixels = grid(pixels)
        check_size(pixels.shape[-2], pixels.shape[-1], f"the grid of {where}")
    if pixels.ndim == _STACK:
        pixels = pixels.transpose(1, 2, 0)
    return _without_single_channel(pixels)


def to_numpy(tensor: torch.Tensor) -> NDArray[Any]:
    """Return a tensor's values on the CPU, detached; floats that numpy lacks become float32."""
    import torch

    require("numpy", "numpy", "to make pictures of tensors")
    if tensor.is_meta:
        raise InvalidValueError("a tensor on the meta device has no values to show")
    if tensor.layout != torch.strided or tensor.is_quantized:
        raise InvalidTypeError("a sparse or quantized tensor is no picture; call to_dense() or dequantize() first")
    dense = tensor.detach().cpu().resolve_conj().resolve_neg()
    if dense.is_floating_point() and dense.dtype not in {torch.float16, torch.float32, torch.float64}:
        dense = dense.float()
    array: NDArray[Any] = dense.numpy()
    return array


def grid(batch: NDArray[Any], columns: int = 8, padding: int = 2) -> NDArray[Any]:
    """Lay (N, C, H, W) pictures out in rows, as torchvision's `make_grid` does.

    `columns` pictures a row, `padding` black pixels around each; one picture alone
    gets none. One channel stays one channel.
    """
    import numpy as np

    count, channels, height, width = batch.shape
    if count == 1:
        alone: NDArray[Any] = batch[0]
        return alone
    columns = min(columns, count)
    rows = -(-count // columns)
    tall, wide = height + padding, width + padding
    sheet = np.zeros((channels, rows * tall + padding, columns * wide + padding), batch.dtype)
    for index, picture in enumerate(batch):
        top = index // columns * tall + padding
        left = index % columns * wide + padding
        sheet[:, top : top + height, left : left + width] = picture
    return sheet


def _without_single_channel(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels[..., 0] if pixels.ndim == _STACK and pixels.shape[-1] == 1 else pixels
