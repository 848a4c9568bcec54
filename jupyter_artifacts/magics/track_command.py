"""``%track start|stop|status|on|off``: what is recorded beyond single cells."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from jupyter_artifacts.magics.desk import Unshown
from jupyter_artifacts.magics.log_command import origin_of_line
from jupyter_artifacts.magics.long_runs import EveryCell, StartedRun, every_cell, open_run
from jupyter_artifacts.magics.plan import plan_track
from jupyter_artifacts.magics.run_strip import log_changed, strip
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.panels import words
from jupyter_artifacts.store.interrupts import PATIENCE, Shield
from jupyter_artifacts.tracking.artifact.host import default_project
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed
    from jupyter_artifacts.tracking.run import Run


def track_line(desk: Desk, parsed: Parsed) -> Unshown:
    """Do what the verb says; ``--as`` binds the run that begins or ends."""
    verb = desk.text(parsed, "verb")
    if verb != "start":
        _refuse_more(parsed, verb)
    return Unshown(_VERBS[verb](desk, parsed))


def status(desk: Desk) -> list[str]:
    """Return what is being recorded, a line each."""
    started, every = open_run(desk), every_cell(desk)
    lines = []
    if started is not None:
        minutes = words.duration(time.time() - started.run.start_time)
        lines.append(
            desk.line("started", name=started.run.name, since=minutes, cells=words.count(len(started.cells), "cell"))
        )
    if every is not None:
        lines.append(desk.line("every-cell", count=words.count(every.count, "cell")))
    return lines or [desk.line("tracked-only")]


def _start(desk: Desk, parsed: Parsed) -> Run:
    for option in ("cache", "no-cache", "vars"):
        if parsed.has(option):
            raise UsageError(
                say("%track start: {option} is for a cell's first line, %%track {option}", option=f"--{option}")
            )
    plan = plan_track(parsed, desk.namespace, origin_of_line(desk))
    before = open_run(desk)
    if before is not None:
        print(desk.line("ended-before", name=before.run.name))
        before.stop()
    desk.following[:] = [other for other in desk.following if not isinstance(other, StartedRun)]
    started = StartedRun(desk, plan)
    started.begin()
    if not parsed.has("quiet"):
        print(desk.line("begun", name=started.run.name))
    return started.run


def _stop(desk: Desk, parsed: Parsed) -> Run:
    started = open_run(desk)
    if started is None:
        raise UsageError(desk.line("nothing-started"))
    if started.files.takes:
        log_changed(started.run, started.plan.job_type, started.files)
    with Shield(PATIENCE) as shield:
        with shield.lifted():
            started.stop()
        desk.following.remove(started)
    if not parsed.has("quiet"):
        print(strip(started.run))
    return started.run


def _status(desk: Desk, parsed: Parsed) -> None:
    del parsed
    print("\n".join(status(desk)))


def _on(desk: Desk, parsed: Parsed) -> None:
    if every_cell(desk) is None:
        desk.following.append(EveryCell(desk, desk.text(parsed, "project") or default_project()))
    if not parsed.has("quiet"):
        print(desk.line("on"))


def _off(desk: Desk, parsed: Parsed) -> None:
    every = every_cell(desk)
    if every is not None:
        every.stop()
        desk.following.remove(every)
    if not parsed.has("quiet"):
        print(desk.line("off"))


def _refuse_more(parsed: Parsed, verb: str) -> None:
    more = set(parsed.given) - {"verb", "quiet", "as", *(["project"] if verb == "on" else [])}
    if more:
        raise UsageError(say("{command} takes no {more}", command=f"%track {verb}", more=", ".join(sorted(more))))


_VERBS: dict[str, Callable[[Desk, Parsed], Run | None]] = {
    "start": _start,
    "stop": _stop,
    "status": _status,
    "on": _on,
    "off": _off,
}
