"""What a cached cell leaves behind is what its body had left: in type and form, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import jupyter_artifacts as ja
from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.magics.faithful import FILE, keep, loaded, put_forms

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.integers(0, 255).map(np.uint8),
    st.floats(width=32, allow_nan=False).map(np.float32),
    st.floats(allow_nan=False).map(np.float64),
    st.booleans().map(np.bool_),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=4), inner, max_size=4),
    ),
    max_leaves=12,
)


def there_and_back(value: object, store: Path) -> object:
    with ja.init(project="p", store=store) as run:
        kept = ja.Artifact("kept", "cell-cache")
        put_forms(kept, {"value": keep(kept, value, "value")})
        logged = run.log_artifact(kept).wait()
    return loaded(logged, ["value"])["value"]


def types(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, types(inner)) for key, inner in value.items()]
    if isinstance(value, (list, tuple)):
        return type(value), [types(inner) for inner in value]
    return type(value), value


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TREES)
def test_trees_keep_tuples_orders_and_scalars(tmp_path: Path, tree: object) -> None:
    assert types(there_and_back(tree, tmp_path / "store")) == types(tree)


@pytest.mark.parametrize(
    "value",
    [
        torch.arange(3),
        (torch.ones(2), torch.zeros(1)),
        {"b": torch.ones(1), "a": torch.zeros(2)},
        np.arange(4, dtype="<i2").reshape(2, 2),
        float("nan"),
        [np.float32("nan")],
    ],
    ids=["tensor", "tensors", "order of tensors", "array", "nan", "nan of numpy"],
)
def test_arrays_and_tensors(value: object, tmp_path: Path) -> None:
    back = there_and_back(value, tmp_path / "store")
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_frames(tmp_path: Path) -> None:
    frame = pd.DataFrame({"n": [1, 2], "t": ["x", None]}, index=pd.Index([5, 7], name="at"))
    back = there_and_back(frame, tmp_path / "store")
    pd.testing.assert_frame_equal(back, frame)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (torch.nn.Linear(2, 1), "as collections.OrderedDict, not as torch.nn.modules.linear.Linear"),
        (torch.ones(2, requires_grad=True), "requires_grad=False, not True"),
        ({"w": torch.nn.Parameter(torch.ones(2))}, r"x\['w'\] would come back as torch.Tensor"),
        (np.ma.masked_array([1, 2], [True, False]), "masked"),
    ],
    ids=["model", "gradient", "parameter", "masked"],
)
def test_what_would_come_back_as_something_else(value: object, said: str) -> None:
    with pytest.raises(InvalidTypeError, match=said):
        keep(ja.Artifact("kept", "cell-cache"), value, "x")


@pytest.mark.parametrize("form", ['{"value": {"scalar": "no such"}}', '{"value": {"in": {}}}', "[1]", '{"value": 3}'])
def test_forms_that_do_not_fit(form: str, tmp_path: Path) -> None:
    with ja.init(project="p", store=tmp_path / "store") as run:
        kept = ja.Artifact("kept", "cell-cache")
        keep(kept, [1, 2], "value")
        with kept.new_file(FILE) as file:
            file.write(form)
        logged = run.log_artifact(kept).wait()
    with pytest.raises(InvalidValueError, match="forms"):
        loaded(logged, ["value"])


@pytest.mark.usefixtures("loaded")
def test_a_model_is_not_replaced_by_its_state_dict(
    ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = "%%track --cache -v net\nimport torch\nnet = torch.nn.Linear(2, 1)"
    for _ in range(2):
        ipython.user_ns.pop("net", None)
        ipython.run_cell(cell).raise_error()
        assert type(ipython.user_ns["net"]) is torch.nn.Linear
    said = capsys.readouterr().out
    assert "not kept for the next time: net would come back as collections.OrderedDict" in said
    assert "could not keep its variables" in said


@pytest.mark.usefixtures("loaded")
def test_a_cell_that_is_left_out_leaves_tuples_and_orders(ipython: InteractiveShell) -> None:
    cell = "%%track --cache -v labels -v pair\nlabels = {'zebra': 0, 'ant': 1}\npair = ('a', {'n': (1, 2)})\npair"
    for _ in range(2):
        ipython.user_ns.update(labels=None, pair=None)
        result = ipython.run_cell(cell, store_history=True)
        result.raise_error()
        assert list(ipython.user_ns["labels"]) == ["zebra", "ant"]
        assert ipython.user_ns["pair"] == result.result == ("a", {"n": (1, 2)})
