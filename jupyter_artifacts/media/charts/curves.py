"""Receiver operating characteristic and precision-recall curves, from scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_artifacts.errors import InvalidValueError

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Curve(NamedTuple):
    """Points, in the order of falling thresholds, and the area under them."""

    x: NDArray[Any]
    y: NDArray[Any]
    area: float


def _counts(is_positive: NDArray[Any], scores: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return true and false positives at each distinct score, the highest first."""
    import numpy as np

    order = np.argsort(-scores, kind="stable")
    positive, ordered = is_positive[order], scores[order]
    last_of_its_score = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
    true = np.cumsum(positive)[last_of_its_score]
    return true, 1 + last_of_its_score - true


def roc(is_positive: NDArray[Any], scores: NDArray[Any]) -> Curve:
    """Return false positive rate, true positive rate and the area between the curve and the axis.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
    scores : ndarray of float, shape (n,)
        Higher means more likely positive.

    Notes
    -----
    The curve begins at (0, 0). Points in the middle of a straight line are left out
    (Fawcett 2006, "An introduction to ROC analysis", algorithm 2 and figure 6); the area
    is that of the trapezoids.
    """
    import numpy as np

    true, false = (np.concatenate([[0], counts]) for counts in _counts(is_positive, scores))
    if not true[-1] or not false[-1]:
        raise InvalidValueError("a ROC curve needs positive and negative examples; there are only those of one kind")
    is_corner = np.ones(len(true), dtype=bool)
    is_corner[1:-1] = (np.diff(true, 2) != 0) | (np.diff(false, 2) != 0)
    x, y = false / false[-1], true / true[-1]
    area = float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
    return Curve(x[is_corner], y[is_corner], area)


def precision_recall(is_positive: NDArray[Any], scores: NDArray[Any]) -> Curve:
    """Return recall, precision and the average precision.

    Notes
    -----
    The curve begins at (0, 1), which is a convention: with nothing found nothing is
    wrong. Average precision is the sum of ``(R[i] - R[i-1]) P[i]`` without
    interpolation (Manning et al. 2008, "Introduction to Information Retrieval", 8.4).
    """
    import numpy as np

    true, false = _counts(is_positive, scores)
    if not true[-1]:
        raise InvalidValueError("a precision-recall curve needs positive examples; there are none")
    precision, recall = true / (true + false), true / true[-1]
    average = float(np.sum(np.diff(recall, prepend=0) * precision))
    return Curve(np.concatenate([[0.0], recall]), np.concatenate([[1.0], precision]), average)


def interpolated(curve: Curve, size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return precision at `size` evenly spaced recalls: the best at that recall or a higher one.

    This is the interpolation of Manning et al. 2008, 8.4 (eleven points in their text).
    """
    import numpy as np

    best = np.maximum.accumulate(curve.y[::-1])[::-1]
    recalls = np.linspace(0, 1, size)
    return recalls, best[np.searchsorted(curve.x, recalls, side="left").clip(max=len(best) - 1)]


def thinned(curve: Curve, size: int) -> Curve:
    """Return at most `size` points of a curve, evenly chosen, with both ends."""
    import numpy as np

    if len(curve.x) <= size:
        return curve
    chosen = np.unique(np.linspace(0, len(curve.x) - 1, size).round().astype(int))
    return Curve(curve.x[chosen], curve.y[chosen], curve.area)
