"""The panels' JavaScript and CSS, as ``npm run build`` leaves them in ``static/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import UsageError

if TYPE_CHECKING:
    from jupyter_artifacts.panels.protocol import PanelKind

STATIC = Path(__file__).parent / "static"


@cache
def bundle(kind: PanelKind) -> tuple[str, str]:
    """Return a panel's module and its style sheet, read once.

    Raises
    ------
    UsageError
        This checkout has not been built.
    """
    try:
        return _read(f"{kind}.js"), _read(f"{kind}.css")
    except FileNotFoundError as error:
        raise UsageError(
            f"the live {kind} panel's bundle {error.filename} is missing: run `npm ci && npm run build` in js/ "
            "(or show panels without it: JUPYTER_ARTIFACTS_DISPLAY=static)"
        ) from error


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
