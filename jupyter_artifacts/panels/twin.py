"""The parts that static twins are made of: frame, table, chips, folded facts.

Inline styles only, from the properties and colours that JupyterLab's sanitiser
keeps. Text takes the page's colour; borders and tints are half transparent, so
that the same bytes read on white and on dark. Without any style it is still a
heading, tables and lists.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_artifacts.panels import words
from jupyter_artifacts.panels.html import NOTHING, join, tag
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_artifacts.model.jsonable import JsonValue
    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.panels.protocol import PanelKind

PANEL_MIME = "application/vnd.jupyter-artifacts.panel.v1+json"
MAX_PNG = 40_000
MAX_PAYLOAD = 64 * 1024
LONG = 200

_FRAME = "border:1px solid #8886;border-radius:8px;padding:10px 12px;margin:2px 0;overflow:auto"
_HEAD = "margin:0 0 6px 0;font-size:14px"
_MUTED = "opacity:0.75"
_CHIP = "border:1px solid #8888;border-radius:9px;padding:0 7px;margin:0 4px 0 0;font-size:12px;white-space:nowrap"
_TABLE = "border-collapse:collapse;margin:4px 0;font-size:13px"
_LEFT = "text-align:left"
_RIGHT = "text-align:right;white-space:nowrap"
_DATE = "white-space:nowrap"
_CODE = "font-size:12px"
_FOOT = "margin:6px 0 0 0;font-size:12px;opacity:0.75"


@dataclass(frozen=True, slots=True)
class Twin:
    """A panel as it stays in the notebook.

    Attributes
    ----------
    html : Html
        Its root element carries ``data-ja-static``.
    text : str
        The same facts in a few lines.
    payload : dict
        What the panel could be drawn from again.
    png : bytes or None
        A picture for places that show no HTML, at most 40 kB.
    """

    html: Html
    text: str
    payload: dict[str, object] = field(default_factory=dict)
    png: bytes | None = None


def frame(kind: PanelKind, panel_id: str, head: Child, *body: Child, foot: str = "") -> Html:
    """Return a twin's root: a heading, the body, and a line below it. Its marks tell what it is and whose."""
    return tag(
        "div",
        tag("div", head, style=_HEAD),
        body,
        tag("p", foot, style=_FOOT) if foot else None,
        data_ja_kind=kind,
        data_ja_static=panel_id,
        style=_FRAME,
    )


def title(name: str, after: str = "") -> Html:
    """Return a heading's words: what it is, and muted what there is of it."""
    return join(tag("strong", tag("bdi", shown(name))), tag("span", f" {after}", style=_MUTED) if after else None)


def chip(text: str) -> Html:
    """Return an alias, a type or a state as a rounded label."""
    return tag("span", tag("bdi", shown(text, 40)), style=_CHIP)


def chips(texts: Iterable[str]) -> Html:
    """Return several labels, parted by spaces for readers without styles."""
    return join(*(join(" " if i else None, chip(text)) for i, text in enumerate(texts)))


def muted(*children: Child) -> Html:
    """Return text that stands back."""
    return tag("span", *children, style=_MUTED)


def date(seconds: float) -> Html:
    """Return a time that stays on one line; the column's head says that it is UTC."""
    return tag("span", words.moment(seconds).removesuffix(" UTC"), style=_DATE)


def code(text: str) -> Html:
    """Return a line to copy."""
    return tag("code", words.visible(text), style=_CODE)


def shown(text: str, limit: int = LONG) -> str:
    """Return a text from the store as it may stand in a twin: visible, and not endless."""
    return words.visible(text, limit)


def table(
    head: Sequence[str], rows: Iterable[Sequence[Child]], *, right: frozenset[int] = frozenset(), caption: str = ""
) -> Html:
    """Return a real table; columns of `right` hold numbers."""

    def style(i: int) -> str:
        return _RIGHT if i in right else _LEFT

    return tag(
        "table",
        tag("caption", caption, style=_LEFT) if caption else None,
        tag("thead", tag("tr", *(tag("th", name, scope="col", style=style(i)) for i, name in enumerate(head)))),
        tag("tbody", *(tag("tr", *(tag("td", cell, style=style(i)) for i, cell in enumerate(row))) for row in rows)),
        style=_TABLE,
    )


def facts(pairs: Iterable[tuple[str, Child]]) -> Html:
    """Return names and values as a table of two columns without a head."""
    rows = [
        tag("tr", tag("th", name, scope="row", style=_LEFT), tag("td", value, style=_LEFT))
        for name, value in pairs
        if value
    ]
    return tag("table", tag("tbody", *rows), style=_TABLE) if rows else NOTHING


def folded(summary: str, *body: Child, is_open: bool = False) -> Html:
    """Return a part that opens without any script."""
    return tag("details", tag("summary", summary), *body, open="" if is_open else None)


def picture(source: str, alt: str, width: int) -> Html:
    """Return a picture with a text for those who do not see it; narrow pages shrink it to two thirds, then scroll."""
    style = f"max-width:100%;min-width:{min(width * 2 // 3, 900)}px;height:auto"
    return tag("img", src=source, alt=alt, width=width, style=style)


def value_text(value: JsonValue, limit: int = 120) -> str:
    """Return a metadata value as short text."""
    if isinstance(value, str):
        return shown(value, limit)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return words.shortest(value)
    if isinstance(value, int):
        return str(value)
    return shown(json.dumps(_shortened(value), ensure_ascii=False, separators=(", ", ": ")), limit)


def _shortened(value: JsonValue) -> JsonValue:
    if isinstance(value, float):
        return float(words.shortest(value))
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return {key: _shortened(item) for key, item in value.items()} if isinstance(value, dict) else value


def metadata_table(metadata: Mapping[str, JsonValue], limit: int, text: int = 120) -> Html:
    """Return the first `limit` entries, values cut at `text` characters, and how many there are more."""
    pairs: list[tuple[str, Child]] = [
        (shown(key, 60), tag("bdi", value_text(value, text))) for key, value in list(metadata.items())[:limit]
    ]
    more = len(metadata) - len(pairs)
    return join(facts(pairs), muted(say("and {n} more", n=more)) if more > 0 else None)


def metadata_line(metadata: Mapping[str, JsonValue], limit: int = 6) -> str:
    """Return ``"lr=0.1, epochs=5"`` for plain text."""
    parts = [f"{shown(key, 40)}={value_text(value, 40)}" for key, value in list(metadata.items())[:limit]]
    return ", ".join(parts) + (", …" if len(metadata) > limit else "")


def stale_mark(reason: str, *, in_full: bool = False) -> Html | None:
    """Return the words that mark a version as out of date, with the reason where there is room."""
    if not reason:
        return None
    return tag("div", "◷ ", say("stale: {why}", why=shown(reason))) if in_full else tag("span", f" ◷ {say('stale')}")
