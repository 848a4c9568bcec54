"""Payloads that say who wrote them, so any mix-up shows."""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations

import hashlib
import json
import os
import random


def files(seed: int, writer: int, seq: int, profile: str = "small"):
    """{relative path: bytes} of one version; half of it shared between versions."""
    rnd = random.Random(f"{seed}/{writer}/{seq}")
    shared = random.Random(f"{seed}/shared")
    out = {"WHO.json": json.dumps({"seed": seed, "writer": writer, "seq": seq}).encode()}
    if profile == "small":
        sizes, shared_sizes = [0, 10, 4096, 65537], [30_000]
    elif profile == "medium":
        sizes, shared_sizes = [1 << 20, 300_000, 10], [500_000]
    elif profile == "same":  # identical for every writer and seq
        return {
            "same.bin": random.Random(f"{seed}/same").randbytes(200_000),
            "sub/also.bin": random.Random(f"{seed}/same2").randbytes(5_000),
        }
    else:
        raise ValueError(profile)
    for i, n in enumerate(sizes):
        out[f"own/{i}.bin"] = rnd.randbytes(n)
    for i, n in enumerate(shared_sizes):
        out[f"shared/{i}.bin"] = shared.randbytes(n)
    return out


def write(tree: dict, root: str) -> None:
    for rel, data in tree.items():
        p = os.path.join(root, *rel.split("/"))
        os.makedirs(os.path.dirname(p), exist_ok=True)
        with open(p, "wb") as f:
            f.write(data)


def digest(tree: dict) -> str:
    h = hashlib.sha256()
    for rel in sorted(tree):
        h.update(rel.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(tree[rel]).digest())
    return h.hexdigest()


def read(root: str) -> dict:
    out = {}
    for d, _, names in os.walk(root):
        for n in names:
            p = os.path.join(d, n)
            with open(p, "rb") as f:
                out[os.path.relpath(p, root).replace(os.sep, "/")] = f.read()
    return out
