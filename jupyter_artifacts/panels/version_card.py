"""The version card: what was just logged or used, in the place where it happened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar, Literal

from jupyter_artifacts.panels import twin, words
from jupyter_artifacts.panels.answers import artifact_methods
from jupyter_artifacts.panels.base import Panel
from jupyter_artifacts.panels.facts import artifact_link, file_rows, version_row
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.panels.protocol import CardSnapshot, CardView, VersionRow
from jupyter_artifacts.words import mixed, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.panels.protocol import PanelKind
    from jupyter_artifacts.panels.rpc import Reply
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import VersionRecord

Verb = Literal["logged", "unchanged", "used", "failed"]

FILES, KEYS, TEXT = 20, 24, 200
_TWIN_FILES, _TWIN_KEYS, _TWIN_INPUTS = 5, 6, 4


class Card(Panel):
    """A card under a cell.

    Parameters
    ----------
    shelf : Shelf
    version : VersionRecord or None
        None when logging failed and there is no version of that name.
    verb : {"logged", "unchanged", "used", "failed"}
    name, type : str
        What was to be logged, when `version` is None.
    new_bytes : int
        What the store did not hold before.
    seconds : float
        Shown live only: it differs from run to run.
    message : str
        Why nothing was logged, in one line.
    """

    _kind: ClassVar[PanelKind] = "card"

    def __init__(
        self,
        shelf: Shelf,
        version: VersionRecord | None,
        verb: Verb,
        *,
        name: str = "",
        type: str = "",
        new_bytes: int = 0,
        seconds: float = 0.0,
        message: str = "",
    ) -> None:
        self._shelf = shelf
        self._version = version
        snapshot = card_snapshot(shelf, version, verb, name, type)
        snapshot.update({"new_bytes": new_bytes, "seconds": seconds, "message": message[:TEXT]})
        self._facts = snapshot
        super().__init__(f"{shelf.project}\0{snapshot['row']['name']}", snapshot, CardView(opened=[]))

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Answer with a version in full and with more of its files."""
        return artifact_methods(self._shelf)

    def revision(self) -> int:
        """Return the catalog's revision."""
        return self._shelf.catalog.revision()

    def twin(self) -> twin.Twin:
        """Return the card as HTML under 3 kB and as at most six lines of text."""
        facts = self._facts
        payload = self._payload({**facts, "seconds": 0.0})
        return twin.Twin(card_html(self.panel_id, facts), card_text(facts), payload)


def card_snapshot(shelf: Shelf, version: VersionRecord | None, verb: Verb, name: str, type: str) -> CardSnapshot:
    """Return the facts of a card."""
    if version is None:
        return CardSnapshot(
            verb=verb,
            row=_no_row(name, type),
            new_bytes=0,
            files=[],
            files_total=0,
            inputs=[],
            seconds=0.0,
            message="",
            usage="",
        )
    run = shelf.run(version.run_id)
    stale = shelf.stale([version]).get(version.id, "")
    inputs = shelf.catalog.edges.inputs(run.id) if run else ()
    return CardSnapshot(
        verb=verb,
        row=version_row(version, run, stale, keys=KEYS, text=TEXT, nested=True),
        new_bytes=0,
        files=file_rows(shelf, version, 0, FILES),
        files_total=version.files,
        inputs=[artifact_link(used) for used in inputs[:FILES]],
        seconds=0.0,
        message="",
        usage=use_line(version.label),
    )


def use_line(label: str) -> str:
    """Return the one line that uses a version."""
    return f"run.use_artifact({json.dumps(label)})"


def _no_row(name: str, type: str) -> VersionRow:
    return VersionRow(
        id=0,
        label=name,
        name=name,
        version=-1,
        type=type,
        aliases=[],
        tags=[],
        run=None,
        files=0,
        size=0,
        created=0.0,
        stale="",
        metadata={},
        metadata_cut=False,
    )


def _what_happened(facts: CardSnapshot) -> str:
    row = facts["row"]
    if facts["verb"] == "failed":
        return say("not logged")
    if facts["verb"] == "unchanged":
        return say("same content as {version}, nothing written", version=f"v{row['version']}")
    if facts["verb"] == "used":
        return say("used")
    return say("{size} new", size=words.size(facts["new_bytes"]))


