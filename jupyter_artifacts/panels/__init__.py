"""The kernel side of the panels: live widgets, and their static twins.

Nothing is imported before a panel is asked for::

    artifacts()                      the table of a project's artifacts
    artifact("mnist-raw:v1")         one version, opened
    lineage("trained-model:best")    which run made what from what
    diff("mnist-raw:v0", "mnist-raw:v1")   what changed from one version to another
    image_grid(hard)                 the hardest examples, or any pictures
    run_panel()                      a run, or several: charts that grow while it logs

Each returns a panel: the last line of a cell shows it, ``panel.show()`` does so anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import torch

    from jupyter_artifacts.panels.artifact_detail import ArtifactPanel
    from jupyter_artifacts.panels.artifact_table import Table
    from jupyter_artifacts.panels.base import Panel
    from jupyter_artifacts.panels.diff_panel import DiffPanel
    from jupyter_artifacts.panels.display import Mode
    from jupyter_artifacts.panels.examples_grid import Examples
    from jupyter_artifacts.panels.lineage_graph import LineagePanel
    from jupyter_artifacts.panels.linking import Link
    from jupyter_artifacts.panels.protocol import Axis, Direction, Level, TableLevel
    from jupyter_artifacts.panels.runs import RunPanel
    from jupyter_artifacts.panels.version_card import Card, Verb
    from jupyter_artifacts.tracking.artifact.artifact import Artifact
    from jupyter_artifacts.tracking.hardest import HardestExamples
    from jupyter_artifacts.tracking.past_run import PastRun
    from jupyter_artifacts.tracking.run import Run
    from jupyter_artifacts.tracking.stores import Where

__all__ = [
    "artifact",
    "artifacts",
    "card",
    "choose_display",
    "diff",
    "image_grid",
    "lineage",
    "link",
    "run_panel",
    "show_cards",
]


def artifacts(
    query: str = "",
    *,
    level: TableLevel = "versions",
    sort: str = "created",
    descending: bool = True,
    columns: Sequence[str] = (),
    all_types: bool = False,
    project: str | None = None,
    store: Where = None,
) -> Table:
    """Return the table of a project's artifacts.

    Parameters
    ----------
    query : str
        ``type:model acc>0.9 alias:best since:7d cnn``: filters, comparisons on metadata, words
        in names; all must hold.
    level : {"versions", "collections"}
    sort : {"created", "name", "version", "type", "size", "files", "run"} or "metadata.KEY"
    descending : bool
    columns : sequence of str
        Metadata keys to show as columns.
    all_types : bool, default False
        Show what the package made itself too: source code, logged tables.
    project, store : optional
        Else those of the active run, or of what was logged last.

    Raises
    ------
    InvalidValueError
        The query is not understood, or there is no such column.
    NotFoundError
        There is no store yet.
    """
    from jupyter_artifacts.panels.artifact_table import Table
    from jupyter_artifacts.panels.current import current_shelf
    from jupyter_artifacts.panels.live import listen

    listen()
    return Table(
        current_shelf(project, store),
        query,
        level=level,
        sort=sort,
        descending=descending,
        columns=columns,
        all_types=all_types,
    )


def artifact(name: str, *, tab: str = "overview", project: str | None = None, store: Where = None) -> ArtifactPanel:
    """Return one version, opened.

    Parameters
    ----------
    name : str
        ``"mnist-raw"``, ``"mnist-raw:v1"``, ``"mnist-raw:best"`` or ``"project/mnist-raw:v1"``.
    tab : {"overview", "metadata", "files", ...}
        Which part is open at first.
    project, store : optional

    Raises
    ------
    NotFoundError
        There is no such version; names the nearest.
    """
    from jupyter_artifacts.panels.artifact_detail import ArtifactPanel
    from jupyter_artifacts.panels.current import current_shelf
    from jupyter_artifacts.panels.live import listen

    listen()
    shelf = current_shelf(project, store)
    return ArtifactPanel(shelf, shelf.version(name), tab)


def diff(
    before: str, after: str | None = None, *, file: str | None = None, project: str | None = None, store: Where = None
) -> DiffPanel:
    """Return what changed from one version to another: files, metadata, config, metrics, and inside of files.

    Parameters
    ----------
    before : str
        As for :func:`artifact`.
    after : str, optional
        By default the newest version of the same artifact.
    file : str, optional
        Path of the file that is opened at first; by default the one that differs, if it is only one.
    project, store : optional

    Raises
    ------
    NotFoundError
        There is no such version, or no file of that path differs; names the nearest.
    """
    from jupyter_artifacts.panels.current import current_shelf
    from jupyter_artifacts.panels.diff_panel import DiffPanel
    from jupyter_artifacts.panels.live import listen

    listen()
    shelf = current_shelf(project, store)
    first = shelf.version(before)
    second = shelf.version(after) if after is not None else shelf.newest(first)
    return DiffPanel(shelf, first, second, file)


def lineage(
    name: str | None = None,
    up: int | None = 2,
    down: int | None = 2,
    level: Level | None = None,
    *,
    direction: Direction = "right",
    project: str | None = None,
    store: Where = None,
) -> LineagePanel:
    """Return the lineage graph: of the whole project, or around a version or a run.

    Parameters
    ----------
    name : str, optional
        A version (``"trained-model:best"``), a run's name, or a node id.
    up, down : int or None, default 2
        Hops upstream and downstream of `name`; None for all.
    level : {"grouped", "clusters", "exploded"}, optional
        By default ``exploded`` around a name and ``grouped`` for a project.
    direction : {"right", "down"}
        Where effects lie as seen from their causes.
    project, store : optional

    Raises
    ------
    NotFoundError
        There is no such version or run; names the nearest.
    """
    from jupyter_artifacts.panels.current import current_shelf
    from jupyter_artifacts.panels.lineage_graph import LineagePanel
    from jupyter_artifacts.panels.live import listen

    listen()
    chosen: Level = level or ("grouped" if name is None else "exploded")
    hops = [-1 if hop is None else hop for hop in (up, down)]
    shelf = current_shelf(project, store)
    return LineagePanel(shelf, name, up=hops[0], down=hops[1], level=chosen, direction=direction)


def image_grid(
    pictures: object,
    captions: Sequence[str] | None = None,
    labels: Iterable[int] | None = None,
    predictions: Iterable[int] | None = None,
    *,
    k: int | None = None,
    compare: HardestExamples | Callable[[torch.Tensor], torch.Tensor] | None = None,
    versions: tuple[str, str] = ("this", "other"),
    cols: int = 0,
    title: str | None = None,
    normalize: bool = False,
) -> Examples:
    """Return a grid of pictures; ``grid.selected`` has the indices of those that are selected.

    Parameters
    ----------
    pictures : HardestExamples, array, tensor or sequence
        What `hardest_examples` found; or (N, H, W), (N, H, W, C), (N, C, H, W); or a list of
        Images or PIL pictures of any sizes.
    captions, labels, predictions : sequence, optional
        One a picture; not with HardestExamples, which has its own.
    k : int, optional
        Show the first `k` only.
    compare : HardestExamples, torch.nn.Module or callable, optional
        Another version of the model, or what it found: the same pictures with both verdicts side by
        side. Only with HardestExamples.
    versions : tuple of str, default ("this", "other")
        What the two are called, for instance ``("v3", "v4")``.
    cols : int, default 0
        Pictures in a row, up to 100; 0 means as many as fit.
    title : str, optional
    normalize : bool, default False
        Stretch the smallest and largest number of the batch to 0 and 255.

    Raises
    ------
    InvalidValueError
        No pictures; another number of captions, labels or predictions than pictures; k below 1;
        a comparison with what is of another dataset, or of plain pictures; cols out of range.
    InvalidTypeError
        They hold no pixels.
    """
    from jupyter_artifacts.errors import InvalidValueError
    from jupyter_artifacts.panels import gallery
    from jupyter_artifacts.panels.examples_grid import Examples
    from jupyter_artifacts.tracking.hardest import HardestExamples
    from jupyter_artifacts.tracking.hardest_judging import judged
    from jupyter_artifacts.words import say

    if isinstance(pictures, HardestExamples):
        gallery.refuse_beside_hardest(captions=captions, labels=labels, predictions=predictions)
        found = gallery.first(pictures, k)
        shown = gallery.of_hardest(found)
        if compare is not None:
            other = compare if isinstance(compare, HardestExamples) else judged(found, compare)
            shown = gallery.compared(shown, found, other, versions)
        return Examples(shown, title or say("Hardest examples"), cols=cols)
    if compare is not None:
        raise InvalidValueError("compare needs what hardest_examples found: plain pictures have no verdicts")
    made = gallery.of_pictures(
        gallery.first(pictures, k),
        gallery.first(captions, k),
        gallery.first(labels, k),
        gallery.first(predictions, k),
        normalize=normalize,
    )
    return Examples(made, title or say("Pictures"), cols=cols)


def run_panel(
    *runs: str | Run | PastRun[Artifact],
    axis: Axis = "step",
    log: bool = False,
    smooth: float = 0.0,
    tab: str = "charts",
    project: str | None = None,
    store: Where = None,
) -> RunPanel:
    """Return what runs were given, used, made and logged; its charts grow while they log.

    Parameters
    ----------
    *runs : str, Run or public run
        1 to 8, by name or id; none is the active run, else the project's newest.
    axis : {"step", "time"}
    log : bool, default False
        Draw numbers on a logarithmic axis.
    smooth : float, default 0
        0 to 0.99: how much of the line is the mean of what came before.
    tab : {"charts", "overview", "config", "summary", "media", "code"}
    project, store : optional

    Raises
    ------
    NotFoundError
        There is no such run; names the nearest.
    """
    from jupyter_artifacts.panels.current import current_shelf
    from jupyter_artifacts.panels.live import listen
    from jupyter_artifacts.panels.run_choice import chosen
    from jupyter_artifacts.panels.runs import RunPanel

    listen()
    shelf = current_shelf(project, store)
    return RunPanel(shelf, chosen(shelf, runs), axis=axis, log=log, smooth=smooth, tab=tab)


def link(*panels: Panel) -> Link:
    """Let panels select together: a version that is selected in one is selected in the others.

    Parameters
    ----------
    *panels : Panel
        Tables, lineage graphs and details select versions; grids select pictures. Those of
        a kind move together, also across cells.

    Returns
    -------
    Link
        Its `unlink()` ends it.

    Examples
    --------
    ::

        table, graph = artifacts(), lineage("model:latest")
        link(table, graph)
    """
    from jupyter_artifacts.panels.linking import Link

    return Link(panels)


def card(
    name: str,
    verb: Verb = "used",
    *,
    type: str = "",
    message: str = "",
    new_bytes: int = 0,
    seconds: float = 0.0,
    project: str | None = None,
    store: Where = None,
) -> Card:
    """Return the card of a version: what was logged or used, or why not.

    Parameters
    ----------
    name : str
        As for :func:`artifact`. With the verb "failed" there need be no such version.
    verb : {"logged", "unchanged", "used", "failed"}
    type, message : str
        What was to be logged, and why it was not, for "failed".
    new_bytes : int
    seconds : float
    project, store : optional
    """
    from jupyter_artifacts.errors import NotFoundError
    from jupyter_artifacts.panels.current import current_shelf
    from jupyter_artifacts.panels.live import listen
    from jupyter_artifacts.panels.version_card import Card

    listen()
    shelf = current_shelf(project, store)
    try:
        version = shelf.version(name)
    except NotFoundError:
        if verb != "failed":
            raise
        version = None
    return Card(shelf, version, verb, name=name, type=type, message=message, new_bytes=new_bytes, seconds=seconds)


def show_cards(on: bool = True) -> None:
    """Show a card under the cell for every version logged from now on, or stop doing so."""
    from jupyter_artifacts.panels.cards import CARDS

    if on:
        CARDS.start()
    else:
        CARDS.stop()


def choose_display(mode: Mode) -> None:
    """Say how panels are shown: ``"auto"``, ``"widget"``, ``"static"`` or ``"text"``.

    See :mod:`jupyter_artifacts.panels.display`.
    """
    from jupyter_artifacts.panels import display

    display.choose(mode)
