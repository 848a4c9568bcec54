"""All scenarios, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.chaos.anyfile import anyfile
from tests.chaos.chores import chores
from tests.chaos.collecting import collecting
from tests.chaos.crashes import kill9, sigint
from tests.chaos.inputs import badinput, concurrent, mutate
from tests.chaos.limits import diskgone, frozen, limits, vanish
from tests.chaos.places import clock, diskfull, inodesfull, readonly
from tests.chaos.power import powercut
from tests.chaos.rot import bitflip, catalog
from tests.chaos.syscalls import fsync_order, killat, sweep, sysfail

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.chaos.target import Target

    Scenario = Callable[..., Any]

SCENARIOS: dict[str, Scenario] = {
    "kill9": kill9,
    "collecting": collecting,
    "concurrent": concurrent,
    "diskfull": diskfull,
    "inodesfull": inodesfull,
    "bitflip": bitflip,
    "catalog": catalog,
    "anyfile": anyfile,
    "readonly": readonly,
    "clock": clock,
    "sigint": sigint,
    "mutate": mutate,
    "fsync_order": fsync_order,
    "powercut": powercut,
    "diskgone": diskgone,
    "vanish": vanish,
    "frozen": frozen,
    "limits": limits,
    "sysfail": sysfail,
    "killat": killat,
    "sweep": sweep,
    "chores": chores,
    "badinput": badinput,
}
MOUNTS = frozenset({"diskfull", "diskgone", "inodesfull", "readonly", "powercut"})
"""Need root."""
FULL = frozenset({"anyfile", "chores", "killat", "sweep"})
"""Run in the full form only, or when named."""


def run(target: Target, name: str, **words: Any) -> Any:
    """Run one scenario."""
    return SCENARIOS[name](target, **words)
