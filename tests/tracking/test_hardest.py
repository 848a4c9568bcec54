"""The hardest examples: ranked rightly, in any batches, with nothing of the model changed."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, IterableDataset, Subset, TensorDataset

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media import Image, MediaSource
from jupyter_artifacts.tracking.hardest import HardestExamples, hardest_examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor


def identity(x: Tensor) -> Tensor:
    """Be a model whose outputs are its inputs."""
    return x


def scores_as_given(losses: list[float]) -> tuple[TensorDataset, Callable[[Tensor, Tensor], Tensor]]:
    """Make a dataset of which example i has losses[i]."""
    x = torch.zeros(len(losses), 3)
    x[:, 0] = torch.tensor(losses)
    return TensorDataset(x, torch.zeros(len(losses), dtype=torch.int64)), lambda outputs, _targets: outputs[:, 0]


class Net(nn.Module):
    """Dropout and batch norm: both differ between train and eval."""

    def __init__(self, side: int = 6, classes: int = 4) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.norm = nn.BatchNorm2d(2)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(2 * (side - 2) ** 2, classes)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.head(self.drop(self.norm(self.conv(x)).flatten(1)))
        return out


@pytest.fixture
def net() -> Net:
    torch.manual_seed(1)
    return Net()


@pytest.fixture
def data() -> TensorDataset:
    torch.manual_seed(2)
    return TensorDataset(torch.rand(50, 1, 6, 6), torch.randint(0, 4, (50,)))


def one_by_one(model: nn.Module, data: TensorDataset) -> list[float]:
    """Score as the seed's tutorial does: batch size 1."""
    model.eval()
    with torch.no_grad():
        return [functional.cross_entropy(model(x), y).item() for x, y in DataLoader(data, 1)]


def test_it_finds_what_the_loop_one_by_one_finds(net: Net, data: TensorDataset) -> None:
    losses = one_by_one(net, data)
    found = hardest_examples(net, data, k=8, batch_size=7)
    expected = sorted(range(50), key=lambda index: -losses[index])[:8]
    assert found.indices.tolist() == expected
    assert found.losses == pytest.approx([losses[index] for index in expected], rel=1e-5)
    assert found.mean_loss == pytest.approx(sum(losses) / 50, rel=1e-5)
    inputs, labels = data.tensors
    assert np.array_equal(found.images, inputs[expected].numpy())
    assert found.labels.tolist() == labels[expected].tolist()
    with torch.no_grad():
        outputs = net.eval()(inputs)
    guesses = outputs.argmax(1)
    assert found.predictions.tolist() == guesses[expected].tolist()
    assert found.probabilities == pytest.approx(outputs[expected].softmax(1).numpy(), rel=1e-4)
    assert (found.n, found.wrong) == (50, int((guesses != labels).sum()))
    assert found.accuracy == pytest.approx(float((guesses == labels).float().mean()))
    for true in range(4):
        for guess in range(4):
            assert found.confusion[true, guess] == int(((labels == true) & (guesses == guess)).sum())


def test_the_default_batch_is_small_on_a_cpu(data: TensorDataset) -> None:
    sizes = []

    def model(x: Tensor) -> Tensor:
        sizes.append(len(x))
        return x.flatten(1)[:, :4]

    big = TensorDataset(*(tensor.repeat(6, *[1] * (tensor.ndim - 1)) for tensor in data.tensors))
    hardest_examples(model, big)
    assert sizes == [128, 128, 44]
    hardest_examples(model, big, batch_size=np.int64(200))
    assert sizes[3:] == [200, 100]


def test_shapes_and_dtypes(net: Net, data: TensorDataset) -> None:
    found = hardest_examples(net, data, k=8)
    described = {
        field.name: (str(value.dtype), value.shape)
        for field in dataclasses.fields(found)
        if isinstance(value := getattr(found, field.name), np.ndarray)
    }
    assert described == {
        "losses": ("float32", (8,)),
        "indices": ("int64", (8,)),
        "labels": ("int64", (8,)),
        "predictions": ("int64", (8,)),
        "probabilities": ("float32", (8, 4)),
        "images": ("float32", (8, 1, 6, 6)),
        "confusion": ("int64", (4, 4)),
    }


LOSSES = st.lists(
    st.sampled_from([0.0, 1.0, 2.0, -1.0, math.inf, -math.inf, math.nan]) | st.floats(width=32), min_size=1, max_size=40
)


