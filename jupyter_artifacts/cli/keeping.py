"""Commands that look after a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.cli.output import PROBLEMS, Answer
from jupyter_artifacts.panels import words
from jupyter_artifacts.tracking.doctor import examine
from jupyter_artifacts.tracking.upkeep import verify as verify_store

if TYPE_CHECKING:
    import argparse

    from jupyter_artifacts.model.jsonable import JsonValue


def verify(options: argparse.Namespace) -> Answer:
    """Check the store; with --data, read and hash every byte."""
    problems = [str(problem) for problem in verify_store(store=options.store, data=options.data)]
    note = words.count(len(problems), "problem") if problems else "sound"
    return Answer(list(problems), (), [(line,) for line in problems], note=note, status=PROBLEMS if problems else 0)


def doctor(options: argparse.Namespace) -> Answer:
    """Look at this installation and the store."""
    found = examine(options.store)
    data: list[JsonValue] = [{"topic": f.topic, "fact": f.fact, "advice": f.advice} for f in found]
    rows = [(f.topic, f"{f.fact}: {f.advice}" if f.advice else f.fact) for f in found]
    return Answer(data, (), rows, status=PROBLEMS if any(f.advice for f in found) else 0)
