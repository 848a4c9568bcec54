"""The data of the benchmarks: made once from a seed, then left alone.

Random bytes everywhere, no two files equal: nothing can be saved by compressing or by
finding a file again. A dataset that was begun and not finished is made anew.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

from tests.benchmarks.benchlib import CACHE

PER_FOLDER = 100


def small_files(count: int, size: int = 4096, *, seed: int = 2, parent: Path | None = None) -> Path:
    """Return a folder of `count` files of `size` bytes, 100 in a subfolder."""
    target = (parent or CACHE / "data") / f"files-{count}x{size}-{seed}"
    if not target.exists():
        made = _begin(target)
        source = random.Random(seed)
        for start in range(0, count, PER_FOLDER):
            folder = made / f"d{start // PER_FOLDER:05d}"
            folder.mkdir()
            for number in range(min(PER_FOLDER, count - start)):
                (folder / f"f{number:04d}.bin").write_bytes(source.randbytes(size))
        made.rename(target)
    return target


def big_file(mebibytes: int, *, seed: int = 1, parent: Path | None = None) -> Path:
    """Return one file of `mebibytes` MiB."""
    folder = (parent or CACHE / "data") / f"big-{mebibytes}-{seed}"
    if not folder.exists():
        made = _begin(folder)
        source = random.Random(seed)
        with (made / "big.bin").open("wb") as out:
            for _ in range(mebibytes):
                out.write(source.randbytes(1 << 20))
        made.rename(folder)
    return folder / "big.bin"


def _begin(target: Path) -> Path:
    made = target.with_name(target.name + ".part")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    return made


def change_some(tree: Path, share: float = 0.01, *, seed: int = 7) -> list[Path]:
    """Give a share of the files other bytes of the same size, as an editor does: a new file put in place."""
    source = random.Random(seed)
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    changed = source.sample(files, max(1, round(len(files) * share)))
    for path in changed:
        new = path.with_name(path.name + ".new")
        new.write_bytes(source.randbytes(path.stat().st_size))
        new.replace(path)
    return changed


def read_once(path: Path) -> int:
    """Bring a file or folder into the page cache; return its bytes."""
    total = 0
    buffer = bytearray(1 << 20)
    files = [path] if path.is_file() else (Path(folder) / name for folder, _, names in os.walk(path) for name in names)
    for file in files:
        with file.open("rb", buffering=0) as data:
            while read := data.readinto(buffer):
                total += read
    return total
