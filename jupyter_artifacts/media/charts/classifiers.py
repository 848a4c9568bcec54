"""Charts of how well a classifier does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError
from jupyter_artifacts.media.charts.chart import Chart, Series
from jupyter_artifacts.media.charts.curves import interpolated, precision_recall, roc, thinned
from jupyter_artifacts.media.charts.scores import as_array, labels_of, one_by_one, scores_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.media.charts.scores import OneClass

MAX_CURVE = 1_000
"""Points of one ROC curve that are kept; the area is that of all."""
_DIGITS = 6


def confusion_matrix(
    probs: object = None,
    y_true: object = None,
    preds: object = None,
    class_names: Sequence[str] | None = None,
    title: str = "Confusion Matrix",
    split_table: bool = False,
) -> Chart:
    """Count how often each class was taken for each.

    Parameters
    ----------
    probs : array, shape (n, classes), optional
        Scores; the highest of a row is the prediction.
    y_true : list or array, shape (n,)
        The right classes, numbers from 0 on.
    preds : list or array, shape (n,), optional
        Predicted classes, instead of `probs`.
    class_names : list of str, optional
        By number. Without them the classes that occur are counted.
    title : str
    split_table : bool
        W&B's; both are shown.

    Raises
    ------
    MisfitError
        Lengths that differ, or a class that has no name.
    """
    del split_table
    if y_true is None or (probs is None) == (preds is None):
        raise InvalidValueError("confusion_matrix needs y_true, and probs or preds, one of the two")
    truth = labels_of(y_true, "y_true")
    found = scores_of(probs, "probs", len(truth)).argmax(axis=1) if preds is None else labels_of(preds, "preds")
    if len(found) != len(truth):
        raise MisfitError(f"preds has {len(found)} classes for {len(truth)} in y_true")
    pairs: dict[tuple[int | str, int | str], int] = {}
    for pair in zip(truth.tolist(), found.tolist(), strict=True):
        pairs[pair] = pairs.get(pair, 0) + 1
    classes, names = _classes({item for pair in pairs for item in pair}, class_names)
    series: list[Series] = []
    for actual, name in zip(classes, names, strict=True):
        counts = tuple(pairs.get((actual, predicted), 0) for predicted in classes)
        series.append(Series(name, tuple(names), counts))
    return Chart("confusion_matrix", series, title, "Predicted", "Actual")


def _classes(occurring: set[int | str], class_names: Sequence[str] | None) -> tuple[Sequence[int | str], list[str]]:
    numbers = sorted(item for item in occurring if isinstance(item, int))
    texts = sorted(item for item in occurring if isinstance(item, str))
    if numbers and texts:
        raise InvalidTypeError("y_true and preds must both be numbers or both be text")
    if class_names is None:
        classes: list[int | str] = [*numbers, *texts]
        return classes, [str(item) for item in classes]
    names = [str(name) for name in as_array(list(class_names), "class_names").tolist()]
    strangers: list[int | str] = [item for item in texts if item not in names]
    strangers += [number for number in numbers if not 0 <= number < len(names)]
    if strangers:
        raise MisfitError(f"class_names has {len(names)} names, and the class {strangers[0]!r} is none of them")
    return (names if texts else range(len(names))), names


def roc_curve(
    y_true: object,
    y_probas: object = None,
    labels: Sequence[str] | None = None,
    title: str = "ROC Curve",
    classes_to_plot: Sequence[int | str] | None = None,
    split_table: bool = False,
) -> Chart:
    """Draw the true positive rate over the false positive rate, for each class against the others.

    Parameters
    ----------
    y_true : list or array, shape (n,)
        Class numbers (columns of `y_probas`) or text (its columns in sorted order).
    y_probas : array, shape (n, classes), or (n,) for the second of two
    labels : list of str, optional
        Names by class number.
    title : str
    classes_to_plot : list, optional
        Only these values of `y_true`.
    split_table : bool
        W&B's; both are shown.
    """
    del split_table
    series = []
    for one in one_by_one(y_true, _needed(y_probas), labels, classes_to_plot):
        curve = roc(one.is_positive, one.scores)
        few = thinned(curve, MAX_CURVE)
        facts = (("auc", round(curve.area, _DIGITS)), ("points", len(curve.x)))
        series.append(
            Series(one.name, tuple(few.x.round(_DIGITS).tolist()), tuple(few.y.round(_DIGITS).tolist()), facts)
        )
    return Chart("roc_curve", series, title, "False positive rate", "True positive rate")


def pr_curve(
    y_true: object = None,
    y_probas: object = None,
    labels: Sequence[str] | None = None,
    classes_to_plot: Sequence[int | str] | None = None,
    interp_size: int = 21,
    title: str = "Precision-Recall Curve",
    split_table: bool = False,
) -> Chart:
    """Draw precision over recall, for each class against the others.

    Parameters
    ----------
    y_true, y_probas, labels, classes_to_plot, title, split_table
        As in :func:`roc_curve`.
    interp_size : int, default 21
        At how many evenly spaced recalls; the precision there is the best at that
        recall or a higher one.
    """
    del split_table
    if type(interp_size) is not int or not 1 < interp_size <= MAX_CURVE:
        raise InvalidValueError(f"interp_size must be an int from 2 to {MAX_CURVE}, not {interp_size!r:.40}")
    if y_true is None:
        raise InvalidValueError("pr_curve needs y_true and y_probas")
    series = [_precision(one, interp_size) for one in one_by_one(y_true, _needed(y_probas), labels, classes_to_plot)]
    return Chart("pr_curve", series, title, "Recall", "Precision")


def _precision(one: OneClass, size: int) -> Series:
    curve = precision_recall(one.is_positive, one.scores)
    recall, precision = interpolated(curve, size)
    facts = (("average_precision", round(curve.area, _DIGITS)),)
    return Series(one.name, tuple(recall.round(_DIGITS).tolist()), tuple(precision.round(_DIGITS).tolist()), facts)


def _needed(y_probas: object) -> object:
    if y_probas is None:
        raise InvalidValueError("y_probas is missing: one row of scores for each label")
    return y_probas
