"""All benchmarks, one after the other, each in a process of its own: `python -m tests.benchmarks`.

    python -m tests.benchmarks [--only storage,bench_log]

A benchmark that fails is said to have failed, and the others run on; the exit status tells.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def programs() -> list[str]:
    """Return the benchmarks' modules: the store's first."""
    return ["storage", *sorted(path.stem for path in HERE.glob("bench_*.py"))]


def main() -> int:
    """Run them; return how many failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="names, by comma")
    chosen = [name for name in parser.parse_args().only.split(",") if name] or programs()
    failed: list[str] = []
    for name in chosen:
        start = time.monotonic()
        sys.stdout.write(f"\n## {name}\n\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False, cwd=HERE.parents[1])
        if done.returncode:
            failed.append(name)
        sys.stdout.write(f"({name}: {time.monotonic() - start:.0f} s)\n")
    if failed:
        sys.stdout.write(f"\nFailed: {', '.join(failed)}\n")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
