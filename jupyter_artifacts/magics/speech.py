"""The lines that the magics say, by a short name; their Japanese is in ``words/ja/magics.json``."""

from __future__ import annotations

from jupyter_artifacts import words

LINES: dict[str, str] = {
    "not-logged": "{name} not logged ({why}); latest is still {latest}.",
    "not-logged-first": "{name} not logged ({why}); it has no version yet.",
    "logged-before": "{name} is logged; the cell was stopped after that ({why}).",
    "run-failed": "run {name} failed ({why}).",
    "run-interrupted": "run {name} was interrupted ({why}).",
    "retry": "{name} not logged: {why}. The variables are there: mend it, then %log_artifact --retry",
    "crashed": "run {name} did not end: its kernel is gone. It is marked as crashed; what it had logged is kept.",
    "nothing-to-retry": "there is nothing to retry: no tracked cell has failed to log in this session",
    "begun": "run {name} has begun: the cells up to %track stop belong to it.",
    "ended-before": "run {name} was still open; it ends here.",
    "nothing-started": "%track stop: no run was started; %track start begins one",
    "on": "each cell is a run from now on, its source included; %track off ends that.",
    "off": "only cells that say so are recorded.",
    "every-cell": "%track on: each cell is recorded as a run; {count} so far.",
    "started": "run {name} is open since {since}, over {cells}; %track stop ends it.",
    "tracked-only": "nothing is recorded but cells that say so: %%log_artifact, %%track, or the Python API.",
    "cell-not-recorded": "this cell is not recorded: {why}",
    "no-run": "no run was begun here",
    "wandb-failed": "the cell failed ({why}); its run goes on.",
    "cache-hit": "↺ body not run: source, inputs and config as in run {run}; back again: {names}. --no-cache runs it.",
    "lacks-bytes": "{size} more was too much to keep",
    "lacks-widgets": "live widgets are not: {count}",
    "lacks-html": "as text and pictures: not kept by you on this machine",
    "lacks-result": "without Out: no handler keeps {type}",
    "cache-new": "the body runs: no run is kept that had this source, these inputs and this config.",
    "cache-changed": "the body runs: changed since the last time: {what}.",
    "cache-failed-before": "the body runs: the last time it did not end well.",
    "cache-forced": "the body runs: --no-cache.",
    "cache-moved": "the body runs: run {run} used {names}, which is not the newest any more.",
    "cache-gone": "the body runs: {names}, which run {run} made, was deleted.",
    "cache-no-variables": "the body runs: run {run} could not keep its variables.",
    "cache-unreadable": "the body runs: what run {run} kept cannot be read ({why}).",
    "cache-not-kept": "not kept for the next time: {why}",
    "gc": "{freed} freed, {deleted} deleted; {waiting} wait for a day (--now does not wait).",
    "gc-would": "would free {freed} and delete {deleted}; {waiting} would wait for a day. Nothing was changed.",
    "gc-expired": "{count} past their time to live are kept; --expired deletes them.",
    "draft-kept": "{files} kept until {until} as {name}.",
    "more-files": "{count} changed in this cell: {files} (-f or --auto-files takes them)",
    "dry-run": "would log {name} ({kind}): {what}. Nothing was logged.",
    "unchanged": "{name} is as {latest}; nothing was changed.",
    "loaded": "jupyter_artifacts {version}: the store is {store}, the project {project}.",
}


def say(which: str, /, **parts: str) -> str:
    """Return a line with its parts filled in."""
    return words.say(LINES[which], None, **parts)
