"""A name for this machine's part of a store, that no other machine or container has."""

from __future__ import annotations

import contextlib
import os
import platform
import uuid

from jupyter_artifacts.store.faults import writing
from jupyter_artifacts.store.layout import TMP

NAME = "machine"


def machine_of(root: str) -> str:
    """Return the name of a store's folder on this machine, made at first use."""
    path = os.path.join(root, TMP, NAME)
    with writing(root):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not os.path.exists(path):
            own = f"{path}.{uuid.uuid4().hex}"
            with open(own, "x", encoding="utf-8") as file:
                file.write(f"{platform.node()} {uuid.uuid4().hex}")
            with contextlib.suppress(FileExistsError):
                os.link(own, path)
            os.unlink(own)
        with open(path, encoding="utf-8") as file:
            return file.read(200)