@settings(max_examples=200)
@given(losses=LOSSES, k=st.integers(1, 45), batch_size=st.integers(1, 45))
def test_any_batches_rank_as_one_sort_does(losses: list[float], k: int, batch_size: int) -> None:
    data, loss = scores_as_given(losses)
    found = hardest_examples(identity, data, k=k, batch_size=batch_size, loss=loss)

    def key(index: int) -> tuple[bool, float, int]:
        return not math.isnan(losses[index]), 0.0 if math.isnan(losses[index]) else -losses[index], index

    expected = sorted(range(len(losses)), key=key)[:k]
    assert found.indices.tolist() == expected
    assert np.array_equal(found.losses, np.array(losses, np.float32)[expected], equal_nan=True)
    assert len(found) == min(k, len(losses))
    assert int(found.confusion.sum()) == found.n == len(losses)


def test_ties_go_to_the_lower_index_and_nan_comes_first() -> None:
    data, loss = scores_as_given([5, 7, 7, math.nan, 7, 9, math.nan])
    for batch_size in (1, 2, 3, 7):
        found = hardest_examples(identity, data, k=5, batch_size=batch_size, loss=loss)
        assert found.indices.tolist() == [3, 6, 5, 1, 2]
        assert math.isnan(found.mean_loss)


def test_more_asked_for_than_there_is(net: Net, data: TensorDataset) -> None:
    found = hardest_examples(net, data, k=1000)
    assert len(found) == found.n == 50
    assert sorted(found.indices.tolist()) == list(range(50))


def test_the_model_is_left_as_it_was(net: Net, data: TensorDataset) -> None:
    net.train()
    net.norm.eval()
    net.head.requires_grad_(requires_grad=False)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    first = hardest_examples(net, data)
    assert [module.training for module in net.modules()] == [True, True, False, True, True]
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())
    again = hardest_examples(net, data)  # dropout was off
    assert first.indices.tolist() == again.indices.tolist()
    net(torch.rand(2, 1, 6, 6)).sum().backward()  # it still learns


def test_the_model_is_left_as_it_was_after_an_error(net: Net, data: TensorDataset) -> None:
    net.train()

    def broken(_outputs: Tensor, _targets: Tensor) -> Tensor:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hardest_examples(net, data, loss=broken)
    assert all(module.training for module in net.modules())


class Squares(Dataset[tuple["Tensor", int]]):
    """A map-style dataset that computes its items."""

    def __init__(self, data: TensorDataset) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        x, y = self.data[index]
        return x, int(y)


def same(a: HardestExamples, b: HardestExamples) -> bool:
    arrays = ("losses", "indices", "labels", "predictions", "probabilities", "images", "confusion")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in arrays)


@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_every_map_style_dataset(net: Net, data: TensorDataset, workers: int) -> None:
    expected = hardest_examples(net, data, batch_size=16)
    other = hardest_examples(net, Squares(data), batch_size=16, num_workers=workers)
    assert same(expected, other)
    if not workers:
        assert same(expected, hardest_examples(net, Subset(data, range(50)), batch_size=16))
        assert same(expected, hardest_examples(net, [data[index] for index in range(50)], batch_size=16))


def test_a_subset_reports_its_own_indices(net: Net, data: TensorDataset) -> None:
    inputs, labels = data.tensors
    found = hardest_examples(net, Subset(data, [40, 3, 17]), k=3)
    chosen = [[40, 3, 17][index] for index in found.indices]
    assert np.array_equal(found.images, inputs[chosen].numpy())
    assert found.labels.tolist() == labels[chosen].tolist()


def test_labels_in_a_column_and_of_any_integer(net: Net, data: TensorDataset) -> None:
    inputs, labels = data.tensors
    expected = hardest_examples(net, data)
    assert same(expected, hardest_examples(net, TensorDataset(inputs, labels[:, None].to(torch.uint8))))


def test_a_loss_of_ones_own(net: Net, data: TensorDataset) -> None:
    found = hardest_examples(net, data, loss=nn.CrossEntropyLoss(reduction="none"))
    assert same(found, hardest_examples(net, data))
    focal = hardest_examples(net, data, loss=lambda o, t: functional.cross_entropy(o, t, reduction="none") ** 2)
    assert focal.losses == pytest.approx(found.losses**2, rel=1e-5)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_models_of_other_dtypes(net: Net, data: TensorDataset, dtype: torch.dtype) -> None:
    inputs, labels = data.tensors
    found = hardest_examples(net.to(dtype), TensorDataset(inputs.to(dtype), labels))
    assert found.images.dtype.name == ("float64" if dtype == torch.float64 else "float32")
    assert found.losses.dtype.name == found.probabilities.dtype.name == "float32"


def test_a_device_by_name(net: Net, data: TensorDataset) -> None:
    assert same(hardest_examples(net, data, device="cpu"), hardest_examples(net, data))
    with pytest.raises(InvalidValueError, match="'warp' is no device"):
        hardest_examples(net, data, device="warp")


