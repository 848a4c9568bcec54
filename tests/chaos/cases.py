"""Bad inputs: names, entries, metadata, aliases, and (file_cases.py) files. `CASES` lists them all."""

from __future__ import annotations

import glob
import hashlib
import math
import os
import shutil
from typing import TYPE_CHECKING, Any

from tests.chaos import payload
from tests.chaos.adapter import Unsupported
from tests.chaos.case_data import ALIASES, ENTRIES, META, NAMES, PAIRS
from tests.chaos.file_cases import FILES, file_case
from tests.chaos.outcomes import compared, failed, outcome, used

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.chaos.adapter import Adapter
    from tests.chaos.outcomes import Outcome

_ABSOLUTE = ("/tmp/chaos-abs-name", "/tmp/chaos-ESCAPED")


def run_case(adapter: Adapter, case: str, work: str) -> Outcome:
    """Try one case; anything that appears outside the store and the work folder is an escape."""
    for path in _ABSOLUTE:  # left by an escape of an earlier run
        shutil.rmtree(path, ignore_errors=True)
    parent = os.path.dirname(work.rstrip("/"))
    before = _around(parent)
    kind, key = next((kind, case) for kind in KINDS if case in KINDS[kind])
    try:
        found = _RUN[kind](adapter, key, work)
    except Unsupported as error:
        found = outcome("n/a", str(error))
    except BaseException as error:
        found = failed(error)
    new = [path for path in _around(parent) - before if not path.startswith((work, os.path.abspath(adapter.store)))]
    if new:
        rest = f"{found['outcome']} {found.get('detail', '')[:120]}"
        return outcome("ESCAPED", f"wrote {os.path.basename(new[0])!r} outside the store; {rest}")
    return found


def _around(parent: str) -> set[str]:
    """Return what lies where an escape would go."""
    above = os.path.dirname(parent)
    patterns = [os.path.join(parent, "*"), "/tmp/chaos-*abs*", "/tmp/chaos-ESC*"]
    patterns += [os.path.join(folder, word) for folder in (above, os.path.dirname(above)) for word in ("ESC*", "esc*")]
    return {path for pattern in patterns for path in glob.glob(pattern)}


def _small(work: str, tag: str, text: str = "hello") -> str:
    """Make a folder with one small file."""
    name = hashlib.sha256(tag.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    folder = os.path.join(work, f"in-{name}")
    os.makedirs(folder)
    with open(os.path.join(folder, "f.txt"), "w") as out:
        out.write(text)
    return folder


def _name(adapter: Adapter, case: str, work: str) -> Outcome:
    name = NAMES[case]
    version = adapter.log_dir(name, _small(work, case))
    listed = adapter.list(name)
    if version not in listed:
        return outcome("changed", f"logged as {version!r} but list gives {listed!r}")
    return compared(adapter, name, version, {"f.txt": b"hello"}, work)


def _pair(adapter: Adapter, case: str, work: str) -> Outcome:
    one, two = PAIRS[case]
    version = adapter.log_dir(one, _small(work, one + "1", "one"))
    adapter.log_dir(two, _small(work, two + "2", "two"))
    lists = adapter.list(one), adapter.list(two)
    if [len(listed) for listed in lists] != [1, 1]:
        return outcome("MERGED", f"{one!r}:{lists[0]} {two!r}:{lists[1]}")
    found = compared(adapter, one, version, {"f.txt": b"one"}, work)
    return outcome("MERGED", found["detail"]) if found["outcome"] == "changed" else {"detail": "distinct", **found}


def _entry(adapter: Adapter, case: str, work: str) -> Outcome:
    folder = _small(work, case)
    version = adapter.log_entry("n", os.path.join(folder, "f.txt"), ENTRIES[case])
    dest = os.path.join(work, "deep", "deeper", "out")
    os.makedirs(os.path.dirname(dest))
    got = used(adapter, "n", version, dest)
    if isinstance(got, dict):
        return got
    escaped = [
        os.path.join(where, name)
        for where, _, names in os.walk(work)
        for name in names
        if "ESCAPED" in name and not os.path.join(where, name).startswith(dest)
    ]
    if escaped:
        return outcome("ESCAPED", f"use wrote {os.path.relpath(escaped[0], dest)!r} outside dest")
    return outcome("ok", f"came back as {sorted(payload.read(got))[:2]}")


def _meta(adapter: Adapter, case: str, work: str) -> Outcome:
    given = META[case]()
    version = adapter.log_dir("n", _small(work, case), metadata=given)
    got = adapter.metadata("n", version)
    return outcome("ok") if _same(given, got) else outcome("changed", f"{_shown(given)} came back {_shown(got)}")


def _same(one: Any, two: Any) -> bool:
    if type(one) is not type(two):
        return False
    if isinstance(one, dict):
        return list(one) == list(two) and all(_same(one[key], two[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(two) and all(_same(first, second) for first, second in zip(one, two, strict=True))
    if isinstance(one, float):
        return (one == two and math.copysign(1, one) == math.copysign(1, two)) or (math.isnan(one) and math.isnan(two))
    return bool(one == two)


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except BaseException as error:
        return type(error).__name__
    return text if len(text) < 80 else f"{text[:60]}...({len(text)})"


def _alias(adapter: Adapter, case: str, work: str) -> Outcome:
    if "alias" in adapter.lacks:
        raise Unsupported("alias")
    if case == "alias moves":
        adapter.log_dir("n", _small(work, "1", "1"), aliases=["best"])
        second = adapter.log_dir("n", _small(work, "2", "2"), aliases=["best"])
        got = adapter.resolve("n", "best")
        return outcome("ok" if got == second else "changed", f"best -> {got}")
    alias = ALIASES[case]
    versions = (
        adapter.log_dir("n", _small(work, "1", "1"), aliases=[alias]),
        adapter.log_dir("n", _small(work, "2", "2")),
    )
    try:
        return outcome("ok", f"accepted; {alias!r} -> {adapter.resolve('n', alias)} (versions {versions})")
    except Exception as error:
        return outcome(
            "changed", f"accepted, but {alias!r} does not resolve: {type(error).__name__} {str(error)[:100]}"
        )


_RUN: dict[str, Callable[[Adapter, str, str], Outcome]] = {
    "name": _name,
    "pair": _pair,
    "entry": _entry,
    "meta": _meta,
    "alias": _alias,
    "file": lambda adapter, case, work: file_case(adapter, case.removeprefix("dir:"), work),
}
KINDS: dict[str, list[str]] = {
    "name": list(NAMES),
    "pair": list(PAIRS),
    "entry": list(ENTRIES),
    "meta": list(META),
    "alias": [*ALIASES, "alias moves"],
    "file": [f"dir:{name}" for name in FILES],
}
CASES = [case for cases in KINDS.values() for case in cases]
