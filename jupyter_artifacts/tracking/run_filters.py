"""Filters on runs: values that must be equal, under the names W&B's queries use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, UnsupportedError, nearest
from jupyter_artifacts.tracking.liveness import apparent_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_artifacts.store.records import RunRecord

_FACTS: dict[str, Callable[[RunRecord], object]] = {
    "state": apparent_state,
    "name": lambda record: record.id,
    "id": lambda record: record.id,
    "display_name": lambda record: record.name,
    "displayName": lambda record: record.name,
    "job_type": lambda record: record.job_type,
    "jobType": lambda record: record.job_type,
    "group": lambda record: record.group,
    "notes": lambda record: record.notes,
}
_MISSING = object()


def check_filters(filters: Mapping[str, object]) -> dict[str, object]:
    """Return filters that can be judged; W&B's operators are not offered yet.

    Raises
    ------
    UnsupportedError
        An operator such as ``$gt`` or ``$or``.
    InvalidValueError
        A field that runs do not have.
    """
    for key, value in filters.items():
        if not isinstance(key, str):
            raise InvalidTypeError(f"filters must have str keys, not {key!r}")
        operators = (
            [key] if key.startswith("$") else [k for k in value if k.startswith("$")] if isinstance(value, dict) else []
        )
        if operators:
            raise UnsupportedError(
                f"runs(filters=...): the operator {operators[0]} is not offered here; give equal values"
            )
        head = key.partition(".")[0]
        if head not in {*_FACTS, "tags", "config", "summary_metrics"}:
            known = [*_FACTS, "tags", "config.KEY", "summary_metrics.KEY"]
            raise InvalidValueError(
                f"runs cannot be filtered by {key!r}{nearest(key, known)}; known: {', '.join(known)}"
            )
    return dict(filters)


def fits(record: RunRecord, filters: Mapping[str, object]) -> bool:
    """Tell whether a run has all these values."""
    return all(_is(record, key, wanted) for key, wanted in filters.items())


def _is(record: RunRecord, key: str, wanted: object) -> bool:
    if key in _FACTS:
        return bool(_FACTS[key](record) == wanted)
    if key == "tags":
        return wanted in record.tags or (isinstance(wanted, (list, tuple)) and tuple(wanted) == record.tags)
    head, _, rest = key.partition(".")
    tree: object = record.config if head == "config" else record.summary
    for part in [p for p in rest.split(".") if p != "value"]:
        tree = tree.get(part, _MISSING) if isinstance(tree, dict) else _MISSING
    return tree is not _MISSING and tree == wanted
