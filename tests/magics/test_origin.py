from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from jupyter_artifacts.magics.origin import cell_origin, notebook_path
from jupyter_artifacts.store.records import CellOrigin

if TYPE_CHECKING:
    from jupyter_artifacts.magics.shell import CellResult, Shell


@pytest.mark.parametrize(
    ("user_ns", "environ", "expected"),
    [
        ({}, {}, ""),
        ({"__vsc_ipynb_file__": "{here}/deep/a.ipynb"}, {"JPY_SESSION_NAME": "b.ipynb"}, "deep/a.ipynb"),
        ({}, {"JPY_SESSION_NAME": "{here}/b.ipynb"}, "b.ipynb"),
        ({}, {"JPY_SESSION_NAME": "/somewhere/else/b.ipynb"}, "b.ipynb"),
        ({}, {"JPY_SESSION_NAME": "work/b.ipynb"}, "work/b.ipynb"),
        ({}, {"JPY_SESSION_NAME": "console-1-8a4f"}, ""),
    ],
)
def test_notebook_is_named_relative_to_where_one_works(
    user_ns: dict[str, object], environ: dict[str, str], expected: str
) -> None:
    here = str(Path.cwd())
    told = {key: str(value).format(here=here) for key, value in user_ns.items()}
    assert notebook_path(told, {key: value.format(here=here) for key, value in environ.items()}) == expected


def result(cell_id: str | None, *, silent: bool = False) -> CellResult:
    info = SimpleNamespace(raw_cell="%%track\nx", silent=silent, store_history=True, cell_id=cell_id)
    return cast("CellResult", SimpleNamespace(info=info, execution_count=3))


def test_the_cell_as_the_front_end_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    parent = {"metadata": {"cellId": "from-the-request"}}
    shell = cast("Shell", SimpleNamespace(user_ns={"__vsc_ipynb_file__": "a.ipynb"}, get_parent=lambda: parent))
    assert cell_origin(shell, result("given")) == CellOrigin("a.ipynb", "given", 3, "%%track\nx")
    assert cell_origin(shell, result(None)).cell_id == "from-the-request"
    assert cell_origin(shell, result(None, silent=True)) == CellOrigin("", "", 3, "%%track\nx")
    assert cell_origin(cast("Shell", SimpleNamespace(user_ns={})), result(None)).cell_id == ""
