"""``artifact.diff(other)`` at the end of a cell is shown as a panel, once panels or the extension are in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython import get_ipython

from jupyter_artifacts.panels import display

if TYPE_CHECKING:
    from IPython.core.formatters import IPythonDisplayFormatter

    from jupyter_artifacts.tracking.artifact.diff import ArtifactDiff, Sides

# By name: whoever never compares does not load what compares.
MODULE, NAME = "jupyter_artifacts.tracking.artifact.diff", "ArtifactDiff"


def listen() -> None:
    """Show differences in the running shell from now on; where there is none, nothing is shown anyway."""
    shell = get_ipython()
    if shell is not None:
        register(shell.display_formatter.ipython_display_formatter)


def register(formatter: IPythonDisplayFormatter) -> None:
    """Let a shell's formatter show differences as panels."""
    formatter.for_type_by_name(MODULE, NAME, show)


def show(found: ArtifactDiff) -> None:
    """Show a difference as a panel; NotImplementedError leaves it to IPython to show its text."""
    if found.sides is None or not shown(found.sides):
        raise NotImplementedError


def shown(sides: Sides) -> bool:
    """Show two versions; False in a terminal, where the difference is its own text."""
    if display.mode() == "text":
        return False
    from jupyter_artifacts.panels.diff_panel import DiffPanel
    from jupyter_artifacts.panels.shelf import Shelf

    DiffPanel(Shelf(sides.store, sides.before.project), sides.before, sides.after).show()
    return True
