"""All scenarios, by name."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

from crashes import kill9, powercut, sigint
from inputs import badinput, concurrent, mutate
from places import clock, diskfull, readonly
from rot import bitflip, catalog
from syscalls import fsync_order, sysfail
from target import Target

SCENARIOS = dict(
    kill9=kill9,
    concurrent=concurrent,
    diskfull=diskfull,
    bitflip=bitflip,
    catalog=catalog,
    readonly=readonly,
    clock=clock,
    sigint=sigint,
    mutate=mutate,
    fsync_order=fsync_order,
    powercut=powercut,
    sysfail=sysfail,
    badinput=badinput,
)

__all__ = ["SCENARIOS", "Target"]
