"""``wandb.termlog`` and its like, and the calls of W&B that need nothing here."""

from __future__ import annotations

import sys

from jupyter_artifacts.tracking.messages import is_silent
from jupyter_artifacts.tracking.session import finish

_told: set[str] = set()


def termlog(string: str = "", newline: bool = True, repeat: bool = True) -> None:
    """Write a line to the error stream, as W&B does; with ``repeat=False`` once only."""
    _tell("", string, newline=newline, repeat=repeat)


def termwarn(string: str, newline: bool = True, repeat: bool = True) -> None:
    """Write a warning's line to the error stream."""
    _tell("WARNING ", string, newline=newline, repeat=repeat)


def termerror(string: str, newline: bool = True, repeat: bool = True) -> None:
    """Write an error's line to the error stream."""
    _tell("ERROR ", string, newline=newline, repeat=repeat)


def setup(settings: object = None) -> None:
    """W&B starts its service here; there is none to start."""
    del settings


def teardown(exit_code: int | None = None) -> None:
    """End the active run, as W&B does when it stops its service; there is no service to stop."""
    finish(exit_code)


def require(requirement: object = None, experiment: object = None) -> None:
    """W&B switches features on here; all that there is, is on."""
    del requirement, experiment


def _tell(kind: str, text: str, *, newline: bool, repeat: bool) -> None:
    line = f"{kind}{text}"
    if is_silent() or (not repeat and line in _told):
        return
    _told.add(line)
    sys.stderr.write(line + ("\n" if newline else ""))
