"""``%ja``: looking after the store, and what is recorded where."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_artifacts.magics import audit
from jupyter_artifacts.magics.track_command import status
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.panels import display
from jupyter_artifacts.store.location import locate
from jupyter_artifacts.tracking.artifact.host import default_project
from jupyter_artifacts.tracking.doctor import Finding, examine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed

_TAKES = {"gc": {"dry-run", "now"}, "export": {"args", "to"}, "import": {"args"}}


def ja_line(desk: Desk, parsed: Parsed) -> None:
    """Do what the verb says."""
    verb = desk.text(parsed, "verb")
    more = set(parsed.given) - {"verb", "quiet", "as", "project"} - _TAKES.get(verb, set())
    if more:
        raise UsageError(f"%ja {verb} takes no {', '.join(sorted(more))}")
    _VERBS[verb](desk, parsed)


def _doctor(desk: Desk, parsed: Parsed) -> None:
    del parsed
    findings = [*(f for f in examine() if f.topic != "recorded"), *_of_the_session(desk)]
    width = max(len(finding.topic) for finding in findings)
    for finding in findings:
        print(f"{finding.topic:<{width}}  {finding.fact}{f'  ({finding.advice})' if finding.advice else ''}")


def _of_the_session(desk: Desk) -> Iterator[Finding]:
    yield Finding("project", default_project())
    yield Finding("panels", f"{display.mode()} (%config JupyterArtifacts.display = {desk.settings.display!r})")
    for line in status(desk):
        yield Finding("recorded", line)
    kept = "the cell's source, its number and its notebook's name" if desk.settings.record_source else "no source"
    yield Finding("of a tracked cell", f"{kept}, how it ended, versions used and made")
    yield Finding(
        "files", f"autofiles = {desk.settings.autofiles!r}: what a tracked cell reads and changes is looked at"
    )
    yield Finding("in IPython", "a transformer of first lines, two cell events, completers; no wrapper of your code")
    hook = "put in: it notes files while a tracked cell runs" if audit.is_hooked() else "not put in yet"
    yield Finding("audit hook", hook)


def _where(desk: Desk, parsed: Parsed) -> None:
    del desk, parsed
    print(os.fspath(locate(None).folder))


_VERBS: dict[str, Callable[[Desk, Parsed], None]] = {"doctor": _doctor, "where": _where}
