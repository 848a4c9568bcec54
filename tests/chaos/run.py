"""Scenarios in any number, on any adapter; prints what was found and a table.

    python tests/chaos/run.py --adapter refcas
    python -m tests.chaos.run --only kill9,bitflip --kills 100 --seed 7 --out found.json
    python -m tests.chaos.run --full            # what `make chaos` runs
    python -m tests.chaos.run --peers           # ours beside those that pip can install

The exit status is 1 when our own store (or any `--adapter` without `--peers`) did harm.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":  # as a program, from anywhere
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.chaos import summary
from tests.chaos.scenarios import FULL, MOUNTS, SCENARIOS
from tests.chaos.scenarios import run as run_scenario
from tests.chaos.target import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

OURS = "jupyter_artifacts"
PEERS = {"refcas": (), "wandb_offline": ("wandb",), "mlflow_sqlite": ("mlflow",), "dvc_git": ("dvc", "dvclive")}
"""What pip installs for each, into the environments of the benchmarks."""


def words(options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Return what each scenario is told."""
    seed, full = options.seed, options.full
    seeds = {
        key: {"seed": seed}
        for key in (
            *("anyfile", "bitflip", "catalog", "clock", "diskfull", "diskgone", "frozen", "fsync_order", "inodesfull"),
            *("killat", "limits", "readonly", "sigint", "sysfail", "vanish"),
        )
    }
    told: dict[str, dict[str, Any]] = {
        **seeds,
        "kill9": {"n": options.kills or (1000 if full else 100), "seed": seed},
        "collecting": {"kills": 400 if full else 40, "seed": seed},
        "powercut": {"rounds": options.cuts or (50 if full else 6), "seed": seed},
        "concurrent": {"procs": options.procs, "each": options.each, "seed": seed},
        "sweep": {"seed": seed, "most": options.most},
    }
    if full:
        told["diskgone"] = {"rounds": 50, "seed": seed}
        told["vanish"] = {"rounds": 10, "seed": seed}
        told["sigint"] = {"n": 100, "seed": seed}
        told["catalog"] = {"rounds": 60, "seed": seed}
        told["mutate"] = {"seconds": 30}
    return told


def examine(adapter: str, python: str, options: argparse.Namespace) -> dict[str, Any]:
    """Run the chosen scenarios on one system."""
    root = tempfile.mkdtemp(prefix=f"chaos-{adapter}-")
    os.chmod(root, 0o755)
    target = Target(python, adapter, root)
    sys.stdout.write(f"target: {target.title} | lacks: {', '.join(sorted(target.lacks)) or '-'}\n")
    results: dict[str, Any] = {"target": target.title, "seed": options.seed, "lacks": sorted(target.lacks)}
    only = [name for name in options.only.split(",") if name]
    chosen = only or [name for name in SCENARIOS if options.full or name not in FULL]
    told = words(options)
    for name in chosen:
        began = time.time()
        if name in MOUNTS and os.geteuid() != 0:
            results[name] = "skipped: needs root for mount"
            continue
        try:
            results[name] = run_scenario(target, name, **told.get(name, {}))
        except Exception as error:
            traceback.print_exc()
            results[name] = {"harness_error": repr(error)}
        shown = json.dumps(results[name], indent=1, default=str)
        sys.stdout.write(f"== {name} ({time.time() - began:.0f} s)\n{shown}\n")
        sys.stdout.flush()
    target.close()
    if not options.keep:
        shutil.rmtree(root, ignore_errors=True)
    return results


def peers(options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Run the peers that can be had; name those that cannot."""
    from tests.benchmarks.peers.environments import NotInstallableError, python_with

    found = {}
    for adapter, packages in PEERS.items():
        try:
            python = python_with(packages)
        except NotInstallableError as reason:
            sys.stdout.write(f"{adapter}: not installed here: {reason}\n")
            continue
        results = examine(adapter, python, options)
        found[results["target"]] = results
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, tell whether there was harm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adapter", default=OURS)
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has the adapter's system")
    parser.add_argument("--only", default="", help="scenarios, by comma")
    parser.add_argument("--full", action="store_true", help="1,000 kills, 50 power cuts, every failing system call")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--cuts", type=int, default=0)
    parser.add_argument("--most", type=int, default=1000, help="of one kind of system call, how many are made to fail")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--procs", type=int, default=8)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--peers", action="store_true", help="run the other systems, too")
    parser.add_argument("--out", help="write everything here, as JSON")
    parser.add_argument("--keep", action="store_true", help="keep the stores")
    options = parser.parse_args(arguments)
    results = examine(options.adapter, options.python, options)
    systems = {results["target"]: results, **(peers(options) if options.peers else {})}
    sys.stdout.write(f"\n{summary.table(systems)}")
    if isinstance(results.get("sweep"), dict):
        sys.stdout.write(f"\n{summary.calls(results['sweep'])}")
    if options.out:
        kept = systems if options.peers else results
        Path(options.out).write_text(json.dumps(kept, indent=1, default=str), encoding="utf-8")
    harm = summary.harm(results)
    sys.stdout.write(f"\nHarm: {json.dumps(harm, indent=1) if harm else 'none'}\n")
    return bool(harm)


if __name__ == "__main__":
    sys.exit(main())
