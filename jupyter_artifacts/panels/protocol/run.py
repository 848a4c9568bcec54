"""Runs: facts, series of numbers, media over steps."""
# ruff: noqa: TC001  rpc reads the annotations

from __future__ import annotations

from typing import Literal, TypedDict

from jupyter_artifacts.model.jsonable import JsonObject
from jupyter_artifacts.panels.protocol.base import ArtifactLink

Axis = Literal["step", "time"]

MAX_RUNS = 8
MAX_BUCKETS = 400


class SeriesKey(TypedDict):
    """A logged number: its key and how often it was logged."""

    key: str
    points: int


class MediaKey(TypedDict):
    """Logged pictures: their key, the steps they were logged at, and their captions' kind."""

    key: str
    steps: list[int]


class RunFacts(TypedDict):
    """A run. Times are seconds since 1970; `ended` is null while it runs."""

    id: str
    name: str
    project: str
    job_type: str
    group: str
    state: str
    error: str
    tags: list[str]
    notes: str
    started: float
    ended: float | None
    config: JsonObject
    config_cut: bool
    summary: JsonObject
    summary_cut: bool
    inputs: list[ArtifactLink]
    outputs: list[ArtifactLink]
    source: str
    rows: int
    keys: list[SeriesKey]
    media: list[MediaKey]


class Series(TypedDict):
    """A key's numbers in buckets: where each begins, and its last, lowest and highest number.

    A bucket holds one number while there are at most `MAX_BUCKETS`; `time` is seconds
    since the run began. NaN and infinities are counted in `points` and not drawn.
    """

    run: str
    key: str
    points: int
    step: list[float]
    time: list[float]
    last: list[float]
    low: list[float]
    high: list[float]


class RunSnapshot(TypedDict):
    """The runs that are shown, first the one that was asked for, and their first series."""

    runs: list[RunFacts]
    series: list[Series]


class RunView(TypedDict):
    """`hidden` are ids of runs that are not drawn; `smooth` is from 0 to 0.99."""

    axis: Axis
    log: bool
    smooth: float
    tab: str
    search: str
    hidden: list[str]


class RunParams(TypedDict):
    """Asks for a run anew, by its node id."""

    id: str


class SeriesParams(TypedDict):
    """Asks for the series of a run, by its node id; all keys where `keys` is empty."""

    id: str
    keys: list[str]


class SeriesPage(TypedDict):
    """Series of one run."""

    series: list[Series]


class MediaParams(TypedDict):
    """Asks for the pictures that a run logged under a key at a step; as text where `buffers` is false."""

    id: str
    key: str
    step: int
    buffers: bool


class MediaPage(TypedDict):
    """Pictures as one PNG (in the buffer, or `png` as base64), `columns` a row, each `width` by `height`."""

    step: int
    count: int
    columns: int
    width: int
    height: int
    captions: list[str]
    png: str


class Grown(TypedDict):
    """To the page, unasked, while a run logs: the series that have grown, whole."""

    v: int
    kind: Literal["grown"]
    run: str
    rows: int
    series: list[Series]
