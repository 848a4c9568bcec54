"""What is out of date, and why.

A version is stale when one of the versions its maker used is no longer the
newest of its collection, or is itself stale. Versions that share the maker's
inputs but were made later by another run of the same content are judged by the
run that made them last. The newest version of a collection is stale, too, when
the cell that made it has been run with another source since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Made(NamedTuple):
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


def stale_reasons(
    versions: Iterable[Made], latest: Mapping[int, int], edited: Mapping[int, str] | None = None
) -> dict[int, str]:
    """Return why each stale version is stale, by version id.

    Parameters
    ----------
    versions : iterable of Made
        All live versions that matter; an input that is not among them is skipped.
    latest : mapping of int to int
        Collection id to the id of the version that carries ``latest``.
    edited : mapping of int to str, optional
        Version id to what is said of its cell, for versions whose cell has another source now.
    """
    made = {item.version_id: item for item in versions}
    reasons: dict[int, str] = dict(edited or {})
    for version_id, item in made.items():
        newer = _newer(item, made, latest)
        if newer:
            reasons[version_id] = newer
    for version_id in _causes_first(made, reasons):
        used = next((i for i in made[version_id].inputs if i in reasons and i in made), None)
        if used is not None:
            reasons[version_id] = inherited(made[used].label)
    return reasons


def overtaken(used: str, newest: str) -> str:
    """Return what is said of a version made from `used`, of which there is a newer version."""
    return f"made from {used}; {newest} is newer"


def inherited(used: str) -> str:
    """Return what is said of a version made from `used`, which is stale."""
    return f"made from {used}, which is itself out of date"


def _newer(item: Made, made: Mapping[int, Made], latest: Mapping[int, int]) -> str:
    """Return which input has a newer version, in words; that settles it whatever the other inputs are."""
    for version_id in item.inputs:
        used = made.get(version_id)
        if used is None:
            continue
        newest = made.get(latest.get(used.collection_id, version_id))
        if newest is not None and newest is not used:
            return overtaken(used.label, newest.label)
    return ""


def _causes_first(made: Mapping[int, Made], settled: Mapping[int, str]) -> Iterator[int]:
    """Yield what is not settled, each version after those it was made from; a circle is cut where it is entered."""
    seen = set(settled)
    for start in made:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(made[start].inputs))]
        while stack:
            current, inputs = stack[-1]
            following = next((i for i in inputs if i in made and i not in seen), None)
            if following is None:
                stack.pop()
                yield current
            else:
                seen.add(following)
                stack.append((following, iter(made[following].inputs)))
