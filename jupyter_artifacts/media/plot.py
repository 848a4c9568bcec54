"""``wandb.plot``: functions that make charts to log."""

from __future__ import annotations

from jupyter_artifacts.media.charts.classifiers import confusion_matrix, pr_curve, roc_curve
from jupyter_artifacts.media.charts.plots import bar, histogram, line, line_series, plot_table, scatter

__all__ = [
    "bar",
    "confusion_matrix",
    "histogram",
    "line",
    "line_series",
    "plot_table",
    "pr_curve",
    "roc_curve",
    "scatter",
]
