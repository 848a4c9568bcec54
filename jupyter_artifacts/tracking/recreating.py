"""Which runs a version stands on, in the order to repeat them, and their sources with the inputs' versions pinned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_artifacts.model.names import LATEST
from jupyter_artifacts.tracking.run_cells import cells_of
from jupyter_artifacts.tracking.staleness import maker_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_artifacts.store.records import RunRecord, VersionRecord
    from jupyter_artifacts.store.store import Store

_CALL = re.compile(
    r"""(?P<call>\b(?:use_artifact|use_model|load|artifact)\(\s*)(?P<quote>["'])(?P<ref>[^"'\n{}]+)(?P=quote)"""
)
_USES = re.compile(r"(?P<call>(?:--uses|%use_artifact)[\s=]+)(?P<refs>[^-\n][^\n]*?)(?=\s--?[A-Za-z]|$)", re.MULTILINE)
_WORD = re.compile(r"[^\s'\"]+")


@dataclass(frozen=True, slots=True)
class Step:
    """One run to repeat.

    Attributes
    ----------
    run : RunRecord
    sources : tuple of str
        Its cells, with the versions that it used pinned.
    made : tuple of VersionRecord
        What of it is needed.
    deleted : tuple of VersionRecord
        Versions that it used and that are not there any more; the newest stand in the sources.
    """

    run: RunRecord
    sources: tuple[str, ...]
    made: tuple[VersionRecord, ...]
    deleted: tuple[VersionRecord, ...] = ()


def steps_to(store: Store, version: VersionRecord, *, only: bool = False) -> list[Step]:
    """Return the runs that led to a version, causes before effects; with `only` the last one alone."""
    runs: dict[int, RunRecord] = {}
    needed: dict[int, dict[int, VersionRecord]] = {}
    waiting = [version]
    seen = {version.id}
    while waiting:
        current = waiting.pop()
        run = maker_of(store, current)
        if run is None:
            continue
        needed.setdefault(run.sequence, {})[current.id] = current
        if run.sequence in runs:
            continue
        runs[run.sequence] = run
        for used in () if only else store.catalog.edges.inputs(run.id):
            if used.id not in seen:
                seen.add(used.id)
                waiting.append(used)
    return [_step(store, runs[key], tuple(needed[key].values())) for key in sorted(runs)]


def pinned(source: str, inputs: Sequence[VersionRecord]) -> str:
    """Return a source in which the artifacts it uses are named by the versions that were used then.

    A name of which several versions were used stays as it is written. Where the version was
    deleted, ``latest`` takes its place: what a step before has made again.
    """
    labels: dict[str, set[str]] = {}
    for used in inputs:
        labels.setdefault(used.name, set()).add(used.label if used.live else f"{used.name}:{LATEST}")

    def pin(ref: str) -> str:
        above, slash, last = ref.rpartition("/")
        known = labels.get(last.partition(":")[0], set())
        return f"{above}{slash}{next(iter(known))}" if len(known) == 1 else ref

    def in_call(found: re.Match[str]) -> str:
        return f"{found['call']}{found['quote']}{pin(found['ref'])}{found['quote']}"

    def in_line(found: re.Match[str]) -> str:
        return found["call"] + _WORD.sub(lambda word: pin(word.group()), found["refs"])

    return _USES.sub(in_line, _CALL.sub(in_call, source))


def _step(store: Store, run: RunRecord, made: tuple[VersionRecord, ...]) -> Step:
    inputs = store.catalog.edges.inputs(run.id)
    sources = tuple(pinned(source, inputs) for source in cells_of(store, run))
    return Step(run, sources, made, tuple(used for used in inputs if not used.live))