def test_the_model_comes_back_from_another_device(net: Net, data: TensorDataset) -> None:
    moves: list[str] = []

    class Travelling(Net):
        def to(self, *args: Any, **_kwargs: Any) -> Any:
            moves.append(str(args[0]))
            return self

        def forward(self, x: Tensor) -> Tensor:
            assert x.device.type == "meta"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hardest_examples(Travelling(), data, device="meta")
    assert moves == ["meta", "cpu"]
    net.head.to("meta")
    with pytest.raises(InvalidValueError, match="spread over 2 devices"):
        hardest_examples(net, data, device="meta")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu(net: Net, data: TensorDataset) -> None:
    expected = hardest_examples(net, data)
    there = hardest_examples(net, data, device="cuda")
    assert next(net.parameters()).device.type == "cpu"
    assert there.indices.tolist() == expected.indices.tolist()
    assert there.losses == pytest.approx(expected.losses, rel=1e-3)
    on_gpu = TensorDataset(*(tensor.cuda() for tensor in data.tensors))
    assert same(there, hardest_examples(net.cuda(), on_gpu))
    assert next(net.parameters()).device.type == "cuda"


class Endless(IterableDataset[int]):
    def __iter__(self) -> Iterator[int]:
        return iter(range(3))


X, Y = torch.rand(6, 3), torch.tensor([0, 1, 2, 0, 1, 2])
PAIRS = TensorDataset(X, Y)


@pytest.mark.parametrize(
    ("model", "dataset", "more", "error", "text"),
    [
        (3, PAIRS, {}, InvalidTypeError, "the model must be callable, not int"),
        (identity, PAIRS, {"k": 0}, InvalidValueError, "k must be 1 or more, not 0"),
        (identity, PAIRS, {"k": -3}, InvalidValueError, "k must be 1 or more, not -3"),
        (identity, PAIRS, {"k": 2.5}, InvalidTypeError, "k must be an int, not float"),
        (identity, PAIRS, {"k": True}, InvalidTypeError, "k must be an int, not bool"),
        (identity, PAIRS, {"batch_size": 0}, InvalidValueError, "batch_size must be 1 or more"),
        (identity, PAIRS, {"num_workers": -1}, InvalidValueError, "num_workers must be 0 or more"),
        (identity, PAIRS, {"class_names": "abc"}, InvalidTypeError, "class_names must be a list of str"),
        (identity, PAIRS, {"class_names": ["a"]}, InvalidValueError, "1 class_names for a model of 3 classes"),
        (identity, TensorDataset(X[:0], Y[:0]), {}, InvalidValueError, "the dataset is empty"),
        (identity, [], {}, InvalidValueError, "the dataset is empty"),
        (identity, 3, {}, InvalidTypeError, r"must have len\(\) and \[i\], which a int lacks"),
        (identity, Endless(), {}, InvalidTypeError, "a Endless lacks"),
        (identity, DataLoader(PAIRS), {}, InvalidTypeError, "pass the dataset, not a DataLoader"),
        (identity, (X, Y), {}, InvalidTypeError, r"pass TensorDataset\(inputs, labels\)"),
        (identity, TensorDataset(X), {}, InvalidValueError, "the TensorDataset has 1 tensors, not inputs and labels"),
        (identity, TensorDataset(X, Y, Y), {}, InvalidValueError, "has 3 tensors"),
        (identity, [1, 2], {}, InvalidTypeError, r"must be \(input, label\); a batch of them is a Tensor"),
        (identity, [(X[0], 1, 2)], {}, InvalidTypeError, "a batch of them is 3 parts"),
        (identity, [(X[0], "cat")], {}, InvalidTypeError, "must become tensors in a batch, not Tensor and tuple"),
        (identity, [(object(), 1)], {}, InvalidTypeError, "cannot be put into a batch: .*transform"),
        (identity, [(torch.rand(3), 1), (torch.rand(4), 1)], {}, InvalidTypeError, "cannot be put into a batch"),
        (identity, TensorDataset(X, Y.float()), {}, InvalidTypeError, r"class indices \(integers\), not torch.float32"),
        (identity, TensorDataset(X, X), {}, InvalidValueError, r"class indices of shape \(6,\), not \(6, 3\)"),
        (
            identity,
            TensorDataset(X, Y + 1),
            {"batch_size": 2},
            InvalidValueError,
            "example 2 has the label 3, .* 0 to 2",
        ),
        (identity, TensorDataset(X, Y - 1), {}, InvalidValueError, "example 0 has the label -1"),
        (
            lambda x: x[:, 0],
            PAIRS,
            {},
            InvalidValueError,
            r"returned shape \(6,\) for 6 inputs; .* needs \(n, classes\)",
        ),
        (lambda x: x[:, :1], PAIRS, {}, InvalidValueError, "two classes or more"),
        (lambda x: x[:2], PAIRS, {}, InvalidValueError, r"returned shape \(2, 3\) for 6 inputs"),
        (lambda x: (x, x), PAIRS, {}, InvalidTypeError, "the model returned a tuple, not a tensor"),
        (identity, PAIRS, {"loss": functional.cross_entropy}, InvalidValueError, r'shape \(\) .*pass reduction="none"'),
        (identity, PAIRS, {"loss": lambda o, _t: o}, InvalidValueError, r"the loss returned shape \(6, 3\)"),
        (identity, PAIRS, {"loss": lambda _o, _t: 0.5}, InvalidTypeError, "the loss returned a float"),
        (
            identity,
            [(torch.rand(3), 0), (torch.rand(4), 0)],
            {"batch_size": 1},
            InvalidValueError,
            "returned 3 classes first and 4 later",
        ),
        (
            lambda x: torch.zeros(len(x), 2),
            [(torch.rand(3), 0), (torch.rand(4), 0)],
            {"batch_size": 1, "k": 2},
            InvalidValueError,
            r"the inputs differ in shape between batches: \(3,\) and \(4,\)",
        ),
    ],
)
def test_refused_with_what_to_do(
    model: Any,
    dataset: object,
    more: dict[str, Any],
    error: type[Exception],
    text: str,
) -> None:
    with pytest.raises(error, match=text):
        hardest_examples(model, dataset, **more)


