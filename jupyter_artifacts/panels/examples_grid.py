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
    MAX_TILES,
    ExampleDetail,
    ExamplesSnapshot,
    ExamplesView,
    TilesPage,
)
from jupyter_artifacts.panels.rpc import Reply
from jupyter_artifacts.words import say

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
        Verdict,
    )

FIRST_ITEMS = 100
FIRST_SEEN = 48
MAX_COLUMNS = 100
_STORED = (contact.FIRST, 24, 12)  # so many pictures are stored, as many as fit into:
_STORED_TILES = 28_000
_ROOM = MAX_SNAPSHOT_BYTES - 2048
_TEXT_ITEMS = 12
_TWO = 2


class Examples(Panel):
    """A grid of pictures.

    Parameters
    ----------
    gallery : Gallery
    title : str
        Says what they are; also tells grids of one cell apart.
    cols : int, default 0
        Pictures in a row; 0 means as many as fit.
    """

    _kind: ClassVar[PanelKind] = "examples"

    def __init__(self, gallery: Gallery, title: str = "Examples", *, cols: int = 0) -> None:
        self._gallery = gallery
        self._title = title
        scored = any(item["loss"] is not None for item in gallery.items)
        view = ExamplesView(
            sort="loss" if scored else "index",
            descending=scored,
            wrong_only=False,
            label=-1,
            predicted=-1,
            versus="any",
            cols=_columns(cols),
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

    @property
    def cols(self) -> int:
        """Pictures in a row, 0 for as many as fit; settable."""
        return cast("int", self.view["cols"])

    @cols.setter
    def cols(self, value: int) -> None:
        self._set_view(cols=_columns(value))

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Answer with items in an order, with pages of small pictures, and with one picture in full."""
        return {"items.page": self._items, "tiles.page": self._tiles, "example.get": self._example}

    def _items(self, params: dict[str, object]) -> Reply:
        return Reply(self._gallery.page(cast("ItemsParams", params)))

    def _tiles(self, params: dict[str, object]) -> Reply:
        asked = cast("TilesParams", params)
        if not 1 <= len(asked["tiles"]) <= MAX_TILES:
            raise InvalidValueError(f"ask for 1 to {MAX_TILES} tiles at a time, not {len(asked['tiles'])}")
        text, buffers = _packed(self._gallery.sheet(asked["tiles"]), asked["buffers"])
        return Reply(TilesPage(columns=COLUMNS, png=text), buffers)

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
            other=self._gallery.other(item["tile"]),
        )
        return Reply(detail, buffers)

    def twin(self) -> twin.Twin:
        """Return the first 40 pictures of the present view on one sheet, and their captions as a table."""
        view = cast("ExamplesView", self.view)
        snapshot = examples_snapshot(self._gallery, view, self._title)
        items = self._gallery.page(_first(view, contact.FIRST))["items"]
        sheet = contact.contact(self._gallery.tiles, items, columns=view["cols"]) if items else None
        stored = stored_snapshot(self._gallery, snapshot)
        payload = {} if stored is None else self._payload(stored)
        html = examples_html(self.panel_id, snapshot, items, sheet)
        return twin.Twin(html, examples_text(snapshot, items), payload, sheet.png if sheet else None)


def _is_judged(item: ExampleItem) -> bool:
    return item["loss"] is not None or min(item["label"], item["predicted"]) >= 0


def _packed(png: bytes, buffers: bool) -> tuple[str, tuple[bytes, ...]]:
    """Return a picture as a buffer, or as base64 where buffers do not arrive (Colab)."""
    return ("", (png,)) if buffers else (base64.b64encode(png).decode(), ())


def _columns(value: int) -> int:
    if type(value) is not int or not 0 <= value <= MAX_COLUMNS:
        raise InvalidValueError(f"cols must be a number from 0 (as many as fit) to {MAX_COLUMNS}, not {value!r}")
    return value


def _first(view: ExamplesView, limit: int) -> ItemsParams:
    return {
        "sort": view["sort"],
        "descending": view["descending"],
        "wrong_only": view["wrong_only"],
        "label": view["label"],
        "predicted": view["predicted"],
        "versus": view["versus"],
        "offset": 0,
        "limit": limit,
    }


def _cut(page: ItemsPage, count: int) -> ItemsPage:
    return {**page, "items": page["items"][:count]}


def stored_snapshot(gallery: Gallery, snapshot: ExamplesSnapshot) -> ExamplesSnapshot | None:
    """Return what a grid can be drawn from with nobody to ask: items with their pictures, and no more of either.

    None where so few pictures fit that the twin shows more.
    """
    items = snapshot["page"]["items"]
    for count in _STORED:
        some = items[:count]
        tiles = base64.b64encode(gallery.sheet([item["tile"] for item in some])).decode() if some else ""
        if len(tiles) <= _STORED_TILES:
            page: ItemsPage = {**snapshot["page"], "items": some, "total": len(some)}
            return {**snapshot, "page": page, "tiles": tiles, "shown": len(some)}
    return None


def examples_snapshot(gallery: Gallery, view: ExamplesView, title: str) -> ExamplesSnapshot:
    """Return the first items, with the first page of tiles where it fits."""
    snapshot = ExamplesSnapshot(
        title=title[:200],
        page=gallery.page(_first(view, FIRST_ITEMS)),
        scored=gallery.scored or sum(_is_judged(item) for item in gallery.items),
        wrong=gallery.wrong,
        class_names=gallery.class_names,
        confusion=gallery.confusion,
        tile_width=int(gallery.tiles.shape[2]),
        tile_height=int(gallery.tiles.shape[1]),
        columns=COLUMNS,
        tiles="",
        shown=0,
        versions=list(gallery.versions),
    )
    first = [item["tile"] for item in snapshot["page"]["items"]]
    # What is seen at once goes along where it fits; what comes after is asked for.
    for shown in dict.fromkeys((len(first), min(len(first), FIRST_SEEN))):
        tiles = base64.b64encode(gallery.sheet(first[:shown])).decode() if shown else ""
        if tiles and len(json.dumps(snapshot)) + len(tiles) <= _ROOM:
            snapshot["tiles"], snapshot["shown"] = tiles, shown
            break
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
        return twin.frame("examples", panel_id, head, tag("div", say("No picture passes the filters.")))
    source = f"data:image/png;base64,{base64.b64encode(sheet.png).decode()}"
    captions = "; ".join(_caption(item, 30) for item in items[:3])
    alt = f"{say('The first {pictures}', pictures=words.count(sheet.pictures, 'picture'))}: {captions} …"
    picture: Child = twin.picture(source, alt, sheet.width)
    table = _table(snapshot, items[: sheet.pictures])
    total = words.count(snapshot["page"]["total"], "picture")
    foot = (
        say("first {n} of {pictures}", n=sheet.pictures, pictures=total)
        if snapshot["page"]["total"] > sheet.pictures
        else ""
    )
    listed = twin.folded(say("{pictures} as a table", pictures=words.count(sheet.pictures, "picture")), table)
    return twin.frame("examples", panel_id, head, picture, listed, _confusions(snapshot), foot=foot)


def _table(snapshot: ExamplesSnapshot, items: Sequence[ExampleItem]) -> Html:
    """Return what stands under the pictures; two versions of a model have columns side by side."""
    if all(item["loss"] is None for item in items):
        rows: list[tuple[Child, ...]] = [(str(item["index"]), tag("bdi", _caption(item, 80))) for item in items]
        return twin.table((say("Index"), say("Caption")), rows, right=frozenset({0}))
    named = _names(snapshot["class_names"])
    heads = [say("Index"), say("True"), say("Predicted"), say("Loss"), say("Confidence")]
    if len(snapshot["versions"]) == _TWO:
        this, other = (twin.shown(name, 30) for name in snapshot["versions"])
        heads[2:] = [f"{head} ({name})" for name in (this, other) for head in heads[2:]]
    made = []
    for item in items:
        cells: list[Child] = [str(item["index"]), tag("bdi", named(item["label"])), *_verdict(item, named)]
        if len(snapshot["versions"]) == _TWO:
            cells += _verdict(item["other"], named) if item["other"] else ["", "", ""]
        made.append(tuple(cells))
    return twin.table(heads, made, right=frozenset({0, 3, 4, 6, 7}))


def _verdict(item: ExampleItem | Verdict, named: Callable[[int], str]) -> list[Child]:
    """Return a model's class, loss and confidence."""
    return [
        tag("bdi", named(item["predicted"])),
        "" if item["loss"] is None else words.number(item["loss"]),
        "" if item["confidence"] is None else f"{item['confidence']:.2f}",
    ]


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
        say("Most frequent mistakes"),
        twin.table((say("True"), say("Predicted"), say("How often")), rows, right=frozenset({2})),
    )


