"""The examples grid: the hardest pictures of a dataset, or any pictures."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, ClassVar, cast

from jupyter_artifacts.errors import InvalidValueError
from jupyter_artifacts.panels import contact, twin, words
from jupyter_artifacts.panels.base import Panel
from jupyter_artifacts.panels.gallery import COLUMNS
from jupyter_artifacts.panels.html import tag
from jupyter_artifacts.panels.protocol import (
    MAX_SNAPSHOT_BYTES,
    TILES_PER_PAGE,
    ExampleDetail,
    ExamplesSnapshot,
    ExamplesView,
    TilesPage,
)
from jupyter_artifacts.panels.rpc import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jupyter_artifacts.panels.gallery import Gallery
    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.panels.protocol import (
        ExampleItem,
        ExampleParams,
        ItemsPage,
        ItemsParams,
        PanelKind,
        TilesParams,
    )

FIRST_ITEMS = 100
_TWIN_ITEMS = 16
_ROOM = MAX_SNAPSHOT_BYTES - 2048
_TEXT_ITEMS = 12


class Examples(Panel):
    """A grid of pictures.

    Parameters
    ----------
    gallery : Gallery
    title : str
        Says what they are; also tells grids of one cell apart.
    sort : str
        ``"loss"`` where there are losses, else ``"index"``.
    """

    _kind: ClassVar[PanelKind] = "examples"

    def __init__(self, gallery: Gallery, title: str = "Examples") -> None:
        self._gallery = gallery
        self._title = title
        scored = any(item["loss"] is not None for item in gallery.items)
        view = ExamplesView(
            sort="loss" if scored else "index",
            descending=scored,
            wrong_only=False,
            label=-1,
            predicted=-1,
            selected=[],
        )
        super().__init__(title, examples_snapshot(gallery, view, title), view)

    @property
    def indices(self) -> dict[int, int]:
        """By place in the dataset: the number of the picture in this grid."""
        return {item["index"]: item["tile"] for item in self._gallery.items}

    @property
    def selected(self) -> list[int]:
        """Places in the dataset of the selected pictures, in the order of selection; settable."""
        return [self._gallery.item(tile)["index"] for tile in cast("list[int]", self.view["selected"])]

    @selected.setter
    def selected(self, indices: Iterable[int]) -> None:
        tiles = self.indices
        wanted = [int(index) for index in indices]
        if missing := [index for index in wanted if index not in tiles]:
            raise InvalidValueError(f"{missing[0]} is not among the {len(tiles)} pictures of this grid")
        self._set_view(selected=[tiles[index] for index in wanted])

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Answer with items in an order, with pages of small pictures, and with one picture in full."""
        return {"items.page": self._items, "tiles.page": self._tiles, "example.get": self._example}

    def _items(self, params: dict[str, object]) -> Reply:
        return Reply(self._gallery.page(cast("ItemsParams", params)))

    def _tiles(self, params: dict[str, object]) -> Reply:
        asked = cast("TilesParams", params)
        png, count = self._gallery.sheet(asked["page"])
        text, buffers = _packed(png, asked["buffers"])
        return Reply(TilesPage(page=asked["page"], count=count, columns=COLUMNS, png=text), buffers)

    def _example(self, params: dict[str, object]) -> Reply:
        asked = cast("ExampleParams", params)
        item = self._gallery.item(asked["tile"])
        png, (width, height) = self._gallery.full(item["tile"])
        text, buffers = _packed(png, asked["buffers"])
        detail = ExampleDetail(
            item=item,
            width=width,
            height=height,
            png=text,
            probabilities=self._gallery.probabilities(item["tile"]),
        )
        return Reply(detail, buffers)

    def twin(self) -> twin.Twin:
        """Return the first 40 pictures of the present view on one sheet, and their captions as a table."""
        view = cast("ExamplesView", self.view)
        snapshot = examples_snapshot(self._gallery, view, self._title)
        items = self._gallery.page(_first(view, contact.FIRST))["items"]
        sheet = contact.contact(self._gallery.tiles, items) if items else None
        payload = self._payload({**snapshot, "page": _cut(snapshot["page"], _TWIN_ITEMS), "tiles": ""})
        html = examples_html(self.panel_id, snapshot, items, sheet)
        return twin.Twin(html, examples_text(snapshot, items), payload, sheet.png if sheet else None)


def _packed(png: bytes, buffers: bool) -> tuple[str, tuple[bytes, ...]]:
    """Return a picture as a buffer, or as base64 where buffers do not arrive (Colab)."""
    return ("", (png,)) if buffers else (base64.b64encode(png).decode(), ())


def _first(view: ExamplesView, limit: int) -> ItemsParams:
    return {
        "sort": view["sort"],
        "descending": view["descending"],
        "wrong_only": view["wrong_only"],
        "label": view["label"],
        "predicted": view["predicted"],
        "offset": 0,
        "limit": limit,
    }