def test_an_error_of_the_model_is_the_users_own(data: TensorDataset) -> None:
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        hardest_examples(nn.Linear(5, 2), data)


def examples(images: np.ndarray[Any, np.dtype[Any]], names: tuple[str, ...] | None = None) -> HardestExamples:
    k = len(images)
    return HardestExamples(
        losses=np.linspace(9.375, 0.5, k, dtype=np.float32),
        indices=np.arange(k),
        labels=np.arange(k) % 3,
        predictions=(np.arange(k) + 1) % 3,
        probabilities=np.full((k, 3), 1 / 3, np.float32),
        images=images,
        n=100,
        wrong=4,
        mean_loss=0.25,
        confusion=np.zeros((3, 3), np.int64),
        class_names=names,
    )


def test_captions_and_one_line() -> None:
    found = examples(np.zeros((2, 1, 4, 4)))
    assert found.captions == ["0 -> 1, 9.38", "1 -> 2, 0.50"]
    assert examples(np.zeros((2, 1, 4, 4)), ("cat", "dog", "<b>")).captions == ["cat -> dog, 9.38", "dog -> <b>, 0.50"]
    assert repr(found) == "<HardestExamples 2 of 100, loss 9.375 to 0.5, accuracy 0.96, 4 wrong>"
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.n = 3  # type: ignore[misc]  # the mistake under test


def test_it_is_logged_as_a_list_of_images_hardest_first() -> None:
    pixels = np.linspace(0, 1, 2 * 16, dtype=np.float32).reshape(2, 1, 4, 4)
    found = examples(pixels)
    assert isinstance(found, MediaSource)
    assert found.to_media() == [
        Image(pixels[0, 0], caption="0 -> 1, 9.38"),
        Image(pixels[1, 0], caption="1 -> 2, 0.50"),
    ]


def test_standardised_inputs_are_stretched_together() -> None:
    pixels = np.array([-0.4, 0.0, 2.8, 1.2], np.float32).reshape(2, 1, 1, 2)
    shown = [np.asarray(image.image).ravel().tolist() for image in examples(pixels).to_media()]
    assert shown == [[0, 32], [255, 128]]
    with pytest.raises(InvalidValueError, match="normalize=True"):
        examples(pixels).to_media(normalize=False)
    inside = np.array([0.25, 0.5, 0.25, 0.5]).reshape(2, 1, 1, 2)
    assert np.asarray(examples(inside).to_media()[0].image).tolist() == [[64, 128]]
    assert np.asarray(examples(inside).to_media(normalize=True)[0].image).tolist() == [[0, 255]]
    numbers = np.array([0, 300, 100, 200]).reshape(2, 1, 1, 2)
    assert np.asarray(examples(numbers).to_media()[0].image).tolist() == [[0, 255]]
    kept = np.array([0, 3, 1, 2], np.uint8).reshape(2, 1, 1, 2)
    assert np.asarray(examples(kept).to_media()[0].image).tolist() == [[0, 3]]


@pytest.mark.parametrize("shape", [(2, 6, 5), (2, 3, 6, 5), (2, 6, 5, 3)])
def test_inputs_that_are_pictures(shape: tuple[int, ...]) -> None:
    assert {(image.width, image.height) for image in examples(np.zeros(shape)).to_media()} == {(5, 6)}


@pytest.mark.parametrize("shape", [(2, 5), (2, 2, 4, 5), (2, 1, 1, 4, 5)])
def test_inputs_that_are_none(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidValueError, match=r"are no pictures|no axis of 1, 3 or 4 channels"):
        examples(np.zeros(shape)).to_media()
