"""Why a version is out of date: the store's English sentence in the language that is spoken."""

from __future__ import annotations

import re

from jupyter_artifacts.words.saying import say

# Names of artifacts and runs hold no spaces, so each sentence is of one pattern only.
_PATTERNS = (
    (re.compile(r"made from (?P<used>\S+); (?P<newest>\S+) is newer"), "made from {used}; {newest} is newer"),
    (
        re.compile(r"made from (?P<used>\S+), which is itself out of date"),
        "made from {used}, which is itself out of date",
    ),
    (
        re.compile(r"its cell has changed since, and was run as (?P<run>.+) \((?P<state>[\w-]+)\)"),
        "its cell has changed since, and was run as {run} ({state})",
    ),
)


def reason(text: str) -> str:
    """Return what :func:`jupyter_artifacts.model.stale.stale_reasons` says; other text as it is."""
    for pattern, words in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return say(words, None, **found.groupdict())
    return text
