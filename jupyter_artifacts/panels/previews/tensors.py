"""Arrays and tensors by name, type, shape and norm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.panels.previews import arrays
from jupyter_artifacts.panels.protocol import TensorRow
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 500


def shown(found: Sequence[arrays.Found], *, torch_zip: bool) -> tuple[list[TensorRow], str]:
    """Return the first arrays of a file with their norms, and a note."""
    rows = [_row(each) for each in found[:MOST]]
    if torch_zip:
        what = say("written by torch.save: {tensors}", tensors=_note(found))
        return rows, what + ". " + say("Names and shapes are in a pickle, which is never opened here")
    return rows, "" if len(found) == 1 and found[0].name == "array" else _note(found)


def _row(found: arrays.Found) -> TensorRow:
    values = found.values()
    return TensorRow(
        name=found.name[:300],
        dtype=found.dtype,
        shape=list(found.shape),
        size=found.size,
        norm=None if values is None else arrays.norm(values),
    )


def _note(found: Sequence[arrays.Found]) -> str:
    more = ", " + say("the first {n} are shown", n=MOST) if len(found) > MOST else ""
    size = sum(each.size for each in found[:MOST])
    return say("{n} tensors of {size} bytes", n=len(found), size=size) + more
