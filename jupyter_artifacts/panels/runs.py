"""The run panel: what runs were given, used, made and logged, with charts that grow while they log."""

from __future__ import annotations

import base64
import json
import threading
from typing import TYPE_CHECKING, ClassVar, cast

from jupyter_artifacts.errors import InvalidValueError, NotFoundError
from jupyter_artifacts.model.jsonable import loads
from jupyter_artifacts.panels import twin, words
from jupyter_artifacts.panels.answers import artifact_methods
from jupyter_artifacts.panels.base import Panel
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.panels.protocol import (
    MAX_RUNS,
    MAX_SNAPSHOT_BYTES,
    PROTOCOL_VERSION,
    Grown,
    RunSnapshot,
    RunView,
    SeriesPage,
)
from jupyter_artifacts.panels.rpc import Reply
from jupyter_artifacts.panels.run_chart import charts, look_of, summary
from jupyter_artifacts.panels.run_facts import pictures, rows_of, run_facts
from jupyter_artifacts.panels.run_series import RunSeries
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_artifacts.panels.html import Child, Html
    from jupyter_artifacts.panels.protocol import (
        ArtifactLink,
        Axis,
        MediaParams,
        PanelKind,
        RunFacts,
        RunParams,
        Series,
        SeriesParams,
    )
    from jupyter_artifacts.panels.run_chart import Look
    from jupyter_artifacts.panels.shelf import Shelf
    from jupyter_artifacts.store.records import RunRecord
    from jupyter_artifacts.tracking.messages import HistoryEvent

# What a snapshot holds of a large run, in the order in which it is tried: series, keys, characters, source.
_SHARES = ((12, 200, 500, 4000), (6, 40, 200, 1000), (2, 10, 80, 200), (0, 5, 40, 0))
_ROOM = MAX_SNAPSHOT_BYTES - 1024
_TWIN_KEYS, _TWIN_SOURCE, _TWIN_ROWS = 30, 2000, 30
_SIGNS = {"running": "●", "finished": "✓", "failed": "✗", "crashed": "✗", "killed": "✗", "interrupted": "◼"}


