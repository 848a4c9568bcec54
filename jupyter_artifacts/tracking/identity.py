"""What a new run is called: its id, and a readable name such as ``sunny-smoke``."""

from __future__ import annotations

import functools
import random
import secrets
import string
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ALPHABET = string.ascii_lowercase + string.digits


def generate_id(length: int = 8) -> str:
    """Return a random id of lowercase letters and digits.

    >>> len(generate_id())
    8
    """
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def slug() -> str:
    """Return two random words, the same for nobody, whatever seed the user has set."""
    return _words()(2)


@functools.cache
def _words() -> Callable[[int], str]:
    """Return coolname's generator on the system's randomness.

    Loading coolname draws from Python's global generator, which a notebook has
    seeded on purpose: its state is put back.
    """
    state = random.getstate()
    try:
        import coolname
        from coolname.loader import load_config

        config = load_config(str(Path(coolname.__file__).parent / "data"))
        config["all"]["__nocheck"] = True
        generator = coolname.RandomGenerator(config, random.SystemRandom())
    finally:
        random.setstate(state)
    words: Callable[[int], str] = generator.generate_slug
    return words
