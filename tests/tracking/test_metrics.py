from __future__ import annotations

import math

from jupyter_artifacts.tracking.metrics import Metrics, check_metric


def test_the_longest_glob_that_fits_rules_and_a_name_of_its_own_wins() -> None:
    metrics = Metrics()
    for name, mode in (("*", "min"), ("val/*", "max"), ("val/acc", "mean")):
        metrics.define(check_metric(name, summary=mode))
    rules = [metrics.rule(key) for key in ("loss", "val/loss", "val/acc")]
    assert [rule.summary for rule in rules if rule] == [("min",), ("max",), ("mean",)]


def test_a_second_rule_adds_to_the_first_unless_it_overwrites() -> None:
    metrics = Metrics()
    metrics.define(check_metric("a", summary="min"))
    assert metrics.define(check_metric("a", step_metric="epoch")).summary == ("min",)
    assert metrics.define(check_metric("a", hidden=True), overwrite=True).summary == ()


def test_nan_and_text_change_no_extreme() -> None:
    metrics = Metrics()
    metrics.define(check_metric("a", summary="min,max,mean"))
    summary = metrics.summarise({"a": 2.0}, {})
    for value in (math.nan, "text", True):
        summary = metrics.summarise({"a": value}, summary)
    assert summary == {"a": {"min": 2.0, "max": 2.0, "mean": 2.0}}


def test_copy_is_the_last_value_itself() -> None:
    metrics = Metrics()
    metrics.define(check_metric("a", summary="copy"))
    assert metrics.summarise({"a": 3}, {"a": 1}) == {"a": 3}


def test_a_step_metric_is_not_filled_in_when_told_not_to() -> None:
    metrics = Metrics()
    metrics.define(check_metric("a", step_metric=check_metric("epoch"), step_sync=False))
    assert metrics.synced({"epoch": 1}) == {}
    assert metrics.synced({"a": 1}) == {}
