"""Panels that select together, through Python: also across cells, also where pages cannot talk to each other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.panels.artifact_detail import ArtifactPanel
from jupyter_artifacts.panels.artifact_table import Table
from jupyter_artifacts.panels.examples_grid import Examples
from jupyter_artifacts.panels.lineage_graph import LineagePanel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import traitlets

    from jupyter_artifacts.panels.base import Panel

_LEAST = 2


class _Port(NamedTuple):
    """What a kind of panel selects, and how it is read and set; None reads as "does not say"."""

    what: str
    read: Callable[[Panel], tuple[int, ...] | None]
    write: Callable[[Panel, tuple[int, ...]], None]


class Link:
    """Panels whose selections move together, until `unlink` is called.

    Parameters
    ----------
    panels : sequence of Panel
        Tables, graphs and details select versions, grids select pictures: those of a kind
        move together, and there are two or more of one kind at least.
    """

    def __init__(self, panels: Sequence[Panel]) -> None:
        self._ports = [(panel, _port(panel)) for panel in panels]
        groups: dict[str, int] = {}
        for _, port in self._ports:
            groups[port.what] = groups.get(port.what, 0) + 1
        if max(groups.values(), default=0) < _LEAST:
            kinds = ", ".join(f"{number} of {what}" for what, number in groups.items()) or "none"
            raise InvalidValueError(f"link() needs two panels that select the same kind of thing; it was given {kinds}")
        self._busy = False
        self._observers = [(panel, partial(self._moved, panel, port)) for panel, port in self._ports]
        for panel, observer in self._observers:
            panel.observe(observer, "view")

    def unlink(self) -> None:
        """Let every panel select for itself again."""
        for panel, observer in self._observers:
            panel.unobserve(observer, "view")
        self._observers = []

    def _moved(self, source: Panel, port: _Port, change: traitlets.Bunch) -> None:
        del change
        chosen = None if self._busy else port.read(source)
        if chosen is None:
            return
        self._busy = True
        try:
            for panel, other in self._ports:
                if panel is not source and other.what == port.what and other.read(panel) != chosen:
                    other.write(panel, chosen)
        finally:
            self._busy = False


def _port(panel: object) -> _Port:
    for kind, port in _PORTS.items():
        if isinstance(panel, kind):
            return port
    raise InvalidTypeError(
        f"link() joins tables, lineage graphs, details and grids of pictures, not a {type(panel).__name__}"
    )


def _of_table(panel: Panel) -> tuple[int, ...]:
    return tuple(cast("list[int]", panel.view["selected"]))


def _to_table(panel: Panel, versions: tuple[int, ...]) -> None:
    panel.view = {**panel.view, "selected": list(versions), "opened": None if not versions else panel.view["opened"]}


def _of_graph(panel: Panel) -> tuple[int, ...] | None:
    selected = cast("str | None", panel.view["selected"])
    if selected is None:
        return ()
    kind, _, own_id = selected.partition(":")
    return (int(own_id),) if kind == "artifact" else None


def _to_graph(panel: Panel, versions: tuple[int, ...]) -> None:
    graph = cast("LineagePanel", panel)
    graph.point_at(versions[0] if versions else None)


def _of_detail(panel: Panel) -> tuple[int, ...] | None:
    del panel
    return None


def _to_detail(panel: Panel, versions: tuple[int, ...]) -> None:
    if versions:
        cast("ArtifactPanel", panel).open_version(versions[0])


def _of_grid(panel: Panel) -> tuple[int, ...]:
    return tuple(cast("Examples", panel).selected)


def _to_grid(panel: Panel, indices: tuple[int, ...]) -> None:
    grid = cast("Examples", panel)
    here = grid.indices
    grid.selected = [index for index in indices if index in here]


_PORTS: dict[type[Panel], _Port] = {
    Table: _Port("versions", _of_table, _to_table),
    LineagePanel: _Port("versions", _of_graph, _to_graph),
    ArtifactPanel: _Port("versions", _of_detail, _to_detail),
    Examples: _Port("pictures", _of_grid, _to_grid),
}
