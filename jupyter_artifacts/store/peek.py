"""A look into a catalog that costs a millisecond: no store is opened, SQLAlchemy is not imported."""

from __future__ import annotations

import os
import sqlite3
from urllib.parse import quote

from jupyter_artifacts.store.layout import CATALOG


def may_have_running(folder: str) -> bool:
    """Tell whether a run of the store in `folder` says that it is running; True also where a look does not tell.

    The catalog on a server, of an older form, damaged or busy is left to those who open the store.
    """
    path = os.path.join(folder, CATALOG)
    if not os.path.exists(path):
        return True
    try:
        raw = sqlite3.connect(f"file:{quote(os.path.abspath(path))}?mode=ro", uri=True, timeout=0.1)
        try:
            return raw.execute("SELECT 1 FROM run WHERE state = 'running' LIMIT 1").fetchone() is not None
        finally:
            raw.close()
    except sqlite3.Error:
        return True
