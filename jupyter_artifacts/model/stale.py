"""What is out of date, and why.

A version is stale when one of the versions its maker used is no longer the
newest of its collection, or is itself stale. Versions that share the maker's
inputs but were made later by another run of the same content are judged by the
run that made them last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Made:
    """A version, its place in its collection, and what its maker used.

    Attributes
    ----------
    version_id : int
    collection_id : int
    number : int
        The version index.
    label : str
        ``"mnist-raw:v1"``.
    inputs : tuple of int
        Ids of the versions its maker used; the last maker's, when several made it.
    """

    version_id: int
    collection_id: int
    number: int
    label: str
    inputs: tuple[int, ...]


def stale_reasons(versions: Iterable[Made], latest: Mapping[int, int]) -> dict[int, str]:
    """Return why each stale version is stale, by version id.

    Parameters
    ----------
    versions : iterable of Made
        All live versions that matter; an input that is not among them is skipped.
    latest : mapping of int to int
        Collection id to the id of the version that carries ``latest``.
    """
    made = {item.version_id: item for item in versions}
    reasons: dict[int, str] = {}
    judged: set[int] = set()
    for start in made:
        stack = [start]
        while stack:
            current = stack[-1]
            waiting = [i for i in made[current].inputs if i in made and i not in judged and i not in stack]
            if current not in judged and waiting:
                stack.extend(waiting[:1])
                continue
            stack.pop()
            judged.add(current)
            reason = _reason(made[current], made, latest, reasons)
            if reason:
                reasons[current] = reason
    return reasons


def _reason(item: Made, made: Mapping[int, Made], latest: Mapping[int, int], reasons: Mapping[int, str]) -> str:
    for version_id in item.inputs:
        used = made.get(version_id)
        if used is None:
            continue
        newest = made.get(latest.get(used.collection_id, version_id))
        if newest is not None and newest.version_id != version_id:
            return f"made from {used.label}; {newest.label} is newer"
        if version_id in reasons and version_id != item.version_id:
            return f"made from {used.label}, which is itself out of date"
    return ""
