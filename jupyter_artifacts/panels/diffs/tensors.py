"""Arrays that differ, by name: type, shape, and the norm of the difference."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jupyter_artifacts.panels.diffs.counts import counted
from jupyter_artifacts.panels.previews import arrays
from jupyter_artifacts.panels.protocol import DiffTensor
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.panels.previews.arrays import Found
    from jupyter_artifacts.panels.protocol import Mark

SHOWN = 500
_TIMES = "\N{MULTIPLICATION SIGN}"


def differing(before: Sequence[Found], after: Sequence[Found]) -> tuple[list[DiffTensor], str]:
    """Return every array of either side, those that differ first, and a note."""
    here = {found.name: found for found in before}
    there = {found.name: found for found in after}
    names = [*here, *(name for name in there if name not in here)]
    found = [_tensor(name, here.get(name), there.get(name)) for name in names[:SHOWN]]
    found.sort(key=lambda each: each["mark"] == "same")
    note = counted(Counter(each["mark"] for each in found))
    if len(names) > SHOWN:
        note += "; " + say("the first {n} of {all} are compared", n=SHOWN, all=len(names))
    return found, note


def _tensor(name: str, before: Found | None, after: Found | None) -> DiffTensor:
    mine, theirs = (None if side is None else side.values() for side in (before, after))
    same_shape = before is not None and after is not None and before.shape == after.shape
    apart = None
    if same_shape and mine is not None and theirs is not None:
        import numpy as np

        apart = arrays.norm(theirs.astype(np.float64) - mine.astype(np.float64))
    return DiffTensor(
        name=name[:300],
        mark=_mark(before, after, apart),
        before=_form(before),
        after=_form(after),
        norm_before=None if mine is None else arrays.norm(mine),
        norm_after=None if theirs is None else arrays.norm(theirs),
        norm_of_difference=apart,
    )


def _mark(before: Found | None, after: Found | None, apart: float | None) -> Mark:
    if before is None or after is None:
        return "added" if before is None else "removed"
    if _form(before) != _form(after):
        return "changed"
    if before.checksum is not None:
        return "same" if (before.checksum, before.size) == (after.checksum, after.size) else "changed"
    return "same" if apart == 0 else "changed"


def _form(found: Found | None) -> str:
    if found is None:
        return ""
    shape = f" {_TIMES} ".join(map(str, found.shape))
    return f"{found.dtype} {shape}".strip() or f"{found.size:,} bytes"
