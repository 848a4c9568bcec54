"""Where in a notebook a panel is made, and the id that it gets from that.

The id is the same whenever an unchanged cell is run again, so that outputs do not
differ from run to run, and it differs between panels, so that each finds its own
twin.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from jupyter_artifacts.panels import marimo_host

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Place:
    """The cell that is running.

    Attributes
    ----------
    cell : str
        The front end's id of the cell, empty where it sends none.
    notebook : str
        The notebook's file name, where the server tells it: two copies that are open side by side
        must not take each other's twins for their own.
    source : str
        The request's code.
    execution : str
        Different for every execution.
    rich : bool
        The request came from a front end that describes its cells.
    """

    cell: str = ""
    source: str = ""
    execution: str = ""
    rich: bool = False
    notebook: str = ""


def here() -> Place:
    """Return the place of the code that is running now; an empty one outside a kernel."""
    from IPython import get_ipython

    if marimo_host.running():
        # It closes the panels of a cell that runs again itself, and keeps no twin that needs to be found.
        return Place(execution=secrets.token_hex(8), source=secrets.token_hex(8))
    shell = get_ipython()
    get_parent = getattr(shell, "get_parent", None)
    parent = get_parent() if get_parent is not None else getattr(shell, "parent_header", None)
    return of_message(parent) if isinstance(parent, dict) else Place()


def of_message(parent: Mapping[str, object]) -> Place:
    """Return the place of an ``execute_request``, whatever its front end puts into it."""
    header, metadata, content = (_dict(parent.get(key)) for key in ("header", "metadata", "content"))
    cell = metadata.get("cellId")
    return Place(
        cell=cell if isinstance(cell, str) else "",
        source=str(content.get("code", "")),
        execution=str(header.get("msg_id", "")),
        rich=bool(metadata.keys() & _RICH),
        notebook=PurePath(os.environ.get("JPY_SESSION_NAME", "")).name,
    )


# What JupyterLab, Notebook 7 and VS Code put into an execute_request, and nbclient does not.
_RICH = frozenset({"cellId", "deletedCells", "recordTiming"})


def _dict(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


class Ids:
    """Gives ids; counts equal panels within one execution."""

    def __init__(self) -> None:
        self._execution = ""
        self._seen: Counter[str] = Counter()

    def next(self, kind: str, shown: str, place: Place) -> str:
        """Return 16 hexadecimal digits from the kind, what is shown, the cell, and the how-manieth it is."""
        if place.execution != self._execution or not place.execution:
            self._execution, self._seen = place.execution, Counter()
        base = "\0".join((kind, shown, place.cell or place.source, place.notebook))
        self._seen[base] += 1
        text = f"{base}\0{self._seen[base]}"
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


IDS = Ids()