def _names(class_names: Sequence[str]) -> Callable[[int], str]:
    def name(number: int) -> str:
        if number < 0:
            return ""
        return twin.shown(class_names[number], 40) if number < len(class_names) else str(number)

    return name


def _figures(snapshot: ExamplesSnapshot) -> str:
    shown, pictures = snapshot["page"]["total"], words.count(snapshot["scored"] or snapshot["page"]["total"], "picture")
    if snapshot["wrong"]:
        return say("{n} of {pictures}, {wrong} wrong", n=shown, pictures=pictures, wrong=snapshot["wrong"])
    return say("{n} of {pictures}", n=shown, pictures=pictures)


def _caption(item: ExampleItem, limit: int) -> str:
    return twin.shown(item["caption"], limit) or f"#{item['index']}"


def examples_text(snapshot: ExamplesSnapshot, items: Sequence[ExampleItem]) -> str:
    """Return the first captions."""
    lines = [f"{twin.shown(snapshot['title'], 80)}  {_figures(snapshot)}"]
    lines += [f"  {item['index']}: {_caption(item, 80)}" for item in items[:_TEXT_ITEMS]]
    more = snapshot["page"]["total"] - len(lines) + 1
    return "\n".join([*lines, f"  {say('and {n} more', n=more)}"] if more > 0 else lines)
