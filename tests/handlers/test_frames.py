from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MissingDependencyError
from jupyter_artifacts.handlers import handler_for
from jupyter_artifacts.handlers.frames import FrameHandler

if TYPE_CHECKING:
    from pathlib import Path


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": pd.Categorical(["a", "b", "a"]),
            "text": ["x", None, "日本"],
            "n": np.array([1, 2, 3], dtype="int16"),
            "loss": [0.5, np.nan, -1.0],
            "when": pd.to_datetime(["2026-01-01", "2026-01-02", None]),
        },
        index=pd.Index([10, 20, 30], name="row"),
    )


def test_a_frame_comes_back_and_its_bytes_are_always_the_same(tmp_path: Path) -> None:
    handler = handler_for(frame())
    assert handler.name == "pandas"
    for name in ("a.parquet", "b.parquet"):
        handler.dump(frame(), tmp_path / name)
    pd.testing.assert_frame_equal(FrameHandler().load(tmp_path / "a.parquet"), frame())
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


@pytest.mark.parametrize(
    "obj",
    [
        pd.DataFrame({"mixed": [1, "a"]}),
        pd.DataFrame({"any": [object()]}),
        pd.DataFrame([[1, 2]], columns=["same", "same"]),
        [1],
    ],
    ids=["mixed", "object", "twice", "list"],
)
def test_refused_and_nothing_is_written(tmp_path: Path, obj: object) -> None:
    with pytest.raises(
        InvalidTypeError, match=r"parquet cannot hold this DataFrame: .+ Give every|saves DataFrame, not list"
    ):
        FrameHandler().dump(obj, tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InvalidValueError, match="is not a readable parquet file"):
        FrameHandler().load(tmp_path / "a.parquet")


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "pyarrow" else name)
    with pytest.raises(MissingDependencyError, match="pip install pyarrow"):
        FrameHandler().dump(frame(), tmp_path / "a.parquet")
    with pytest.raises(MissingDependencyError, match="pip install pyarrow"):
        FrameHandler().load(tmp_path / "a.parquet")