class RunPanel(Panel):
    """One run, or several side by side.

    Parameters
    ----------
    shelf : Shelf
    runs : sequence of RunRecord
        1 to 8; the first gives the panel its name.
    axis : {"step", "time"}
    log : bool
        Draw numbers on a logarithmic axis.
    smooth : float
        0 to 0.99: how much of the line is the mean of what came before.
    tab : str
        Which part is open at first.
    """

    _kind: ClassVar[PanelKind] = "run"

    def __init__(
        self,
        shelf: Shelf,
        runs: Sequence[RunRecord],
        *,
        axis: Axis = "step",
        log: bool = False,
        smooth: float = 0.0,
        tab: str = "charts",
    ) -> None:
        if not 1 <= len(runs) <= MAX_RUNS:
            raise InvalidValueError(f"a run panel shows 1 to {MAX_RUNS} runs, not {len(runs)}")
        self._shelf = shelf
        self._guard = threading.RLock()
        self._series = {run.id: RunSeries(run.id, run.started_at) for run in runs}
        self._next = dict.fromkeys(self._series, 0)
        for run_id in self._series:
            self._catch_up(run_id)
        snapshot = self._snapshot_of(list(runs))
        view = RunView(axis=axis, log=log, smooth=float(smooth), tab=tab, search="", hidden=[])
        super().__init__(f"{shelf.project}\0{runs[0].job_type or runs[0].name}", snapshot, view)

    @property
    def runs(self) -> list[str]:
        """The ids of the runs that are shown."""
        return list(self._series)

    def methods(self) -> Mapping[str, Callable[[dict[str, object]], Reply]]:
        """Answer with the runs anew, their series and their pictures, and with versions beside them."""
        return {
            **artifact_methods(self._shelf),
            "run.get": self._get,
            "series.get": self._get_series,
            "media.get": self._get_media,
        }

    def revision(self) -> int:
        """Return the catalog's revision."""
        return self._shelf.catalog.revision()

    def heard(self, event: HistoryEvent) -> None:
        """Take rows that a run of this process has just stored, and draw them on; from any thread."""
        run_id = event.run_id
        if run_id not in self._series or event.store is not self._shelf.store:
            return
        with self._guard:
            if event.chunk.sequence < self._next[run_id]:
                return
            if event.chunk.sequence > self._next[run_id]:
                self._catch_up(run_id)
            else:
                rows = loads(event.chunk.rows)
                self._series[run_id].take(rows if isinstance(rows, list) else [])
                self._next[run_id] = event.chunk.sequence + 1
            grown = Grown(
                v=PROTOCOL_VERSION,
                kind="grown",
                run=run_id,
                rows=self._series[run_id].rows,
                series=self._series[run_id].grown(),
            )
        if self.comm is not None:
            self.send(grown)

    def twin(self) -> twin.Twin:
        """Return overview, charts, config and summary, one below the other."""
        records = [self._shelf.catalog.runs.get(run_id) for run_id in self._series]
        snapshot = self._snapshot_of(records)
        return twin.Twin(
            run_html(self.panel_id, snapshot, look_of(self.view)), run_text(snapshot), self._payload(snapshot)
        )

    def _catch_up(self, run_id: str) -> None:
        with self._guard:
            for sequence, rows in rows_of(self._shelf, run_id, self._next[run_id]):
                self._series[run_id].take(rows)
                self._next[run_id] = sequence + 1

    def _snapshot_of(self, records: list[RunRecord]) -> RunSnapshot:
        with self._guard:
            for share in _SHARES[:-1]:
                snapshot = self._part(records, *share)
                if len(json.dumps(snapshot)) <= _ROOM:
                    return snapshot
            return self._part(records, *_SHARES[-1])

    def _part(self, records: list[RunRecord], shown: int, keys: int, text: int, source: int) -> RunSnapshot:
        return RunSnapshot(
            runs=[
                run_facts(self._shelf, run, self._series[run.id], keys=keys, text=text, source=source)
                for run in records
            ],
            series=[one for run in records for one in self._series[run.id].all()[:shown]],
        )

    def _known(self, node_id: str) -> RunRecord:
        run_id = node_id.removeprefix("run:")
        if run_id not in self._series:
            raise NotFoundError(f"this panel does not show a run {run_id[:60]!r}")
        return self._shelf.catalog.runs.get(run_id)

    def _get(self, params: dict[str, object]) -> Reply:
        run = self._known(cast("RunParams", params)["id"])
        self._catch_up(run.id)
        return Reply(run_facts(self._shelf, run, self._series[run.id]))

    def _get_series(self, params: dict[str, object]) -> Reply:
        asked = cast("SeriesParams", params)
        run = self._known(asked["id"])
        self._catch_up(run.id)
        with self._guard:
            return Reply(SeriesPage(series=self._series[run.id].all(asked["keys"])))

    def _get_media(self, params: dict[str, object]) -> Reply:
        asked = cast("MediaParams", params)
        page, png = pictures(self._shelf, self._known(asked["id"]).id, asked["key"], asked["step"])
        if asked["buffers"]:
            return Reply(page, (png,))
        page["png"] = base64.b64encode(png).decode()
        return Reply(page)


def state_word(state: str) -> str:
    """Return a run's state as it is said; one that is not known as it is."""
    known = {
        "running": say("running"),
        "finished": say("finished"),
        "failed": say("failed"),
        "crashed": say("crashed"),
        "killed": say("killed"),
        "interrupted": say("interrupted"),
    }
    return known.get(state, twin.shown(state, 40))


def run_html(panel_id: str, snapshot: RunSnapshot, look: Look) -> Html:
    """Return the panel's twin."""
    run, *others = snapshot["runs"]
    head = join(
        tag("strong", tag("bdi", twin.shown(run["name"], 100))),
        " ",
        twin.chip(f"{_SIGNS.get(run['state'], '?')} {state_word(run['state'])}"),
        " ",
        twin.muted(tag("bdi", twin.shown(run["job_type"], 40))) if run["job_type"] else None,
        twin.muted(" " + say("and {runs} more", runs=words.count(len(others), "run"))) if others else None,
    )
    body: list[Child] = [_overview(run)]
    names = {each["id"]: each["name"] for each in snapshot["runs"]}
    source, width = charts(snapshot["series"], names, look)
    if source:
        body.append(twin.picture(source, summary(snapshot["series"], names), width))
        body.append(twin.folded(say("Numbers"), _numbers(snapshot)))
    if run["config"]:
        keys = words.count(len(run["config"]), "key")
        body.append(
            twin.folded(f"{say('Config')}, {keys}", twin.metadata_table(run["config"], _TWIN_KEYS), is_open=True)
        )
    if run["summary"]:
        keys = words.count(len(run["summary"]), "key")
        body.append(
            twin.folded(f"{say('Summary')}, {keys}", twin.metadata_table(run["summary"], _TWIN_KEYS), is_open=True)
        )
    if run["source"]:
        lines = "\n".join(words.visible(line, 160) for line in run["source"][:_TWIN_SOURCE].splitlines())
        body.append(twin.folded(say("Code of the cell"), tag("pre", tag("code", lines))))
    return twin.frame("run", panel_id, head, body)