def card_html(panel_id: str, facts: CardSnapshot) -> Html:
    """Return a card's twin."""
    row = facts["row"]
    head = join(
        tag("strong", tag("bdi", twin.shown(row["label"], 100))),
        " ",
        twin.chips(row["aliases"][:6]),
        " " if row["aliases"] else None,
        twin.muted(tag("bdi", twin.shown(row["type"], 40))),
    )
    if not row["id"]:
        return twin.frame(
            "card", panel_id, head, tag("div", say("not logged: {why}", why=twin.shown(facts["message"])))
        )
    amount = f"{words.count(facts['files_total'], 'file')}, {words.size(row['size'])}, {_what_happened(facts)}"
    body: list[Child] = [tag("div", amount)]
    if facts["message"]:
        body.append(tag("div", twin.shown(facts["message"])))
    body += [_relatives(facts), twin.stale_mark(row["stale"], in_full=True)]
    if row["metadata"]:
        count = words.count(len(row["metadata"]), "key") + (" " + say("and more") if row["metadata_cut"] else "")
        body.append(twin.folded(f"{say('Metadata')}, {count}", twin.metadata_table(row["metadata"], _TWIN_KEYS, 40)))
    if facts["files"]:
        body.append(twin.folded(words.count(facts["files_total"], "file").capitalize(), _files_table(facts)))
    body.append(tag("div", twin.code(facts["usage"])))
    return twin.frame("card", panel_id, head, body)


def _relatives(facts: CardSnapshot) -> Html | None:
    run, inputs = facts["row"]["run"], [link["label"] for link in facts["inputs"]]
    parts: list[Child] = []
    if run is not None:
        parts.append(join(mixed("by run {run}", run=tag("b", tag("bdi", twin.shown(run["name"], 60))))))
    if inputs:
        more = len(inputs) - _TWIN_INPUTS
        names = tag("bdi", ", ".join(twin.shown(label, 60) for label in inputs[:_TWIN_INPUTS]))
        rest = " " + say("and {n} more", n=more) if more > 0 else ""
        parts.append(join(", " if parts else "", mixed("from {inputs}", inputs=join(names, rest))))
    return tag("div", parts) if parts else None


def _files_table(facts: CardSnapshot) -> Html:
    rows = [(tag("bdi", twin.shown(file["path"], 80)), words.size(file["size"])) for file in facts["files"]]
    more = facts["files_total"] - _TWIN_FILES
    table = twin.table((say("File"), say("Size")), rows[:_TWIN_FILES], right=frozenset({1}))
    return join(table, twin.muted(say("and {n} more", n=more)) if more > 0 else None)


def card_text(facts: CardSnapshot) -> str:
    """Return a card in at most six lines."""
    row, shown = facts["row"], twin.shown
    label = shown(row["label"], 100)
    if not row["id"]:
        return f"{label}  {say('not logged: {why}', why=shown(facts['message']))}"
    aliases = f" ({', '.join(shown(alias, 40) for alias in row['aliases'][:6])})" if row["aliases"] else ""
    amount = f"{words.count(facts['files_total'], 'file')}, {words.size(row['size'])}, {_what_happened(facts)}"
    lines = [f"{label}{aliases}  {shown(row['type'], 40)}  {amount}"]
    if facts["message"]:
        lines.append(f"  {shown(facts['message'])}")
    by = say("by run {run}", run=shown(row["run"]["name"], 60)) if row["run"] else ""
    inputs = [shown(link["label"], 60) for link in facts["inputs"][:_TWIN_INPUTS]]
    if len(facts["inputs"]) > _TWIN_INPUTS:
        inputs.append(say("and {n} more", n=len(facts["inputs"]) - _TWIN_INPUTS))
    relatives = ", ".join(filter(None, [by, say("from {inputs}", inputs=", ".join(inputs)) if inputs else ""]))
    if relatives:
        lines.append(f"  {relatives}")
    if row["stale"]:
        lines.append(f"  {say('stale: {why}', why=shown(row['stale']))}")
    if row["metadata"]:
        lines.append(f"  {twin.metadata_line(row['metadata'])}")
    return "\n".join([*lines, f"  {facts['usage']}"])