def _cut(page: ItemsPage, count: int) -> ItemsPage:
    return {**page, "items": page["items"][:count]}


def examples_snapshot(gallery: Gallery, view: ExamplesView, title: str) -> ExamplesSnapshot:
    """Return the first items, with the first page of tiles where it fits."""
    snapshot = ExamplesSnapshot(
        title=title[:200],
        page=gallery.page(_first(view, FIRST_ITEMS)),
        scored=gallery.scored or len(gallery.items),
        wrong=gallery.wrong,
        class_names=gallery.class_names,
        confusion=gallery.confusion,
        tile_width=int(gallery.tiles.shape[2]),
        tile_height=int(gallery.tiles.shape[1]),
        columns=COLUMNS,
        tiles="",
    )
    if len(gallery.tiles) <= TILES_PER_PAGE:
        tiles = base64.b64encode(gallery.sheet(0)[0]).decode()
        if len(json.dumps(snapshot)) + len(tiles) <= _ROOM:
            snapshot["tiles"] = tiles
    while len(json.dumps(snapshot)) > _ROOM:
        snapshot["page"] = _cut(snapshot["page"], len(snapshot["page"]["items"]) // 2)
        if not snapshot["page"]["items"]:
            snapshot["confusion"] = []
    return snapshot


def examples_html(
    panel_id: str, snapshot: ExamplesSnapshot, items: Sequence[ExampleItem], sheet: contact.Contact | None
) -> Html:
    """Return the grid's twin."""
    head = twin.title(twin.shown(snapshot["title"], 80), _figures(snapshot))
    if sheet is None:
        return twin.frame("examples", panel_id, head, tag("div", "No picture passes the filters."))
    source = "data:image/png;base64," + base64.b64encode(sheet.png).decode()
    alt = (
        f"The first {words.count(sheet.pictures, 'picture')}: "
        + "; ".join(_caption(item, 30) for item in items[:3])
        + " …"
    )
    picture: Child = twin.picture(source, alt, sheet.width)
    scored = any(item["loss"] is not None for item in items)
    named = _names(snapshot["class_names"])
    rows = [
        (
            str(item["index"]),
            tag("bdi", named(item["label"])),
            tag("bdi", named(item["predicted"])),
            "" if item["loss"] is None else words.number(item["loss"]),
            "" if item["confidence"] is None else f"{item['confidence']:.2f}",
        )
        if scored
        else (str(item["index"]), tag("bdi", _caption(item, 80)))
        for item in items[: sheet.pictures]
    ]
    heads = ("Index", "True", "Predicted", "Loss", "Confidence") if scored else ("Index", "Caption")
    table = twin.table(heads, rows, right=frozenset({0, 3, 4}) if scored else frozenset({0}))
    total = snapshot["page"]["total"]
    foot = f"first {sheet.pictures} of {words.count(total, 'picture')}" if total > sheet.pictures else ""
    listed = twin.folded(f"{words.count(len(rows), 'picture').capitalize()} as a table", table)
    return twin.frame("examples", panel_id, head, picture, listed, _confusions(snapshot), foot=foot)


def _confusions(snapshot: ExamplesSnapshot) -> Html | None:
    """Return the most frequent mistakes: what a reader takes from a confusion matrix."""
    named = _names(snapshot["class_names"])
    pairs = [
        (count, true, predicted)
        for true, row in enumerate(snapshot["confusion"])
        for predicted, count in enumerate(row)
        if count and true != predicted
    ]
    if not pairs:
        return None
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    rows = [(tag("bdi", named(true)), tag("bdi", named(guess)), f"{count:,}") for count, true, guess in pairs[:10]]
    return twin.folded(
        "Most frequent mistakes", twin.table(("True", "Predicted", "How often"), rows, right=frozenset({2}))
    )


def _names(class_names: Sequence[str]) -> Callable[[int], str]:
    def name(number: int) -> str:
        if number < 0:
            return ""
        return twin.shown(class_names[number], 40) if number < len(class_names) else str(number)

    return name


def _figures(snapshot: ExamplesSnapshot) -> str:
    wrong = f", {snapshot['wrong']:,} wrong" if snapshot["wrong"] else ""
    return f"{snapshot['page']['total']:,} of {words.count(snapshot['scored'], 'picture')}{wrong}"


def _caption(item: ExampleItem, limit: int) -> str:
    return twin.shown(item["caption"], limit) or f"#{item['index']}"


def examples_text(snapshot: ExamplesSnapshot, items: Sequence[ExampleItem]) -> str:
    """Return the first captions."""
    lines = [f"{twin.shown(snapshot['title'], 80)}  {_figures(snapshot)}"]
    lines += [f"  {item['index']}: {_caption(item, 80)}" for item in items[:_TEXT_ITEMS]]
    more = snapshot["page"]["total"] - len(lines) + 1
    return "\n".join([*lines, f"  and {more:,} more"] if more > 0 else lines)
