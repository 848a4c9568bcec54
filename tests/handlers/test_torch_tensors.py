from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn
from torch.utils.data import Subset, TensorDataset

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MissingDependencyError, NoHandlerError
from jupyter_artifacts.handlers import handler_for
from jupyter_artifacts.handlers.torch_tensors import TorchHandler

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_artifacts.handlers.torch_tensors import Loaded

DTYPES = [
    torch.bool,
    torch.uint8,
    torch.int8,
    torch.int16,
    torch.int32,
    torch.int64,
    torch.float16,
    torch.bfloat16,
    torch.float32,
    torch.float64,
]
SHAPES = st.lists(st.integers(0, 4), max_size=3)


def there_and_back(obj: object, folder: Path) -> Loaded:
    handler = handler_for(obj)
    assert handler.name == "torch"
    path = folder / "a.safetensors"
    handler.dump(obj, path)
    again = folder / "b.safetensors"
    handler.dump(obj, again)
    assert path.read_bytes() == again.read_bytes()
    loaded = TorchHandler().load(path)
    handler.dump(loaded, again)
    assert path.read_bytes() == again.read_bytes()
    return loaded


def same(a: object, b: torch.Tensor) -> bool:
    assert isinstance(a, torch.Tensor)
    bits_a, bits_b = (t.contiguous().reshape(-1).view(torch.uint8) for t in (a, b.detach()))
    return a.dtype == b.dtype and a.shape == b.shape and torch.equal(bits_a, bits_b)


def random(dtype: torch.dtype, shape: list[int], seed: int = 0) -> torch.Tensor:
    bits = torch.randint(
        0, 256, [*shape, dtype.itemsize], dtype=torch.uint8, generator=torch.Generator().manual_seed(seed)
    )
    return (bits % 2).bool().squeeze(-1) if dtype == torch.bool else bits.view(dtype).squeeze(-1)


@given(dtype=st.sampled_from(DTYPES), shape=SHAPES, seed=st.integers(0, 2**32))
def test_a_tensor_comes_back_to_the_bit(
    tmp_path_factory: pytest.TempPathFactory, dtype: torch.dtype, shape: list[int], seed: int
) -> None:
    tensor = random(dtype, shape, seed)
    assert same(there_and_back(tensor, tmp_path_factory.mktemp("t")), tensor)


@settings(max_examples=30)
@given(dtypes=st.lists(st.sampled_from(DTYPES), min_size=1, max_size=12), kind=st.sampled_from([list, tuple]))
def test_sequences_keep_order_and_kind(
    tmp_path_factory: pytest.TempPathFactory, dtypes: list[torch.dtype], kind: type[list[torch.Tensor]]
) -> None:
    tensors = kind(random(dtype, [2, index], index) for index, dtype in enumerate(dtypes))
    loaded = there_and_back(tensors, tmp_path_factory.mktemp("t"))
    assert isinstance(loaded, kind)
    assert all(same(a, b) for a, b in zip(loaded, tensors, strict=True))


@settings(max_examples=30)
@given(names=st.sets(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_dicts_come_back_sorted_and_order_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, names: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("t")
    tensors = {name: torch.full((index + 1,), index) for index, name in enumerate(names)}
    loaded = there_and_back(tensors, folder)
    assert isinstance(loaded, dict)
    assert list(loaded) == sorted(names)
    assert all(same(loaded[name], tensors[name]) for name in names)
    first = (folder / "a.safetensors").read_bytes()
    TorchHandler().dump(dict(reversed(list(tensors.items()))), folder / "a.safetensors")
    assert (folder / "a.safetensors").read_bytes() == first


def test_a_dataset_of_tensors(tmp_path: Path) -> None:
    data = TensorDataset(torch.rand(5, 1, 4, 4), torch.arange(5))
    loaded = there_and_back(data, tmp_path)
    assert type(loaded) is TensorDataset
    assert all(same(a, b) for a, b in zip(loaded.tensors, data.tensors, strict=True))


def test_a_model_is_its_state_dict(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 2))
    loaded = there_and_back(model, tmp_path)
    assert isinstance(loaded, dict)
    first = (tmp_path / "a.safetensors").read_bytes()
    there_and_back(model.state_dict(), tmp_path)
    assert (tmp_path / "a.safetensors").read_bytes() == first
    there_and_back(loaded, tmp_path)  # used, read and logged again: still the same content
    assert (tmp_path / "a.safetensors").read_bytes() == first
    assert vars(loaded)["_metadata"]["1"] == {"version": 2}  # what BatchNorm notes, as in model.state_dict()
    other = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 2))
    other.load_state_dict(loaded)
    x = torch.rand(2, 1, 4, 4)
    assert torch.equal(model.eval()(x), other.eval()(x))


def test_views_and_shared_memory_are_saved_as_what_they_show(tmp_path: Path) -> None:
    base = torch.arange(24.0).reshape(4, 6)
    views = {"whole": base, "turned": base.T, "part": base[1:3], "strided": base[:, ::2], "wide": base[:1].expand(3, 6)}
    loaded = there_and_back(views, tmp_path)
    assert isinstance(loaded, dict)
    assert all(same(loaded[name], view) for name, view in views.items())
    loaded["part"].zero_()
    assert base[1, 0] == loaded["whole"][1, 0] == 6


