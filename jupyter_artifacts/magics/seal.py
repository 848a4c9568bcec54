"""A seal that only this user's sessions can put on bytes: what a store from elsewhere brings has none.

Its secret is one file in IPython's own folder, beside the history; it never enters a store.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from IPython.paths import get_ipython_dir

_LENGTH = 32


def seal(data: bytes) -> str:
    """Return the seal of bytes; empty where the user's folder can keep no secret."""
    secret = _secret()
    return hmac.new(secret, data, hashlib.sha256).hexdigest() if secret else ""


def is_sealed(data: bytes, given: str) -> bool:
    """Tell whether a seal is that of these bytes, by this user."""
    return bool(given) and hmac.compare_digest(seal(data).encode(), given.encode())


def _secret() -> bytes:
    path = Path(get_ipython_dir()) / "jupyter_artifacts.secret"
    try:
        if not path.exists():
            _make(path)
        secret = path.read_bytes()
    except OSError:  # such as a read-only home: nothing is sealed then, and nothing is taken for sealed
        return b""
    return secret if len(secret) == _LENGTH else b""


def _make(path: Path) -> None:
    """Write a secret, whole or not at all; two sessions that begin together agree on one."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_LENGTH))
        try:
            os.link(part, path)
        except FileExistsError:
            return
        except OSError:  # a file system without hard links
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
