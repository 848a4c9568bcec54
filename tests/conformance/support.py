"""Which of W&B's calls are supported: collected from the conformance tests, printed as a table.

``python -m tests.conformance.support`` prints it; with ``--write`` it is put into
``SUPPORT.md`` beside this file and, between the same two marks, into README.md where
they stand there.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Test = TypeVar("Test", bound="Callable[..., object]")

HERE = Path(__file__).resolve().parent
BEGIN, END = "<!-- support: begin -->", "<!-- support: end -->"
EXACT = "as in W&B"
MODULE = "tests.conformance.support"


@dataclass
class Call:
    """One call of W&B's: how it is supported here, and the tests that show it."""

    differences: list[str] = field(default_factory=list)
    refused: str = ""
    tests: list[str] = field(default_factory=list)

    @property
    def support(self) -> str:
        """What the table says."""
        return self.refused or "; ".join(dict.fromkeys(self.differences)) or EXACT


_calls: dict[str, Call] = {}


def covers(*calls: str, differs: str = "", refused: str = "") -> Callable[[Test], Test]:
    """Mark a test as showing W&B's calls: exactly as there, with a difference, or that they are refused.

    Parameters
    ----------
    *calls : str
        As a user writes them, without arguments: ``"run.log_artifact"``.
    differs : str, optional
        What is different here, in a few words.
    refused : str, optional
        What happens instead, for a call that is not offered.
    """

    def mark(test: Test) -> Test:
        for name in calls:
            call = _calls.setdefault(name, Call())
            call.tests.append(test.__name__)
            call.refused = call.refused or refused
            if differs:
                call.differences.append(differs)
        return test

    return mark


def collect() -> dict[str, Call]:
    """Import all conformance tests of this folder, and return the calls they show."""
    sys.modules.setdefault(MODULE, sys.modules[__name__])
    _calls.clear()
    for path in sorted(HERE.glob("test_*.py")):
        spec = importlib.util.spec_from_file_location(f"conformance_of_support.{path.stem}", path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path} cannot be imported")
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return dict(_calls)


def table(calls: dict[str, Call]) -> str:
    """Return the table as Markdown: exact calls together, then those with differences, then the refused."""
    exact = [name for name in sorted(calls, key=str.casefold) if calls[name].support == EXACT]
    other = [name for name in sorted(calls, key=str.casefold) if calls[name].support != EXACT]
    lines = [
        f"<details><summary>{len(exact)} calls behave as in W&B</summary>",
        "",
        ", ".join(f"`{name}`" for name in exact),
        "",
        "</details>",
        "",
        "| call | here |",
        "| --- | --- |",
        *(f"| `{name}` | {calls[name].support} |" for name in other),
    ]
    return "\n".join(lines)


def between(text: str, block: str) -> str:
    """Return `text` with `block` between the two marks."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{block}\n{END}{tail}"


def main(arguments: list[str]) -> int:
    """Print the table, or write it where its marks stand."""
    block = table(collect())
    if "--write" not in arguments:
        sys.stdout.write(block + "\n")
        return 0
    for path in (HERE / "SUPPORT.md", HERE.parent.parent / "README.md"):
        text = path.read_text(encoding="utf-8") if path.exists() else f"# W&B's calls\n\n{BEGIN}\n{END}\n"
        if BEGIN in text:
            path.write_text(between(text, block), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
