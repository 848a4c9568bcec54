"""Where a run began: the notebook, the cell and its source, as far as the front end tells."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.store.records import CellOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.magics.shell import CellInfo, CellResult, Shell


def cell_origin(shell: Shell, result: CellResult, *, source: bool = True) -> CellOrigin:
    """Return the origin of the cell that `result` belongs to; what is not known stays empty.

    The source is taken from the kernel, as the user wrote it: nothing needs saving. With
    `source` False it is left out.
    """
    return origin_of(shell, result.info, result.execution_count, source=source)


def origin_of(shell: Shell, info: CellInfo, count: int | None, *, source: bool = True) -> CellOrigin:
    """Return the origin of a cell that was asked to run."""
    return CellOrigin(
        notebook="" if info.silent else notebook_path(shell.user_ns, os.environ),
        cell_id=cell_id(shell, info),
        execution_count=count,
        source=info.raw_cell if source else "",
    )


def notebook_path(user_ns: Mapping[str, object], environ: Mapping[str, str]) -> str:
    """Return the notebook's path, relative to the working folder if it is below it, else its name alone.

    VS Code tells it in a variable, Jupyter Server in the kernel's environment; nothing is
    asked over the network.
    """
    told = user_ns.get("__vsc_ipynb_file__") or environ.get("JPY_SESSION_NAME") or ""
    path = Path(str(told))
    if path.suffix != ".ipynb":
        return ""
    try:
        return path.relative_to(Path.cwd()).as_posix() if path.is_absolute() else path.as_posix()
    except ValueError:
        return path.name


def cell_id(shell: Shell, info: CellInfo | None = None) -> str:
    """Return the id that the front end gave the cell: with the cell, or in the request's metadata."""
    given = getattr(info, "cell_id", None)
    get_parent = getattr(shell, "get_parent", None)
    if not given and get_parent is not None and not (info is not None and info.silent):
        parent = get_parent()
        given = parent.get("metadata", {}).get("cellId") if isinstance(parent, dict) else None
    return str(given or "")
