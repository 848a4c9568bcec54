"""Commands that look after a store."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from jupyter_artifacts.cli.looking import api_of
from jupyter_artifacts.cli.output import PROBLEMS, Answer
from jupyter_artifacts.errors import UsageError
from jupyter_artifacts.model.names import parse_ref
from jupyter_artifacts.panels import words
from jupyter_artifacts.tracking import upkeep
from jupyter_artifacts.tracking.doctor import examine

if TYPE_CHECKING:
    import argparse

    from jupyter_artifacts.model.jsonable import JsonObject, JsonValue
    from jupyter_artifacts.store.upkeep_records import Collected, DiskUsage, Usage

_RIGHT = frozenset([1, 2, 3, 4])


def verify(options: argparse.Namespace) -> Answer:
    """Check the store; with --data, read and hash every byte; with --repair, bring back what can be."""
    if not options.data and (options.sample or options.max_seconds) and not options.repair:
        raise UsageError("--sample and --max-seconds belong to --data, which reads the bytes")
    report = upkeep.verify(
        options.store,
        options.data,
        sample=options.sample,
        max_seconds=options.max_seconds,
        repair=options.repair or False,
    )
    problems = [str(problem) for problem in report]
    healed = list(report.repaired.healed) if report.repaired else []
    rows = [(f"repaired: {line}",) for line in healed] + [(line,) for line in problems]
    note = words.count(len(problems), "problem") if problems else "sound"
    if options.data:
        note += f"; {words.size(report.hashed)} of {words.size(report.size)} read"
    if report.leftover_bytes:
        note += f"; {words.size(report.leftover_bytes)} of dead processes' work can go: jupyter artifacts gc"
    data: JsonObject = {
        "problems": list(problems),
        "repaired": list(healed),
        "hashed_bytes": report.hashed,
        "leftover_bytes": report.leftover_bytes,
    }
    return Answer(data, (), rows, note=note, status=PROBLEMS if problems else 0)


def du(options: argparse.Namespace) -> Answer:
    """Say where the bytes are: what each artifact, or each version of one, has for itself alone."""
    usage = upkeep.du(options.store)
    found = list(usage.artifacts)
    if options.project:
        found = [each for each in found if each.project == options.project]
    if options.name:
        ref = parse_ref(options.name)
        project = ref.project or options.project or api_of(options).default_project
        found = [
            version for each in found if (each.project, each.name) == (project, ref.name) for version in each.versions
        ]
    rows = [
        (f"{each.project}/{each.name}", f"{each.files:,}", *map(words.size, (each.size, each.shared, each.unique)))
        for each in found
    ]
    data: JsonObject = {"artifacts": [_usage(each) for each in found], "store": _whole(usage)}
    return Answer(data, ("NAME", "FILES", "SIZE", "SHARED", "ITS OWN"), rows, _RIGHT, note=_summary(usage))


def _usage(each: Usage) -> JsonObject:
    return {
        "name": each.name,
        "project": each.project,
        "files": each.files,
        "size": each.size,
        "stored": each.stored,
        "unique": each.unique,
        "versions": [_usage(version) for version in each.versions],
    }


def _whole(usage: DiskUsage) -> JsonObject:
    facts = {key: value for key, value in asdict(usage).items() if key != "artifacts"}
    return {key: int(value) for key, value in facts.items()}


def _summary(usage: DiskUsage) -> str:
    parts = [f"{words.size(usage.size)} in files, {words.size(usage.on_disk)} on disk"]
    for size, what in (
        (usage.unreferenced, "that nothing names any more"),
        (usage.trash, "in the trash"),
        (usage.leftovers, "of work that was cut short"),
    ):
        if size:
            parts.append(f"{words.size(size)} {what}")
    return "; ".join(parts)


def gc(options: argparse.Namespace) -> Answer:
    """Remove bytes that nothing names any more."""
    done = upkeep.gc(options.store, dry_run=options.dry_run, now=options.now, expired=options.expired)
    return Answer(_collected(done), (), [(line,) for line in collected_lines(done)])


def _collected(done: Collected) -> JsonObject:
    facts: dict[str, JsonValue] = asdict(done)
    return facts


def collected_lines(done: Collected) -> list[str]:
    """Return what a collection did, in words."""
    freed, deleted = ("would be freed", "would be deleted") if done.dry_run else ("freed", "deleted")
    lines = [f"{words.size(done.freed)} {freed}: {words.count(done.deleted, 'blob')} {deleted}"]
    if done.leftovers:
        lines.append(f"of it {words.size(done.leftover_bytes)} of work that was cut short")
    if done.waiting:
        until = f", deleted after {words.moment(done.undo_until)}" if done.undo_until else ""
        lines.append(
            f"{words.size(done.waiting_bytes)} in {words.count(done.waiting, 'blob')} wait{until}; --now does not wait"
        )
    if done.kept_for_writers:
        lines.append(f"{words.count(done.kept_for_writers, 'blob')} kept for a draft that is open")
    if done.dangling:
        lines.append(f"{words.count(done.dangling, 'reference')} to files that are not there")
        lines += done.dangling_names
    if done.expired:
        what = "deleted: their time to live is over" if not done.dry_run else "past their time to live; --expired"
        lines.append(f"{words.count(done.expired, 'version')} {what}")
    return lines


def rebuild(options: argparse.Namespace) -> Answer:
    """Make a lost or damaged catalog anew."""
    done = upkeep.rebuild(options.store)
    counts = (words.count(done.versions, "version"), words.count(done.runs, "run"), words.count(done.blobs, "blob"))
    rows = [("rebuilt", ", ".join(counts))]
    rows += [("damaged", line) for line in done.damaged] + [("note", line) for line in done.notes]
    rows += [("kept", done.kept)] if done.kept else []
    data: JsonObject = {
        "versions": done.versions,
        "runs": done.runs,
        "blobs": done.blobs,
        "damaged": list(done.damaged),
        "notes": list(done.notes),
        "kept": done.kept,
    }
    return Answer(data, (), rows, status=PROBLEMS if done.damaged else 0)


def doctor(options: argparse.Namespace) -> Answer:
    """Look at this installation and the store."""
    found = examine(options.store)
    data: list[JsonValue] = [{"topic": f.topic, "fact": f.fact, "advice": f.advice} for f in found]
    rows = [(f.topic, f"{f.fact}: {f.advice}" if f.advice else f.fact) for f in found]
    return Answer(data, (), rows, status=PROBLEMS if any(f.advice for f in found) else 0)
