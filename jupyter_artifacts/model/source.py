"""Whether two sources of a cell say the same: comments, blank lines and layout do not count."""

from __future__ import annotations

import ast

_MARKS = ("%", "!")


def same_code(one: str, other: str) -> bool:
    """Tell whether two cells do the same, as far as their text tells."""
    return one == other or code_of(one) == code_of(other)


def code_of(source: str) -> str:
    """Return what a cell says, without comments, blank lines and layout.

    Lines of magics and of the system's shell count word by word. A cell that is no
    Python, and is no Python without them, counts as it is written.
    """
    magics, rest = [], []
    for line in source.splitlines():
        special = line.lstrip().startswith(_MARKS)
        if special:
            magics.append(" ".join(line.split()))
        rest.append(f"{line[: len(line) - len(line.lstrip())]}pass" if special else line)
    try:
        tree = ast.parse("\n".join(rest))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "\n".join(line.rstrip() for line in source.strip().splitlines())
    return "\n".join([*magics, ast.dump(tree)])
