"""What was chosen for a cell with ``%%track --cache``: to run its body, or to have again what a run made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_artifacts.magics.replay import Shown
    from jupyter_artifacts.store.records import RunRecord, VersionRecord


@dataclass
class Choice:
    """What was chosen for a cell with ``--cache``.

    Attributes
    ----------
    line : str
        Its first line, as it is called.
    key : str
        What its run is found by: digests of the source, the inputs, the config and the variables' names.
    why : str
        Why the body runs, or that it does not.
    run : RunRecord or None
        The run whose results are taken; None where the body runs.
    outputs : tuple of VersionRecord
        What that run made.
    variables : dict
        What it left, to be had again.
    result : object
        Its last value; None where there was none, or it could not be kept.
    shown : Shown or None
        What its body printed and displayed.
    """

    line: str
    key: str
    why: str
    run: RunRecord | None = None
    outputs: tuple[VersionRecord, ...] = ()
    variables: dict[str, object] = field(default_factory=dict)
    result: object = None
    shown: Shown | None = None
