"""The diff panel's static twin and its text."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from jupyter_artifacts.panels import twin, words
from jupyter_artifacts.panels.diffs.counts import counted
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.panels.protocol import (
        DiffCount,
        DiffFile,
        DiffKey,
        DiffSnapshot,
        DiffTensor,
        FileDiff,
        Mark,
        VersionRow,
    )

_FILES, _KEYS, _LINES, _ROWS, _COLUMNS, _TENSORS, _TEXT_FILES = 30, 40, 60, 20, 8, 30, 50
_SIGNS: dict[Mark, str] = {"added": "+", "removed": "\N{MINUS SIGN}", "changed": "~", "same": "="}
_ARROW = " → "


def diff_html(panel_id: str, snapshot: DiffSnapshot) -> Html:
    """Return a difference's twin."""
    before, after = snapshot["before"], snapshot["after"]
    head = twin.title(f"{before['label']}{_ARROW}{after['label']}", summary(snapshot["counts"]))
    body: list[Child] = [_sides(before, after, snapshot["digests"])]
    if snapshot["problem"]:
        body.append(tag("p", say("Problem"), ": ", twin.shown(snapshot["problem"], 400)))
    if snapshot["keys"]:
        body.append(_keys(snapshot["keys"], snapshot["keys_total"], before, after))
    if snapshot["files"]["files"]:
        body.append(_files(snapshot["files"]["files"], snapshot["files"]["total"]))
    if snapshot["opened"] is not None:
        body.append(_opened(snapshot["opened"]))
    if len(body) == 1:
        body.append(tag("div", say("No difference in files, metadata, config or metrics.")))
    return twin.frame("diff", panel_id, head, body)


def summary(counts: Sequence[DiffCount]) -> str:
    """Return ``"1 file added, 2 changed, 9 the same"``."""
    found = counted({count["mark"]: count["files"] for count in counts})
    return say("files: {counts}", counts=found) if found else ""


def _sides(before: VersionRow, after: VersionRow, digests: Sequence[str]) -> Html:
    rows = [
        (
            tag("bdi", twin.shown(row["label"], 80)),
            ", ".join(twin.shown(alias, 30) for alias in row["aliases"][:6]),
            tag("bdi", twin.shown(row["run"]["name"], 40)) if row["run"] else "",
            f"{row['files']:,}",
            words.size(row["size"]),
            twin.date(row["created"]),
            twin.code(digest[:15]),
        )
        for row, digest in zip((before, after), digests, strict=True)
    ]
    names = (say("Version"), say("Aliases"), say("Made by"), say("Files"), say("Size"), say("Created (UTC)"))
    return twin.table((*names, say("Digest")), rows, right=frozenset({3, 4}))


def _keys(keys: Sequence[DiffKey], total: int, before: VersionRow, after: VersionRow) -> Html:
    where = {"metadata": say("Metadata"), "config": say("Config of the run"), "metrics": say("Metrics of the run")}
    parts: list[Child] = []
    for name, title in where.items():
        rows = [
            (
                tag("bdi", twin.shown(key["key"], 60)),
                _side(key["before"]),
                _side(key["after"]),
                "" if key["delta"] is None else f"{key['delta']:+.4g}",
            )
            for key in keys[:_KEYS]
            if key["where"] == name
        ]
        if rows:
            sides = (twin.shown(before["label"], 40), twin.shown(after["label"], 40))
            parts.append(twin.table((title, *sides, "±"), rows, right=frozenset({3})))
    return join(parts, _more(total - min(len(keys), _KEYS)))


def _side(text: str | None) -> Child:
    return twin.muted("–") if text is None else tag("bdi", twin.shown(text, 80))  # noqa: RUF001  a dash for nothing


def _files(files: Sequence[DiffFile], total: int) -> Html:
    rows = [(_SIGNS[file["mark"]], tag("bdi", twin.shown(file["path"], 100)), _sizes(file)) for file in files[:_FILES]]
    table = twin.table(("", say("File"), say("Size")), rows, right=frozenset({2}))
    return join(table, _more(total - len(rows)))


def _sizes(file: DiffFile) -> str:
    sizes = {"added": [file["after"]], "removed": [file["before"]]}.get(file["mark"], [file["before"], file["after"]])
    return _ARROW.join(dict.fromkeys(words.size(size) for size in sizes))


def _more(number: int) -> Html | None:
    return twin.muted(say("and {n} more", n=number)) if number > 0 else None


def _opened(found: FileDiff) -> Html:
    head = tag("div", tag("strong", tag("bdi", twin.shown(found["path"], 100))), " ", twin.muted(_note(found)))
    inside = {"text": _lines, "table": _rows, "tensors": _tensors, "image": _pictures}.get(found["kind"])
    return join(head, inside(found) if inside else None)


def _note(found: FileDiff) -> str:
    return twin.shown(found["note"], 300)


