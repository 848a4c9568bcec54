"""``wandb.util``: the two functions that examples import."""

from __future__ import annotations

import re

from jupyter_artifacts.tracking.identity import generate_id

__all__ = ["generate_id", "make_artifact_name_safe"]


def make_artifact_name_safe(name: str) -> str:
    """Return a name with everything an artifact's name may not hold replaced by ``_``.

    >>> make_artifact_name_safe("a b/c")
    'a_b_c'
    """
    return re.sub(r"[^A-Za-z0-9_\-.]", "_", name)[:128]