def test_tied_weights(tmp_path: Path) -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.Embedding(5, 3)
            self.head = nn.Linear(3, 5, bias=False)
            self.head.weight = self.embed.weight

    model = Tied()
    loaded = there_and_back(model, tmp_path)
    assert isinstance(loaded, dict)
    assert set(loaded) == {"embed.weight", "head.weight"}
    Tied().load_state_dict(loaded)
    assert same(loaded["head.weight"], model.embed.weight)


def test_gradients_parameters_conjugates_and_memory_format(tmp_path: Path) -> None:
    parameter = nn.Parameter(torch.rand(3))
    assert same(there_and_back(parameter, tmp_path), parameter)
    squared = parameter**2
    loaded = there_and_back(squared, tmp_path)
    assert isinstance(loaded, torch.Tensor)
    assert not loaded.requires_grad
    complex_number = torch.tensor([1 + 2j], dtype=torch.complex64)
    assert same(there_and_back(complex_number.conj(), tmp_path), complex_number.conj().resolve_conj())
    images = torch.rand(2, 3, 4, 5)
    there_and_back(images, tmp_path)
    plain = (tmp_path / "a.safetensors").read_bytes()
    there_and_back(images.to(memory_format=torch.channels_last), tmp_path)
    assert (tmp_path / "a.safetensors").read_bytes() == plain


def test_another_programs_file_is_a_dict(tmp_path: Path) -> None:
    save_file({"b": torch.ones(1), "a": torch.zeros(2)}, tmp_path / "a.safetensors", metadata={"format": "pt"})
    loaded = TorchHandler().load(tmp_path / "a.safetensors")
    assert isinstance(loaded, dict)
    assert list(loaded) == ["a", "b"]


def test_what_was_loaded_outlives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    TorchHandler().dump(torch.ones(100_000), path)
    loaded = TorchHandler().load(path)
    path.write_bytes(b"")
    assert isinstance(loaded, torch.Tensor)
    assert float(loaded.sum()) == 100_000


class Pair(NamedTuple):
    a: torch.Tensor
    b: torch.Tensor


class Augmented(TensorDataset):
    pass


def test_what_is_not_claimed() -> None:
    x = torch.ones(1)
    for obj in ((), Pair(x, x), (x, 1), Augmented(x), Subset(TensorDataset(x), [0])):
        assert not TorchHandler().claims(obj), obj
    with pytest.raises(NoHandlerError, match="Augmented"):
        handler_for(Augmented(x))
    assert handler_for({}).name == handler_for({"a": x, "b": 1}).name == "json"


class WithExtra(nn.Module):
    def get_extra_state(self) -> object:
        return {"step": 3}


@pytest.mark.parametrize(
    ("obj", "error", "text"),
    [
        (torch.ones(3).to_sparse(), InvalidTypeError, r"'tensor' is torch.sparse_coo; call to_dense"),
        (torch.ones(3, device="meta"), InvalidValueError, "'tensor' is on the meta device"),
        (torch.ones(3, dtype=torch.complex128), InvalidTypeError, r"cannot hold these tensors \(torch.complex128\)"),
        ({1: torch.ones(1)}, InvalidTypeError, "the key 1 of type int; keys must be str"),
        ({"__metadata__": torch.ones(1)}, InvalidValueError, "rename it"),
        ({"\ud800": torch.ones(1)}, InvalidValueError, "rename it"),
        (
            WithExtra(),
            InvalidTypeError,
            "the state dict of .*WithExtra holds an object of type dict under '_extra_state'",
        ),
        (OrderedDict(a=3), InvalidTypeError, "holds an object of type int under 'a'"),
        (3, InvalidTypeError, "not int"),
    ],
)
def test_refused_by_name_and_nothing_is_written(tmp_path: Path, obj: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        TorchHandler().dump(obj, tmp_path / "a.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_damaged_files_and_unknown_kinds(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    TorchHandler().dump(torch.ones(10), path)
    whole = path.read_bytes()
    for data in (b"", whole[:-1], whole + b"x", b"\xff" * 100, b"\x80\x04N."):
        path.write_bytes(data)
        with pytest.raises(InvalidValueError, match=r"not a readable \.safetensors file"):
            TorchHandler().load(path)
    for header in ('{"kind":"module"}', "[]", "{", '{"kind":"state_dict","versions":[]}', '{"kind":"tuple"}'):
        save_file({"x": torch.ones(1)}, path, metadata={"jupyter_artifacts": header})
        with pytest.raises(InvalidValueError, match=r"not a readable \.safetensors file"):
            TorchHandler().load(path)


def test_without_safetensors_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert TorchHandler().claims(torch.ones(1))
    with pytest.raises(MissingDependencyError, match="pip install safetensors"):
        TorchHandler().dump(torch.ones(1), tmp_path / "a.safetensors")
    with pytest.raises(ImportError, match=r"to read \.safetensors files"):
        TorchHandler().load(tmp_path / "a.safetensors")
