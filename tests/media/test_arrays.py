"""Which axis of an array or tensor is what."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.arrays import from_array, from_tensor, grid, plain_array, to_numpy


@pytest.mark.parametrize(
    ("shape", "kept"),
    [((2, 5), (2, 5)), ((2, 5, 1), (2, 5)), ((2, 5, 3), (2, 5, 3)), ((2, 5, 4), (2, 5, 4)), ((3, 4, 3), (3, 4, 3))],
)
def test_array_shapes(shape: tuple[int, ...], kept: tuple[int, ...]) -> None:
    assert from_array(np.zeros(shape), normalize=False).shape == kept


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((), r"shape \(\) is no picture"),
        ((5,), r"shape \(5,\) is no picture"),
        ((2, 5, 5), "5 channels, not 1, 3 or 4"),
        ((2, 5, 2), "2 channels, not 1, 3 or 4"),
        ((3, 28, 28), r"It looks channels first: transpose\(1, 2, 0\) makes it \(28, 28, 3\)"),
        ((1, 1, 28, 28), r"shape \(1, 1, 28, 28\) is no picture: .*list of Images"),
        ((0, 0), "0 x 0 pixels: there is nothing to show"),
        ((5, 0, 3), "0 x 5 pixels"),
        ((2, 5, 0), "0 channels"),
        ((10_001, 10_000), "more than the limit"),
    ],
)
def test_array_shapes_that_are_no_picture(shape: tuple[int, ...], text: str) -> None:
    empty = np.broadcast_to(np.uint8(0), shape)
    with pytest.raises(InvalidValueError, match=text):
        from_array(empty, normalize=True)


@pytest.mark.parametrize(
    ("shape", "kept"),
    [
        ((2, 5), (2, 5)),
        ((1, 2, 5), (2, 5)),
        ((3, 2, 5), (2, 5, 3)),
        ((4, 2, 5), (2, 5, 4)),
        ((1, 1, 28, 28), (28, 28)),
        ((1, 3, 28, 28), (28, 28, 3)),
        ((9, 1, 28, 28), (62, 242)),
        ((2, 3, 4, 5), (8, 16, 3)),
    ],
)
def test_tensor_shapes(shape: tuple[int, ...], kept: tuple[int, ...]) -> None:
    assert from_tensor(torch.zeros(shape), normalize=False).shape == kept


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((), r"a tensor of shape \(\) is no picture"),
        ((5,), r"shape \(5,\) is no picture: \(H, W\), \(C, H, W\)"),
        ((5, 2, 2), "5 channels, not 1, 3 or 4"),
        ((28, 28, 3), r"28 channels.* It looks channels last: permute\(2, 0, 1\)"),
        ((2, 2, 28, 28), "2 channels"),
        ((1, 1, 1, 28, 28), "is no picture"),
        ((0, 3, 5, 5), "nothing to show"),
        ((3, 0, 0), "nothing to show"),
    ],
)
def test_tensor_shapes_that_are_no_picture(shape: tuple[int, ...], text: str) -> None:
    with pytest.raises(InvalidValueError, match=text):
        from_tensor(torch.zeros(shape), normalize=True)


def test_channels_go_last_and_rows_stay_rows() -> None:
    tensor = torch.arange(24, dtype=torch.uint8).reshape(3, 2, 4)
    pixels = from_tensor(tensor, normalize=False)
    assert pixels[1, 3].tolist() == tensor[:, 1, 3].tolist()


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.float8_e4m3fn], ids=str
)
def test_every_float_of_torch(dtype: torch.dtype) -> None:
    tensor = torch.tensor([[0.0, 0.25], [0.5, 1.0]]).to(dtype)
    assert from_tensor(tensor, normalize=False).tolist() == [[0, 64], [128, 255]]


def test_bool_uint16_and_integers_of_torch() -> None:
    assert from_tensor(torch.tensor([[True, False]]), normalize=False).tolist() == [[255, 0]]
    assert from_tensor(torch.tensor([[7, 255]]), normalize=False).tolist() == [[7, 255]]
    deep = torch.tensor([[7, 40000]], dtype=torch.uint16)
    assert from_tensor(deep, normalize=False).tolist() == [[7, 40000]]


def test_a_tensor_with_a_gradient_and_a_view() -> None:
    weight = torch.nn.Parameter(torch.rand(4, 6).round())
    pixels = from_tensor((weight * 1.0).T[::2], normalize=False)
    assert np.array_equal(pixels, weight.detach().T[::2].numpy() * 255)
    assert weight.requires_grad


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_tensor_on_a_gpu() -> None:
    tensor = torch.rand(3, 1, 8, 8, requires_grad=True)
    on_gpu = tensor.detach().cuda().requires_grad_()
    assert np.array_equal(from_tensor(on_gpu * 1, normalize=False), from_tensor(tensor, normalize=False))


def test_tensors_without_values() -> None:
    with pytest.raises(InvalidValueError, match="meta device has no values"):
        to_numpy(torch.zeros(2, 2, device="meta"))
    with pytest.raises(InvalidTypeError, match="sparse or quantized"):
        to_numpy(torch.zeros(2, 2).to_sparse())


def test_a_masked_array_is_refused() -> None:
    with pytest.raises(InvalidTypeError, match=r"filled\(0\)"):
        plain_array(np.ma.masked_array([[1]], mask=[[True]]))


@given(count=st.integers(1, 20), columns=st.integers(1, 9), padding=st.integers(0, 3))
def test_each_picture_has_its_place_in_the_grid(count: int, columns: int, padding: int) -> None:
    batch = np.arange(1, count * 6 + 1, dtype=np.uint8).reshape(count, 1, 2, 3)
    sheet = grid(batch, columns, padding)
    if count == 1:
        assert np.array_equal(sheet, batch[0])
        return
    for index in range(count):
        top = index // min(columns, count) * (2 + padding) + padding
        left = index % min(columns, count) * (3 + padding) + padding
        assert np.array_equal(sheet[:, top : top + 2, left : left + 3], batch[index])
    assert int(sheet.astype(int).sum()) == int(batch.astype(int).sum())  # all else is black


@pytest.mark.parametrize("shape", [(1, 1, 28, 28), (5, 3, 4, 6), (8, 1, 5, 5), (9, 3, 5, 7)])
def test_the_grid_is_torchvisions(shape: tuple[int, ...]) -> None:
    try:
        utils = importlib.import_module("torchvision.utils")
    except (ImportError, RuntimeError) as error:  # RuntimeError: its compiled half does not fit this torch
        pytest.skip(f"torchvision does not load here: {error}")
    batch = torch.rand(shape)
    theirs = utils.make_grid(batch).numpy()
    ours = grid(batch.numpy())
    assert np.array_equal(np.broadcast_to(ours, theirs.shape), theirs)
