"""``%ja``: looking after the store, and what is recorded where."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_artifacts.magics import audit
from jupyter_artifacts.magics.track_command import status
from jupyter_artifacts.magics.usage import UsageError
from jupyter_artifacts.panels import display, words
from jupyter_artifacts.store.location import locate
from jupyter_artifacts.tracking.artifact.host import default_project
from jupyter_artifacts.tracking.bundles import export, import_bundle
from jupyter_artifacts.tracking.doctor import Finding, examine
from jupyter_artifacts.tracking.upkeep import gc

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
        raise UsageError("%ja export: --to FILE is missing: the bundle to write, such as --to for-you.jab")
    done = export(desk.texts(parsed, "args") or None, target, project=desk.text(parsed, "project") or None)
    amount = f"{words.count(done.versions, 'version')}, {words.count(done.runs, 'run')}, {words.size(done.size)}"
    print(f"{done.target}: {amount}")


def _import(desk: Desk, parsed: Parsed) -> None:
    sources = desk.texts(parsed, "args")
    if len(sources) != 1:
        raise UsageError("%ja import takes one bundle: what %ja export wrote")
    done = import_bundle(sources[0])
    new = f"{words.count(done.new_versions, 'new version')}, {words.count(done.new_runs, 'new run')}"
    print(f"{words.count(len(done.versions), 'version')} in {sources[0]}: {new}")


_VERBS: dict[str, Callable[[Desk, Parsed], None]] = {
    "doctor": _doctor,
    "where": _where,
    "gc": _gc,
    "export": _export,
    "import": _import,
}
