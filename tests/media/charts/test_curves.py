"""ROC and precision-recall curves, against definitions and values worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.media.charts.curves import Curve, interpolated, precision_recall, roc, thinned

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRUTH = np.array([0, 0, 1, 1], dtype=bool)
SCORES = np.array([0.1, 0.4, 0.35, 0.8])

examples = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.9, 1.0])), min_size=2, max_size=20)


def arrays(pairs: list[tuple[bool, float]]) -> tuple[NDArray[Any], NDArray[Any]]:
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


def test_roc_by_hand() -> None:
    curve = roc(TRUTH, SCORES)
    assert curve.x.tolist() == [0, 0, 0.5, 0.5, 1]
    assert curve.y.tolist() == [0, 0.5, 0.5, 1, 1]
    assert curve.area == 0.75


def test_points_on_a_straight_line_are_left_out() -> None:
    perfect = roc(np.array([1, 1, 1, 0, 0, 0], dtype=bool), np.array([6.0, 5, 4, 3, 2, 1]))
    assert (perfect.x.tolist(), perfect.y.tolist(), perfect.area) == ([0, 0, 1], [0, 1, 1], 1.0)
    tied = roc(TRUTH, np.ones(4))
    assert (tied.x.tolist(), tied.y.tolist(), tied.area) == ([0, 1], [0, 1], 0.5)


def test_precision_and_recall_by_hand() -> None:
    curve = precision_recall(TRUTH, SCORES)
    assert curve.x.tolist() == [0, 0.5, 0.5, 1, 1]
    assert curve.y.tolist() == [1, 1, 0.5, 2 / 3, 0.5]
    assert curve.area == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_interpolation_takes_the_best_at_that_recall_or_more() -> None:
    recalls, best = interpolated(precision_recall(TRUTH, SCORES), 5)
    assert recalls.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert best.tolist() == [1, 1, 1, 2 / 3, 2 / 3]


@given(pairs=examples)
def test_the_area_is_the_chance_of_ranking_right(pairs: list[tuple[bool, float]]) -> None:
    truth, scores = arrays(pairs)
    if truth.all() or not truth.any():
        with pytest.raises(InvalidValueError, match="needs positive and negative examples"):
            roc(truth, scores)
        return
    curve = roc(truth, scores)
    wins = [
        1.0 if positive > negative else 0.5 if positive == negative else 0.0
        for positive in scores[truth]
        for negative in scores[~truth]
    ]
    assert curve.area == pytest.approx(np.mean(wins))
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)
    assert (np.diff(curve.x) >= 0).all()
    assert (np.diff(curve.y) >= 0).all()
    every = {(np.mean(scores[~truth] >= cut), np.mean(scores[truth] >= cut)) for cut in [*scores, np.inf]}
    assert set(zip(curve.x.tolist(), curve.y.tolist(), strict=True)) <= every


@given(pairs=examples)
def test_every_point_is_the_precision_of_some_threshold(pairs: list[tuple[bool, float]]) -> None:
    truth, scores = arrays(pairs)
    if not truth.any():
        with pytest.raises(InvalidValueError, match="needs positive examples"):
            precision_recall(truth, scores)
        return
    curve = precision_recall(truth, scores)
    every = [
        (np.mean(scores[truth] >= cut), np.mean(truth[scores >= cut])) for cut in sorted(set(scores), reverse=True)
    ]
    assert np.allclose(curve.x[1:], [recall for recall, _ in every])
    assert np.allclose(curve.y[1:], [precision for _, precision in every])
    before = 0.0
    area = 0.0
    for recall, precision in every:
        area += (recall - before) * precision
        before = recall
    assert curve.area == pytest.approx(area)
    recalls, best = interpolated(curve, 11)
    for recall, precision in zip(recalls, best, strict=True):
        assert precision == pytest.approx(max(p for r, p in zip(curve.x, curve.y, strict=True) if r >= recall))


def test_thinning_keeps_both_ends() -> None:
    curve = Curve(np.arange(100.0), np.arange(100.0), 0.5)
    few = thinned(curve, 7)
    assert (len(few.x), few.x[0], few.x[-1], few.area) == (7, 0, 99, 0.5)
    assert thinned(few, 7) is few


def test_sklearn_agrees() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    random = np.random.default_rng(0)
    for size in (5, 50, 500):
        truth = random.random(size) < 0.4
        truth[:2] = [True, False]
        scores = (random.random(size) + truth).round(1)
        false, true, _ = metrics.roc_curve(truth, scores)
        mine = roc(truth, scores)
        # sklearn leaves points out before it puts (0, 0) in front, so it may keep one more.
        theirs = {*zip(false.tolist(), true.tolist(), strict=True)}
        assert {*zip(mine.x.tolist(), mine.y.tolist(), strict=True)} <= theirs
        assert np.isclose(mine.area, metrics.auc(false, true))
        assert mine.area == pytest.approx(metrics.roc_auc_score(truth, scores))
        precision, recall, _ = metrics.precision_recall_curve(truth, scores)
        found = precision_recall(truth, scores)
        assert np.allclose(found.x[::-1], recall)
        assert np.allclose(found.y[::-1], precision)
        assert found.area == pytest.approx(metrics.average_precision_score(truth, scores))
