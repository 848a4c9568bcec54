"""How a bad input ended: five words, and details."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.chaos import payload
from tests.chaos.adapter import Unsupported

if TYPE_CHECKING:
    from tests.chaos.adapter import Adapter
    from tests.chaos.payload import Tree

Outcome = dict[str, str]
"""``outcome``: ok (round-trips), changed (accepted, comes back different), error, ESCAPED
(wrote or read outside), MERGED (two things became one), n/a. ``detail``: words."""


def outcome(word: str, detail: str = "") -> Outcome:
    """Return an outcome."""
    return {"outcome": word, "detail": detail} if detail else {"outcome": word}


def failed(error: BaseException) -> Outcome:
    """Return the outcome of an input that was refused."""
    return outcome("error", f"{type(error).__name__}: {str(error)[:150]}")


def used(adapter: Adapter, name: str, version: str, dest: str) -> str | Outcome:
    """Return the folder that a version came back in, or how it did not."""
    try:
        return adapter.use(name, version, dest)
    except Unsupported:
        return outcome("ok", "logged (no use offline)")
    except BaseException as error:
        return outcome("changed", f"logged, but use fails: {type(error).__name__}: {str(error)[:140]}")


def compared(adapter: Adapter, name: str, version: str, want: Tree, work: str) -> Outcome:
    """Read a version back and say what is different."""
    folder = used(adapter, name, version, os.path.join(work, "out"))
    return folder if isinstance(folder, dict) else difference(payload.read(folder), want)


def difference(got: Tree, want: Tree) -> Outcome:
    """Say how what came back differs from what was logged."""
    if got == want:
        return outcome("ok")
    missing, extra = sorted(set(want) - set(got))[:3], sorted(set(got) - set(want))[:3]
    differing = [name for name in want if name in got and want[name] != got[name]][:3]
    lists = {"missing": missing, "extra": extra, "differing": differing}
    texts = [f"{word} {[name[:30] for name in names]}" for word, names in lists.items()]
    return outcome("changed", f"silently different: {' '.join(texts)} of {len(want)}")
