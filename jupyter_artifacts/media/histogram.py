"""Histogram: how many values lie between which edges."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.arrays import is_array, is_tensor, plain_array, to_numpy
from jupyter_artifacts.media.base import Inline
from jupyter_artifacts.model.jsonable import normalise
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

_PAIR = 2


class Histogram(Inline):
    """Counts of numbers by bin.

    Parameters
    ----------
    sequence : array, tensor or list of numbers, optional
        Of any shape, also empty. NaN and infinities are left out and counted.
    np_histogram : tuple, optional
        ``(values, bin_edges)`` as `numpy.histogram` returns them, instead of `sequence`.
    num_bins : int, default 64
        Of equal width between the smallest and the largest value; at most 512.

    Raises
    ------
    InvalidValueError
        Over 512 bins; edges that do not rise, or are not one more than the counts.

    Attributes
    ----------
    histogram : list of numbers
        The counts.
    bins : list of float
        The edges, one more.
    left_out : int
        How many values of `sequence` were not finite.
    """

    kind: ClassVar[str] = "histogram"
    MAX_LENGTH: ClassVar[int] = 512

    def __init__(self, sequence: object = None, np_histogram: object = None, num_bins: int = 64) -> None:
        if (sequence is None) == (np_histogram is None):
            raise InvalidValueError("Histogram needs a sequence or np_histogram=(values, bin_edges), one of the two")
        self.histogram: list[int | float]
        self.bins: list[float]
        self.left_out = 0
        if np_histogram is None:
            self._count(sequence, num_bins)
        else:
            if not isinstance(np_histogram, (tuple, list)) or len(np_histogram) != _PAIR:
                raise InvalidValueError("np_histogram must be (values, bin_edges), as numpy.histogram returns them")
            self.histogram = _numbers(np_histogram[0], "the histogram's values")
            self.bins = [float(edge) for edge in _numbers(np_histogram[1], "the histogram's bins")]
        if len(self.histogram) > self.MAX_LENGTH:
            raise InvalidValueError(f"a histogram has at most {self.MAX_LENGTH} bins, not {len(self.histogram)}")
        if len(self.bins) != len(self.histogram) + 1:
            raise InvalidValueError(
                f"{len(self.histogram)} values need {len(self.histogram) + 1} bin edges, not {len(self.bins)}"
            )
        if any(right < left for left, right in zip(self.bins, self.bins[1:])):  # noqa: B905  one shorter on purpose
            raise InvalidValueError("the bin edges must rise from one to the next")

    def _count(self, sequence: object, num_bins: object) -> None:
        require("numpy", "numpy", "to count a histogram (or pass np_histogram=(values, bin_edges))")
        import numpy as np

        if isinstance(num_bins, bool) or not isinstance(num_bins, (int, np.integer)):
            raise InvalidTypeError(f"num_bins must be an int, not {type(num_bins).__name__}")
        if not 1 <= num_bins <= self.MAX_LENGTH:
            raise InvalidValueError(f"num_bins must be from 1 to {self.MAX_LENGTH}, not {num_bins}")
        if is_tensor(sequence):
            array = to_numpy(sequence)
        elif is_array(sequence) or isinstance(sequence, (list, tuple, range)):
            array = plain_array(sequence)
        else:
            raise InvalidTypeError(f"Histogram counts an array, a tensor or a list, not {type(sequence).__name__}")
        if array.dtype.kind not in "biuf":
            raise InvalidTypeError(f"Histogram counts numbers, not {array.dtype}")
        self.histogram, self.bins, self.left_out = count(array, int(num_bins))

    def to_json(self) -> JsonObject:
        """Return W&B's dict; ``left_out`` is added where values were."""
        values: list[JsonValue] = [*self.histogram]
        edges: list[JsonValue] = [*self.bins]
        info: JsonObject = {"_type": self.kind, "values": values, "bins": edges}
        return {**info, "left_out": self.left_out} if self.left_out else info

    @classmethod
    def from_json(cls, info: JsonObject) -> Histogram:
        """Return the histogram that :meth:`to_json` wrote."""
        made = cls(np_histogram=(info.get("values"), info.get("bins")))
        left_out = info.get("left_out", 0)
        made.left_out = left_out if isinstance(left_out, int) else 0
        return made

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Histogram):
            return NotImplemented
        return self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash((*self.histogram, *self.bins))

    def __repr__(self) -> str:
        total = sum(self.histogram)
        return f"<Histogram {total:,} values in {len(self.histogram)} bins, {self.bins[0]:.6g} to {self.bins[-1]:.6g}>"


def count(array: NDArray[Any], bins: int) -> tuple[list[int | float], list[float], int]:
    """Return counts by bin, the bins' edges, and how many values were not finite and so left out.

    As `numpy.histogram`, but it also takes values that lie closer together than so
    many bins can be told apart, or further than a float can say.
    """
    import numpy as np

    values = array.astype(np.float64).ravel()
    finite = values[np.isfinite(values)]
    if not finite.size:
        return [0] * bins, np.linspace(0, 1, bins + 1).tolist(), values.size
    shrink = 4.0 if max(abs(finite.min()), abs(finite.max())) > np.finfo(np.float64).max / 4 else 1.0
    finite = finite / shrink
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    least = 2 * bins * float(np.spacing(max(abs(low), abs(high))))
    if high - low < least:
        low, high = low - least, high + least
    counts, edges = np.histogram(finite, bins=bins, range=(low, high))
    widest = np.finfo(np.float64).max / shrink
    return counts.tolist(), (edges.clip(-widest, widest) * shrink).tolist(), values.size - finite.size


def _numbers(values: object, where: str) -> list[int | float]:
    """Return a list or array as finite numbers."""
    plain = normalise(values, where)
    if not isinstance(plain, list):
        raise InvalidTypeError(f"{where} must be a list or an array, not {type(values).__name__}")
    found: list[int | float] = []
    for value in plain:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise InvalidValueError(f"{where} must be finite numbers; one is {value!r:.40}")
        found.append(value)
    return found