def _lines(found: FileDiff) -> Html:
    lines = [
        f"{' ' if line['mark'] == 'same' else _SIGNS[line['mark']]} {twin.shown(line['text'], 160)}"
        if line["before"] or line["after"]
        else "… " + say("{n} lines are the same", n=line["text"])
        for line in found["lines"][:_LINES]
    ]
    more = _more(len(found["lines"]) - len(lines))
    return join(tag("pre", "\n".join(lines)), more)


def _rows(found: FileDiff) -> Html:
    pictures = dict(zip(found["pictured"], _parts(found), strict=False))
    names = [twin.shown(name, 40) for name in found["columns"][:_COLUMNS]]
    rows = [
        (
            _SIGNS[row["mark"]],
            tag("bdi", twin.shown(row["at"], 40)),
            *(_cell(sides, pictures) for sides in _paired(row["before"], row["after"])),
        )
        for row in found["rows"][:_ROWS]
    ]
    return join(twin.table(("", say("Row"), *names), rows), _more(len(found["rows"]) - len(rows)))


def _paired(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    width = max(len(before), len(after))
    padded = [[*side, *[""] * (width - len(side))] for side in (before or after, after or before)]
    return list(zip(*padded, strict=True))[:_COLUMNS]


def _cell(sides: tuple[str, str], pictures: Mapping[str, bytes]) -> Child:
    before, after = (_cell_side(side, pictures) for side in sides)
    return before if sides[0] == sides[1] else tag("strong", before, _ARROW, after)


def _cell_side(text: str, pictures: Mapping[str, bytes]) -> Html:
    if text in pictures:
        return tag("img", src=_source(pictures[text]), alt=twin.shown(text, 40), title=twin.shown(text, 80))
    return tag("bdi", twin.shown(text, 40))


def _tensors(found: FileDiff) -> Html:
    rows = [_tensor(each) for each in found["tensors"][:_TENSORS]]
    head = ("", say("Tensor"), say("Type and shape"), say("Norm before"), say("Norm after"), say("Norm of difference"))
    table = twin.table(head, rows, right=frozenset({3, 4, 5}))
    return join(table, _more(len(found["tensors"]) - len(rows)))


def _tensor(each: DiffTensor) -> list[Child]:
    norms = (each["norm_before"], each["norm_after"], each["norm_of_difference"])
    return [
        _SIGNS[each["mark"]],
        tag("bdi", twin.shown(each["name"], 60)),
        _form(each),
        *("" if norm is None else words.number(norm) for norm in norms),
    ]


def _form(each: DiffTensor) -> str:
    return _ARROW.join(dict.fromkeys(twin.shown(side, 40) for side in (each["before"], each["after"]) if side))


def _parts(found: FileDiff) -> Iterator[bytes]:
    data, start = base64.b64decode(found["png"]), 0
    for length in found["lengths"]:
        yield data[start : start + length]
        start += length


def _source(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _pictures(found: FileDiff) -> Child:
    names = {"added": [say("After")], "removed": [say("Before")]}.get(
        found["mark"], [say("Before"), say("After"), say("Difference")]
    )
    parts: list[Child] = []
    for name, png in zip(names, _parts(found), strict=False):
        if len(png) > twin.MAX_PNG // 2:
            parts.append(tag("p", say("The picture is too large for a saved notebook.")))
            continue
        label = f"{name}: {twin.shown(found['path'], 100)}"
        side = min(240, max(96, found["width"]))
        parts.append(tag("div", tag("div", name), twin.picture(_source(png), label, side)))
    return parts


def diff_text(snapshot: DiffSnapshot) -> str:
    """Return a line for each difference."""
    shown = twin.shown
    counts = summary(snapshot["counts"])
    lines = [f"{shown(snapshot['before']['label'], 100)}{_ARROW}{shown(snapshot['after']['label'], 100)}  {counts}"]
    if snapshot["problem"]:
        lines.append(f"  {shown(snapshot['problem'], 400)}")
    files = snapshot["files"]["files"][:_TEXT_FILES]
    lines += [f"  {_SIGNS[file['mark']]} {shown(file['path'], 100)}  {_sizes(file)}" for file in files]
    if (more := snapshot["files"]["total"] - len(files)) > 0:
        lines.append("  " + say("and {n} more", n=more))
    for key in snapshot["keys"]:
        sides = _ARROW.join("-" if side is None else shown(side, 80) for side in (key["before"], key["after"]))
        lines.append(f"  {key['where']} {shown(key['key'], 60)}: {sides}")
    opened = snapshot["opened"]
    if opened is not None:
        lines.append(f"  {shown(opened['path'], 100)}: {_note(opened)}")
    if len(lines) == 1:
        lines.append("  " + say("No difference in files, metadata, config or metrics."))
    return "\n".join(lines)
