"""The power goes: what is on the disk is what was flushed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from typing import TYPE_CHECKING, Any

from tests.chaos.findings import Findings, Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.chaos.target import Target


def run(*command: str) -> None:
    """Run a program of the system; it must succeed."""
    subprocess.run(command, check=True, capture_output=True)


def unmount(folder: str) -> None:
    """Unmount a folder, that a helper process may hold for a while."""
    for _ in range(50):
        if subprocess.run(["umount", folder], check=False, capture_output=True).returncode == 0:
            return
        time.sleep(0.2)
    subprocess.run(["umount", "-l", folder], check=False, capture_output=True)


@contextlib.contextmanager
def mounted(*options: str, at: str) -> Iterator[str]:
    """Mount something at a folder for a while."""
    run("mount", *options, at)
    try:
        yield at
    finally:
        unmount(at)


def powercut(
    target: Target,
    rounds: int = 6,
    each: int = 3,
    seed: int = 10,
    megabytes: int = 192,
    profiles: Sequence[str] = ("medium", "small", "mixed"),
) -> dict[str, Any]:
    """Copy the disk's image right after the last ack, and go on with the copy.

    The store is on a small loop-mounted ext4. The copy holds what reached the "disk" by
    then, and nothing that was only in the page cache.
    """
    found = Findings("rounds", "acked")
    for number in range(rounds):
        root = target.scratch("power")
        image, copy, folder = (os.path.join(root, name) for name in ("disk.img", "cut.img", "mnt"))
        os.mkdir(folder)
        run("truncate", "-s", f"{megabytes}M", image)
        run("mkfs.ext4", "-q", "-F", image)
        store = os.path.join(folder, "store")
        profile = profiles[number % len(profiles)]
        ledger = Ledger(target, found, seed + number, store, target.scratch("work"), profile)
        with mounted("-o", "loop,commit=300", image, at=folder):
            ledger.log(0)
            run("sync", "-f", folder)  # the first version is safe; the next are on their own
            ledger.log(1, each)
            run("cp", "--sparse=always", image, copy)  # the power goes
        found.add("acked", len(ledger.acked))
        with mounted("-o", "loop", copy, at=folder):
            ledger.check(f"round {number}")
            ledger.goes_on(f"round {number}", 2)
            ledger.check(f"round {number}, after the next log")
        found.add("rounds")
        for path in (image, copy):
            os.unlink(path)
    return found
