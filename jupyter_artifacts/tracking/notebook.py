"""Whether a notebook's kernel is listening, asked without importing IPython."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def in_notebook() -> bool:
    """Tell whether this process is a Jupyter kernel; a plain IPython terminal is a script."""
    get_shell: Callable[[], object] | None = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_shell() if get_shell is not None else None
    return getattr(shell, "kernel", None) is not None
