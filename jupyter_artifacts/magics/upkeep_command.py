"""``%ja``: looking after the store, and what is recorded where."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from jupyter_artifacts.magics import audit
from jupyter_artifacts.magics.track_command import status
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.panels import display, words
from jupyter_artifacts.store.location import locate
from jupyter_artifacts.tracking.artifact.host import default_project
from jupyter_artifacts.tracking.bundles import export, import_bundle
from jupyter_artifacts.tracking.doctor import Finding, examine
from jupyter_artifacts.tracking.upkeep import gc
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_artifacts.magics.desk import Desk
    from jupyter_artifacts.magics.parser import Parsed

_TAKES = {"gc": {"dry-run", "now", "expired"}, "export": {"args", "to"}, "import": {"args"}}


def ja_line(desk: Desk, parsed: Parsed) -> None:
    """Do what the verb says."""
    verb = desk.text(parsed, "verb")
    more = set(parsed.given) - {"verb", "quiet", "as", "project"} - _TAKES.get(verb, set())
    if more:
        raise UsageError(say("{command} takes no {more}", command=f"%ja {verb}", more=", ".join(sorted(more))))
    _VERBS[verb](desk, parsed)


def _doctor(desk: Desk, parsed: Parsed) -> None:
    del parsed
    findings = [*(f for f in examine() if f.topic != say("recorded")), *_of_the_session(desk)]
    width = max(_width(finding.topic) for finding in findings)
    for finding in findings:
        topic = finding.topic + " " * (width - _width(finding.topic))
        print(f"{topic}  {finding.fact}{f'  ({finding.advice})' if finding.advice else ''}")


def _of_the_session(desk: Desk) -> Iterator[Finding]:
    yield Finding(say("project"), default_project())
    yield Finding(say("panels"), f"{display.mode()} (%config JupyterArtifacts.display = {desk.settings.display!r})")
    for line in status(desk):
        yield Finding(say("recorded"), line)
    if desk.settings.record_source:
        kept = say("the cell's source, its number and its notebook's name, how it ended, versions used and made")
    else:
        kept = say("no source; how it ended, versions used and made")
    yield Finding(say("of a tracked cell"), kept)
    autofiles = f"autofiles = {desk.settings.autofiles!r}"
    yield Finding(say("files"), say("{setting}: what a tracked cell reads and changes is looked at", setting=autofiles))
    yield Finding(
        say("in IPython"),
        say("a transformer of first lines, two cell events, completers; no wrapper of your code"),
    )
    hook = say("put in: it notes files while a tracked cell runs") if audit.is_hooked() else say("not put in yet")
    yield Finding(say("audit hook"), hook)


def _width(text: str) -> int:
    """Return the columns that a text takes in a terminal: Japanese letters take two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _where(desk: Desk, parsed: Parsed) -> None:
    del desk, parsed
    print(os.fspath(locate(None).folder))


def _gc(desk: Desk, parsed: Parsed) -> None:
    done = gc(dry_run=parsed.has("dry-run"), now=parsed.has("now"), expired=parsed.has("expired"))
    print(
        desk.line(
            "gc-would" if done.dry_run else "gc",
            freed=words.size(done.freed),
            deleted=words.count(done.deleted, "blob"),
            waiting=words.size(done.waiting_bytes),
        )
    )
    if done.expired and not parsed.has("expired"):
        print(desk.line("gc-expired", count=words.count(done.expired, "version")))


def _export(desk: Desk, parsed: Parsed) -> None:
    target = desk.text(parsed, "to")
    if not target:
        raise UsageError(say("%ja export: --to FILE is missing: the bundle to write, such as --to for-you.jab"))
    done = export(desk.texts(parsed, "args") or None, target, project=desk.text(parsed, "project") or None)
    amount = f"{words.count(done.versions, 'version')}, {words.count(done.runs, 'run')}, {words.size(done.size)}"
    print(f"{done.target}: {amount}")


def _import(desk: Desk, parsed: Parsed) -> None:
    sources = desk.texts(parsed, "args")
    if len(sources) != 1:
        raise UsageError(say("%ja import takes one bundle: what %ja export wrote"))
    done = import_bundle(sources[0])
    new = f"{words.count(done.new_versions, 'new version')}, {words.count(done.new_runs, 'new run')}"
    print(
        say(
            "{versions} in {path}: {new}", versions=words.count(len(done.versions), "version"), path=sources[0], new=new
        )
    )


_VERBS: dict[str, Callable[[Desk, Parsed], None]] = {
    "doctor": _doctor,
    "where": _where,
    "gc": _gc,
    "export": _export,
    "import": _import,
}
