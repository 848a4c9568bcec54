"""``%stale``: what is out of date, why, and which cells to run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.magics.report import Report
from jupyter_artifacts.panels import twin, words
from jupyter_artifacts.panels.current import current_shelf
from jupyter_artifacts.panels.html import join, tag
from jupyter_artifacts.panels.twin import shown
from jupyter_artifacts.tracking.staleness import staleness
from jupyter_artifacts.words import reason, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.panels.html import Html
    from jupyter_artifacts.store.records import RunRecord
    from jupyter_artifacts.tracking.staleness import Staleness, StaleVersion


class StaleReport(Report):
    """What ``%stale`` and :func:`stale` return.

    Attributes
    ----------
    facts : Staleness
    """

    def __init__(self, facts: Staleness) -> None:
        self.facts = facts

    def __len__(self) -> int:
        return self.facts.count

    def __iter__(self) -> Iterator[StaleVersion]:
        return iter(self.facts.found)

    @property
    def names(self) -> list[str]:
        """The versions that are out of date, such as ``"trained-model:v3"``, causes before effects."""
        return [stale.version.label for stale in self.facts.found]

    def text(self) -> str:
        """Return a line for each version, then the cells to run again."""
        if not self.facts.found:
            return self._head()
        rows: list[tuple[str, ...]] = [
            (f"  {shown(stale.version.label, 100)}", shown(reason(stale.why))) for stale in self.facts.found
        ]
        cells = [f"  {number}. {line}" for number, line in enumerate(self._cells(), 1)]
        return "\n".join([self._head(), *words.columns(rows), say("run again, in this order:"), *cells])

    def html(self) -> Html:
        """Return the same as a table and a list."""
        rows = [(tag("bdi", shown(s.version.label, 100)), shown(reason(s.why))) for s in self.facts.found]
        if not rows:
            return tag("div", self._head())
        cells = tag("ol", *(tag("li", tag("bdi", line)) for line in self._cells()))
        table = twin.table((say("Version"), say("Why")), rows)
        return tag("div", tag("div", self._head()), table, join(say("run again, in this order:"), cells))

    def _head(self) -> str:
        facts = self.facts
        all_of_them = words.count(facts.looked_at, "version")
        if not facts.count:
            return say("nothing is out of date, of {versions}", versions=all_of_them)
        if facts.count > len(facts.found):
            listed = len(facts.found)
            return say(
                "{n} of {versions} out of date; the newest {listed}:",
                n=facts.count,
                versions=all_of_them,
                listed=listed,
            )
        return say("{n} of {versions} out of date:", n=facts.count, versions=all_of_them)

    def _cells(self) -> Iterator[str]:
        for run in self.facts.runs:
            yield shown(cell_line(run), 160)


def stale(name: str | None = None, *, project: str | None = None, every: bool = False) -> StaleReport:
    """Return what is out of date; see :func:`jupyter_artifacts.magics.stale`."""
    shelf = current_shelf(project)
    return StaleReport(staleness(shelf.store, shelf.project, name, every=every))


def stale_line(desk: Desk, parsed: Parsed) -> StaleReport:
    """List what is out of date of an artifact, of the newest versions, or of the whole project."""
    project = desk.text(parsed, "project") or None
    return stale(desk.text(parsed, "name") or None, project=project, every=parsed.has("project"))


def cell_line(run: RunRecord) -> str:
    """Return where a run's cell is, in a line: its number and notebook as far as they are known, and its first line."""
    origin = run.origin
    first = next((line.strip() for line in origin.source.splitlines() if line.strip()), "")
    number = "" if origin.execution_count is None else f"[{origin.execution_count}]"
    place = " ".join(filter(None, [origin.notebook, number]))
    return " ".join(
        filter(None, [place, first or say("run {name}", name=run.name), f"({run.job_type})" if run.job_type else ""])
    )
