"""Payloads that say who wrote them, so that any mix-up shows."""

from __future__ import annotations

import hashlib
import json
import os
import random

Tree = dict[str, bytes]
"""Files by relative path."""

# Bytes of a version's own files, and of those that all versions share.
PROFILES: dict[str, tuple[list[int], list[int]]] = {
    "small": ([0, 10, 4096, 65537], [30_000]),
    "medium": ([1 << 20, 300_000, 10], [500_000]),
    "mixed": ([0, 4096, 300_000], [30_000]),
}
SAME = "same"
"""The profile that is identical for every writer and number."""


def files(seed: int, writer: int, seq: int, profile: str = "small") -> Tree:
    """Return the files of one version; half of them shared between versions."""
    if profile == SAME:
        one, two = (random.Random(f"{seed}/{name}") for name in ("same", "same2"))
        return {"same.bin": one.randbytes(200_000), "sub/also.bin": two.randbytes(5_000)}
    own, shared = random.Random(f"{seed}/{writer}/{seq}"), random.Random(f"{seed}/shared")
    tree = {"WHO.json": json.dumps({"seed": seed, "writer": writer, "seq": seq}).encode()}
    sizes, shared_sizes = PROFILES[profile]
    tree.update({f"own/{number}.bin": own.randbytes(size) for number, size in enumerate(sizes)})
    tree.update({f"shared/{number}.bin": shared.randbytes(size) for number, size in enumerate(shared_sizes)})
    return tree


def digest_of(seed: int, writer: int, seq: int, profile: str = "small") -> str:
    """Return the digest of the files of one version."""
    return digest(files(seed, writer, seq, profile))


def write(tree: Tree, root: str) -> None:
    """Write the files below a folder."""
    for name, data in tree.items():
        path = os.path.join(root, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(data)


def digest(tree: Tree) -> str:
    """Return one digest of paths and bytes."""
    whole = hashlib.sha256()
    for name in sorted(tree):
        whole.update(name.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(tree[name]).digest())
    return whole.hexdigest()


def read(root: str) -> Tree:
    """Return the files below a folder."""
    tree: Tree = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as data:
                tree[os.path.relpath(path, root).replace(os.sep, "/")] = data.read()
    return tree
