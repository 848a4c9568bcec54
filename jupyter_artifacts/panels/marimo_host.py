"""marimo as a host of panels: it has no IPython kernel, and takes a panel as the one output of a cell.

It speaks anywidget itself and sends a module once however many panels use it. There are no twins: marimo keeps
outputs in files of its own.
"""

from __future__ import annotations

import sys


def running() -> bool:
    """Return whether this code runs in a marimo notebook or app."""
    module = sys.modules.get("marimo")
    return module is not None and bool(module.running_in_notebook())


def append(panel: object) -> None:
    """Put a panel below what the running cell shows already."""
    from marimo import output

    output.append(panel)
