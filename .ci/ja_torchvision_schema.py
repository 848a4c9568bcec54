"""Let `import torchvision` succeed where its compiled library does not load.

torchvision's Python half attaches shapes to two operators at import and stops when the
library that declares them is absent. This declares their signatures just before that
happens. Calling the operators still fails, with torchvision's own words; data sets,
transforms, models and `make_grid` do not need them. Development set-up only: see
setup_torchvision.sh, which puts this into .venv when it is wanted.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

WATCHED = "torchvision._meta_registrations"
SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_kept: list[Any] = []  # a torch Library takes its declarations along when it is collected


class SchemaFinder:
    """Watch for the module that needs the declarations; find nothing."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Declare the operators in time, and leave the finding to the ordinary finders."""
        del path, target
        if name == WATCHED and not _kept:
            declare_missing()
        return None


def declare_missing() -> None:
    """Declare the signatures unless torchvision's own library did."""
    import torch
    from torchvision.extension import _has_ops

    if _has_ops():
        return
    library = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        library.define(operator + SIGNATURE)
    _kept.append(library)


def install() -> None:
    """Start watching, once: Python reads a virtual environment's .pth files twice."""
    if not any(isinstance(finder, SchemaFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, SchemaFinder())
