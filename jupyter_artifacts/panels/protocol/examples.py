"""The grid of examples."""

from __future__ import annotations

from typing import Literal, TypedDict


class ExampleItem(TypedDict):
    """One picture. `tile` is its place among the pictures, `index` its place in the dataset.

    `label` and `predicted` are -1 when there is none. The scores are null for pictures that
    were not scored, and where a score is not a number.
    """

    tile: int
    index: int
    label: int
    predicted: int
    loss: float | None
    confidence: float | None
    margin: float | None
    entropy: float | None
    caption: str


class ItemsPage(TypedDict):
    """Examples from `offset` on in the asked order."""

    items: list[ExampleItem]
    offset: int
    total: int


class ExamplesSnapshot(TypedDict):
    """The first examples and their pictures' geometry.

    `tiles` is page 0 of ``tiles.page`` as base64 PNG, or empty where it is too large for a
    snapshot: then ask. `confusion` is empty where there are no classes.
    """

    title: str
    page: ItemsPage
    scored: int
    wrong: int
    class_names: list[str]
    confusion: list[list[int]]
    tile_width: int
    tile_height: int
    columns: int
    tiles: str


class ExamplesView(TypedDict):
    """Order, filters and selection; -1 for a filter means any. `selected` holds tile numbers."""

    sort: Literal["loss", "confidence", "margin", "entropy", "index"]
    descending: bool
    wrong_only: bool
    label: int
    predicted: int
    selected: list[int]


class ItemsParams(TypedDict):
    """Ask for examples in an order, filtered."""

    sort: Literal["loss", "confidence", "margin", "entropy", "index"]
    descending: bool
    wrong_only: bool
    label: int
    predicted: int
    offset: int
    limit: int


class TilesParams(TypedDict):
    """Ask for a page of small pictures; `buffers` false asks for base64 (Colab)."""

    page: int
    buffers: bool


class TilesPage(TypedDict):
    """A PNG of tiles in rows of `columns`; in the buffer, or in `png` as base64."""

    page: int
    count: int
    columns: int
    png: str


class ExampleParams(TypedDict):
    """Ask for one example in full."""

    tile: int
    buffers: bool


class ExampleDetail(TypedDict):
    """A full picture (buffer or base64) and the model's probabilities."""

    item: ExampleItem
    width: int
    height: int
    png: str
    probabilities: list[float]
