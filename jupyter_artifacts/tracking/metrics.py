"""What ``define_metric`` asks: how a metric is summed up, and against which step it stands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import Error, InvalidTypeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue

_MODES = ("min", "max", "mean", "last", "first", "copy", "none")


@dataclass(frozen=True, slots=True)
class Metric:
    """One rule; `name` may end with ``*`` to stand for many keys.

    Attributes
    ----------
    name : str
    step_metric : str or None
        The key that is this metric's x axis.
    step_sync : bool
        Fill the last value of `step_metric` into rows that lack it.
    hidden : bool
    summary : tuple of str
        Among min, max, mean, last, first, copy, none; empty: the last value.
    """

    name: str
    step_metric: str | None = None
    step_sync: bool = False
    hidden: bool = False
    summary: tuple[str, ...] = ()


def check_metric(
    name: object,
    step_metric: object = None,
    step_sync: bool | None = None,
    hidden: bool | None = None,
    summary: object = None,
) -> Metric:
    """Return the rule, or say which part of it cannot be.

    Raises
    ------
    Error
        An empty name, a ``*`` before the end, an unknown summary mode.
    """
    if not isinstance(name, str) or not name:
        raise Error(f"define_metric() needs a metric's name, not {name!r}")
    if "*" in name[:-1]:
        raise Error(f"define_metric({name!r}): '*' may only stand at the end")
    if isinstance(step_metric, Metric):
        step_metric = step_metric.name
    if step_metric is not None and not isinstance(step_metric, str):
        raise InvalidTypeError(f"step_metric must be a str, not {type(step_metric).__name__}")
    modes = tuple(part.strip() for part in summary.split(",")) if isinstance(summary, str) else ()
    if summary is not None and not isinstance(summary, str):
        raise InvalidTypeError(f"summary must be a str such as 'min,max', not {type(summary).__name__}")
    unknown = [mode for mode in modes if mode not in _MODES]
    if unknown:
        raise Error(f"define_metric({name!r}): summary {unknown[0]!r} is unknown; choose among {', '.join(_MODES)}")
    synced = step_metric is not None if step_sync is None else step_sync
    return Metric(name, step_metric, synced, bool(hidden), modes)


class Metrics:
    """The rules of one run and what they have added up so far."""

    def __init__(self) -> None:
        self._rules: dict[str, Metric] = {}
        self._sums: dict[str, tuple[float, int]] = {}
        self._steps: JsonObject = {}

    def __bool__(self) -> bool:
        return bool(self._rules)

    def define(self, rule: Metric, *, overwrite: bool = False) -> Metric:
        """Add a rule; what an earlier rule of the name said stays where the new one is silent."""
        earlier = None if overwrite else self._rules.get(rule.name)
        if earlier is not None:
            rule = Metric(
                rule.name,
                rule.step_metric or earlier.step_metric,
                rule.step_sync or earlier.step_sync,
                rule.hidden or earlier.hidden,
                rule.summary or earlier.summary,
            )
        self._rules[rule.name] = rule
        return rule

    def rule(self, key: str) -> Metric | None:
        """Return the rule for a key: its own, else the longest glob that fits."""
        own = self._rules.get(key)
        if own is not None:
            return own
        globs = [r for r in self._rules.values() if r.name.endswith("*") and key.startswith(r.name[:-1])]
        return max(globs, key=lambda r: len(r.name), default=None)

    def synced(self, columns: JsonObject) -> JsonObject:
        """Return the step metrics that this row lacks and should have."""
        missing: JsonObject = {}
        for key in columns:
            rule = self.rule(key)
            if rule is None or not rule.step_sync or rule.step_metric in {None, *columns}:
                continue
            if rule.step_metric in self._steps:
                missing[str(rule.step_metric)] = self._steps[str(rule.step_metric)]
        names = {rule.step_metric for rule in self._rules.values()}
        self._steps.update({key: value for key, value in columns.items() if key in names})
        return missing

    def summarise(self, columns: JsonObject, summary: Mapping[str, JsonValue]) -> JsonObject:
        """Return the summary's new values for one row: each key's last value, or what its rule says."""
        new: JsonObject = {}
        for key, value in columns.items():
            rule = self.rule(key)
            if rule is None or not rule.summary:
                new[key] = value
            elif "none" not in rule.summary:
                before = summary.get(key)
                new[key] = self._combine(key, value, before if isinstance(before, dict) else {}, rule.summary)
        return new

    def _combine(self, key: str, value: JsonValue, before: JsonObject, modes: tuple[str, ...]) -> JsonValue:
        if modes == ("copy",):
            return value
        after: JsonObject = dict(before)
        if "last" in modes:
            after["last"] = value
        if "first" in modes:
            after.setdefault("first", value)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
            return after
        for mode, pick in (("min", min), ("max", max)):
            known = after.get(mode)
            if mode in modes:
                after[mode] = pick(known, value) if isinstance(known, (int, float)) else value
        if "mean" in modes:
            total, count = self._sums.get(key, (0.0, 0))
            self._sums[key] = (total + value, count + 1)
            after["mean"] = (total + value) / (count + 1)
        return after