def _overview(run: RunFacts) -> Html:
    lasted = "" if run["ended"] is None else words.duration(run["ended"] - run["started"])
    return twin.facts(
        [
            (say("Started"), words.moment(run["started"])),
            (say("Took"), lasted),
            (say("Problem"), twin.shown(run["error"], 400)),
            (say("Used"), _links(run["inputs"])),
            (say("Made"), _links(run["outputs"])),
            (say("Group"), twin.shown(run["group"], 80)),
            (say("Tags"), twin.chips(run["tags"][:12]) if run["tags"] else None),
            (say("Notes"), twin.shown(run["notes"], 400)),
            (say("Logged"), words.count(run["rows"], "row") if run["rows"] else None),
        ]
    )


def _links(versions: Sequence[ArtifactLink]) -> Child:
    names = [twin.shown(version["label"], 80) for version in versions[:8]]
    more = len(versions) - len(names)
    shown = [join(", " if i else None, tag("bdi", name)) for i, name in enumerate(names)]
    return join(shown, " " + say("and {n} more", n=more) if more > 0 else None) if names else None


def _numbers(snapshot: RunSnapshot) -> Html:
    names = {run["id"]: run["name"] for run in snapshot["runs"]}
    several = len(names) > 1
    rows = [_number_row(one, names if several else {}) for one in snapshot["series"] if one["last"]]
    head = (*((say("Run"),) if several else ()), say("Key"), say("Points"), say("Last"), say("Lowest"), say("Highest"))
    right = frozenset(range(len(head) - 4, len(head)))
    more = len(rows) - _TWIN_ROWS
    table = twin.table(head, rows[:_TWIN_ROWS], right=right)
    return join(table, twin.muted(say("and {n} more", n=more)) if more > 0 else None)


def _number_row(one: Series, names: Mapping[str, str]) -> tuple[Child, ...]:
    run = (tag("bdi", twin.shown(names[one["run"]], 40)),) if names else ()
    numbers = (one["last"][-1], min(one["low"]), max(one["high"]))
    return (*run, tag("bdi", twin.shown(one["key"], 60)), f"{one['points']:,}", *map(words.number, numbers))


def run_text(snapshot: RunSnapshot) -> str:
    """Return the runs as text: how the first ended, what it used and made, and each key's last number."""
    run, shown = snapshot["runs"][0], twin.shown
    pairs = [
        (say("Started").lower(), words.moment(run["started"])),
        (say("Took").lower(), "" if run["ended"] is None else words.duration(run["ended"] - run["started"])),
        (say("Problem").lower(), shown(run["error"], 200)),
        (say("Used").lower(), ", ".join(shown(version["label"], 60) for version in run["inputs"][:8])),
        (say("Made").lower(), ", ".join(shown(version["label"], 60) for version in run["outputs"][:8])),
        (say("Config").lower(), twin.metadata_line(run["config"], 12)),
        (say("Summary").lower(), twin.metadata_line(run["summary"], 12)),
    ]
    lines = words.columns([(f"  {name}", value) for name, value in pairs if value])
    job = f"  {shown(run['job_type'], 40)}" if run["job_type"] else ""
    others = [
        f"  {say('beside {run}', run=shown(other['name'], 60))} ({state_word(other['state'])})"
        for other in snapshot["runs"][1:]
    ]
    return "\n".join([f"{shown(run['name'], 100)} ({state_word(run['state'])}){job}", *lines, *others])
