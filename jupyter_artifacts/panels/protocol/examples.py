"""The grid of examples."""

from __future__ import annotations

from typing import Literal, TypedDict

ExamplesSort = Literal["loss", "confidence", "margin", "entropy", "change", "index"]
Versus = Literal["any", "fixed", "broken", "differs"]


class Verdict(TypedDict):
    """What another version of the model says of a picture."""

    predicted: int
    loss: float | None
    confidence: float | None


class ExampleItem(TypedDict):
    """One picture. `tile` is its place among the pictures, `index` its place in the dataset.

    `label` and `predicted` are -1 when there is none. The scores are null for pictures that
    were not scored, and where a score is not a number. `other` is another version's verdict,
    null where there is none; `change` is by how much its loss is higher.
    """

    tile: int
    index: int
    label: int
    predicted: int
    loss: float | None
    confidence: float | None
    margin: float | None
    entropy: float | None
    change: float | None
    other: Verdict | None
    caption: str


class ItemsPage(TypedDict):
    """Examples from `offset` on in the asked order."""

    items: list[ExampleItem]
    offset: int
    total: int


class ExamplesSnapshot(TypedDict):
    """The first examples and their pictures' geometry.

    `tiles` is a sheet of the first `shown` items as base64, empty where it is too large for a
    snapshot: then ask. `confusion` is empty where there are no classes, `versions` where no
    two models are compared.
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
    shown: int
    versions: list[str]


class ExamplesView(TypedDict):
    """Order, filters and selection; -1 for a filter means any. `selected` holds tile numbers.

    `versus` keeps what the other version has right and this one wrong ("fixed"), the reverse
    ("broken"), or what they differ in. `cols` 0 means as many as fit.
    """

    sort: ExamplesSort
    descending: bool
    wrong_only: bool
    label: int
    predicted: int
    versus: Versus
    cols: int
    selected: list[int]


class ItemsParams(TypedDict):
    """Ask for examples in an order, filtered."""

    sort: ExamplesSort
    descending: bool
    wrong_only: bool
    label: int
    predicted: int
    versus: Versus
    offset: int
    limit: int


class TilesParams(TypedDict):
    """Ask for small pictures, at most MAX_TILES; `buffers` false asks for base64 (Colab)."""

    tiles: list[int]
    buffers: bool


class TilesPage(TypedDict):
    """The tiles in the order asked, in rows of `columns`: PNG or JPEG in the buffer, or in `png` as base64."""

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
    other: list[float]
