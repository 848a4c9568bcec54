"""Every magic's option table, and which function does what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.magics.log_tables import LOG_CELL, LOG_LINE, TRACK_CELL, TRACK_LINE, WANDB_CELL, WANDB_LINE
from jupyter_artifacts.magics.look_tables import (
    ARTIFACT,
    ARTIFACT_DIFF,
    ARTIFACTS,
    IMAGE_GRID,
    JA,
    LINEAGE,
    RECREATE,
    STALE,
    USE,
)

__all__ = ["CELLS", "COMMANDS", "LINES"]

if TYPE_CHECKING:
    from jupyter_artifacts.commands.options import Command

LINES: dict[str, tuple[Command, str]] = {
    "log_artifact": (LOG_LINE, "log_command:log_line"),
    "use_artifact": (USE, "looking:use"),
    "track": (TRACK_LINE, "track_command:track_line"),
    "artifacts": (ARTIFACTS, "looking:table"),
    "artifact": (ARTIFACT, "artifact_command:artifact"),
    "artifact_diff": (ARTIFACT_DIFF, "diff_command:diff_line"),
    "lineage": (LINEAGE, "lineage_command:lineage"),
    "image_grid": (IMAGE_GRID, "grid_command:image_grid"),
    "stale": (STALE, "stale_command:stale_line"),
    "recreate": (RECREATE, "recreate_command:recreate_line"),
    "wandb": (WANDB_LINE, "run_view:wandb_line"),
    "ja": (JA, "upkeep_command:ja_line"),
}
"""Line magics by name: the table, and the module and function that do it."""

CELLS: dict[str, Command] = {"log_artifact": LOG_CELL, "track": TRACK_CELL, "wandb": WANDB_CELL}
"""Cell magics by name."""

COMMANDS: tuple[Command, ...] = (*CELLS.values(), *(command for command, _ in LINES.values()))
"""Every table: the command line, the help and the documentation can be made from it."""
