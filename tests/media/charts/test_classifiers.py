"""Charts of classifiers, as W&B's functions are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MisfitError
from jupyter_artifacts.media import plot
from jupyter_artifacts.media.charts import classifiers

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media

TRUTH = [0, 1, 2, 2, 1]
PROBS = [[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7], [0.6, 0.1, 0.3], [0.3, 0.3, 0.4]]
PREDS = [0, 1, 2, 0, 2]


def counts(chart: Any) -> list[list[float]]:
    return [list(series.y) for series in chart.series]


def test_confusion_by_hand() -> None:
    chart = plot.confusion_matrix(y_true=TRUTH, preds=PREDS, class_names=["a", "b", "c"], title="T")
    assert counts(chart) == [[1, 0, 0], [0, 1, 1], [1, 0, 1]]
    assert [series.name for series in chart.series] == ["a", "b", "c"]
    assert (chart.type, chart.title, chart.x_label, chart.y_label) == ("confusion_matrix", "T", "Predicted", "Actual")
    assert chart.table.columns == ["Actual", "Predicted", "nPredictions"]
    assert chart.table.data[:3] == [["a", "a", 1], ["a", "b", 0], ["a", "c", 0]]


@pytest.mark.parametrize("make", [list, np.array, torch.tensor])
def test_the_highest_probability_is_the_prediction(make: Any) -> None:
    chart = plot.confusion_matrix(make(PROBS), make(TRUTH))
    assert chart == plot.confusion_matrix(y_true=TRUTH, preds=PREDS)
    assert [series.name for series in chart.series] == ["0", "1", "2"]


def test_only_classes_that_occur_have_a_row_unless_they_are_named() -> None:
    assert counts(plot.confusion_matrix(y_true=[5, 9], preds=[9, 9])) == [[0, 1], [0, 1]]
    assert len(plot.confusion_matrix(y_true=[0], preds=[0], class_names=["a", "b", "c"]).series) == 3
    text = plot.confusion_matrix(y_true=["x", "y"], preds=["y", "y"], class_names=["y", "x"])
    assert counts(text) == [[1, 0], [1, 0]]
    assert counts(plot.confusion_matrix([0.2, 0.9], [False, True])) == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"preds": [1]}, InvalidValueError, "needs y_true"),
        ({"y_true": [1]}, InvalidValueError, "probs or preds"),
        ({"y_true": [1], "preds": [1], "probs": [[1]]}, InvalidValueError, "one of the two"),
        ({"y_true": [1, 2], "preds": [1]}, MisfitError, "preds has 1 classes for 2"),
        ({"y_true": [1, 2], "probs": [[0, 1]]}, MisfitError, "probs has 1 rows for 2 labels"),
        ({"y_true": [0, 3], "preds": [0, 1], "class_names": ["a", "b"]}, MisfitError, "the class 3 is none of them"),
        ({"y_true": [0, -1], "preds": [0, 1], "class_names": ["a", "b"]}, MisfitError, "the class -1"),
        ({"y_true": ["q"], "preds": ["a"], "class_names": ["a"]}, MisfitError, "the class 'q'"),
        ({"y_true": ["a"], "preds": [1]}, InvalidTypeError, "both be numbers or both be text"),
        ({"y_true": [], "preds": []}, InvalidValueError, "a list of labels"),
        ({"y_true": [0.5], "preds": [1]}, InvalidTypeError, "whole numbers or text"),
        ({"y_true": [float("nan")], "preds": [1]}, InvalidTypeError, "whole numbers or text"),
        ({"y_true": 3, "preds": [1]}, InvalidTypeError, "y_true must be a list or an array, not int"),
        ({"y_true": [1], "probs": [[float("nan"), 1]]}, InvalidValueError, "probs has NaN"),
        ({"y_true": [1, 1], "probs": [[1], [1, 2]]}, InvalidValueError, "rows of different lengths"),
        ({"y_true": [1], "probs": [["a"]]}, InvalidValueError, "must be numbers"),
    ],
)
def test_confusions_that_are_refused(arguments: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        plot.confusion_matrix(**arguments)


def test_roc_curves_of_each_class() -> None:
    chart = plot.roc_curve(TRUTH, PROBS, labels=["a", "b", "c"], classes_to_plot=[0, 2])
    assert [series.name for series in chart.series] == ["a", "c"]
    first, second = chart.series
    assert [list(first.x), list(first.y), dict(first.facts)["auc"]] == [[0, 0, 1], [0, 1, 1], 1.0]
    # class 2: scores .7 and .3 against .1, .3, .4
    assert dict(second.facts)["auc"] == pytest.approx((3 + 1 + 0.5) / 6, abs=1e-6)
    assert (chart.type, chart.title) == ("roc_curve", "ROC Curve")
    assert chart.table.columns == ["class", "fpr", "tpr"]


def test_two_classes_with_one_score() -> None:
    chart = plot.roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    assert [series.name for series in chart.series] == ["0", "1"]
    assert list(chart.series[1].x) == [0, 0, 0.5, 0.5, 1]
    assert [dict(series.facts)["auc"] for series in chart.series] == [0.75, 0.75]
    text = plot.roc_curve(["cat", "cat", "dog", "dog"], [0.1, 0.4, 0.35, 0.8])
    assert [series.name for series in text.series] == ["cat", "dog"]


def test_a_class_that_does_not_occur_does_not_shift_the_columns() -> None:
    chart = plot.roc_curve([0, 2], [[0.9, 0.0, 0.1], [0.2, 0.0, 0.8]])
    assert [(series.name, dict(series.facts)["auc"]) for series in chart.series] == [("0", 1.0), ("2", 1.0)]


def test_pr_curves() -> None:
    chart = plot.pr_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], classes_to_plot=[1], interp_size=5)
    (series,) = chart.series
    assert list(series.x) == [0, 0.25, 0.5, 0.75, 1]
    assert list(series.y) == [1, 1, 1, 0.666667, 0.666667]
    assert series.facts == (("average_precision", 0.833333),)
    assert chart.table.columns == ["class", "recall", "precision"]
    assert len(plot.pr_curve(TRUTH, PROBS).series[0].x) == 21


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: plot.roc_curve([0, 1]), InvalidValueError, "y_probas is missing"),
        (plot.pr_curve, InvalidValueError, "needs y_true and y_probas"),
        (lambda: plot.pr_curve([0, 1], [0, 1], interp_size=1), InvalidValueError, "interp_size"),
        (lambda: plot.pr_curve([0, 1], [0, 1], interp_size=True), InvalidValueError, "interp_size"),
        (lambda: plot.roc_curve([1, 1], [[0, 1], [0, 1]]), InvalidValueError, "positive and negative"),
        (lambda: plot.roc_curve(TRUTH, PROBS, classes_to_plot=[7]), InvalidValueError, "classes_to_plot has 7"),
        (lambda: plot.roc_curve(TRUTH, PROBS, labels=["a"]), MisfitError, "labels has 1 names; the class 1 has none"),
        (lambda: plot.roc_curve([0, 5], [[0.1, 0.2, 0.3]] * 2), MisfitError, "3 columns for the classes"),
        (lambda: plot.roc_curve(TRUTH, PROBS, title=3), InvalidTypeError, "title must be a str"),  # type: ignore[arg-type]  # that is the test
    ],
)
def test_curves_that_are_refused(call: Callable[[], object], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        call()


def test_long_curves_are_thinned_and_say_so() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 2, 20_000)
    scores = random.random(20_000) + truth * 0.2
    (series,) = plot.roc_curve(truth, scores, classes_to_plot=[1]).series
    assert len(series.x) == classifiers.MAX_CURVE
    assert dict(series.facts)["points"] > classifiers.MAX_CURVE


def test_they_go_out_and_come_back(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object]
) -> None:
    for chart in (
        plot.confusion_matrix(PROBS, TRUTH),
        plot.roc_curve(TRUTH, PROBS),
        plot.pr_curve(TRUTH, PROBS),
    ):
        assert logged(chart) == chart
        assert added(chart) == chart
