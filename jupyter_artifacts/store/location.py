"""Where the store is: named by the caller or the environment, else found upward like ``.git``."""

from __future__ import annotations

import os
import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from jupyter_artifacts.errors import ForeignStoreError, InvalidTypeError, InvalidValueError, UnsupportedError

FOLDER = ".jupyter_artifacts"
STORE_VARIABLE = "JUPYTER_ARTIFACTS_STORE"
ALLOW_FOREIGN = "JUPYTER_ARTIFACTS_ALLOW_FOREIGN"
MARK = "store.json"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")
_SERVER = re.compile(r"(?P<url>postgres(?:ql)?(?:\+\w+)?:\S*)\s*(?P<blobs>.*)", re.DOTALL)
_PARTS = re.compile(r"\w+(?:\+\w+)?://(?:(?P<user>[^:/@]*)(?::.*)?@)?(?P<host>[^/?@]*)(?:/(?P<database>[^?@]*))?")
_SOCKET = re.compile(r"[?&]host=(?P<host>[^&]*)")


class ServerURL:
    """A catalog's URL on a server; only `reveal` tells what is secret in it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        parts = _PARTS.match(self._text)
        if parts is None:
            return "postgresql://..."
        socket = _SOCKET.search(self._text)
        host = parts["host"] or (unquote(socket["host"]) if socket else "")
        return f"postgresql://{parts['user'] + '@' if parts['user'] else ''}{host}/{parts['database'] or ''}"

    def __repr__(self) -> str:
        return f"<{self}>"

    def reveal(self) -> str:
        """Return the whole URL, for the driver alone."""
        return self._text


class Located(NamedTuple):
    """A store's folder, whether a store is there, whether somebody chose it by name, and its catalog's server."""

    folder: str
    exists: bool
    named: bool
    server: ServerURL | None = None


def locate(where: str | os.PathLike[str] | None = None, start: str | os.PathLike[str] | None = None) -> Located:
    """Say where the store is, or would be made.

    Parameters
    ----------
    where : path, ``file:`` URL, ``postgresql:`` URL and path, or None
        A store named by the caller; None asks ``JUPYTER_ARTIFACTS_STORE``, then searches.
    start : path, optional
        Folder to search from, upward; the working directory by default.

    Raises
    ------
    ForeignStoreError
        The store that was found belongs to another user.
    UnsupportedError
        A URL of a kind of store that is not offered.
    """
    chosen = where if where is not None else os.environ.get(STORE_VARIABLE) or None
    if chosen is not None:
        server, folder = address_of(chosen)
        return Located(folder, is_store(folder), named=True, server=server)
    first = folder = os.path.abspath(os.getcwd() if start is None else os.fspath(start))
    while True:
        candidate = os.path.join(folder, FOLDER)
        if is_store(candidate):
            check_owner(candidate)
            return Located(candidate, exists=True, named=False)
        above = os.path.dirname(folder)
        if above == folder:
            break
        folder = above
    candidate = os.path.join(first, FOLDER)
    if os.path.lexists(candidate):
        check_owner(candidate)
    return Located(candidate, exists=False, named=False)


def is_store(folder: str) -> bool:
    """Tell whether `folder` holds a finished store."""
    return os.path.isfile(os.path.join(folder, MARK))


def address_of(where: str | os.PathLike[str]) -> tuple[ServerURL | None, str]:
    """Return the catalog's server, None where the catalog lies in the folder itself, and the folder of the bytes.

    A store with a server is written as its URL, a blank, and the folder that all who use it share:
    ``postgresql://user@host/database /shared/folder``.
    """
    server = _SERVER.fullmatch(where.strip()) if isinstance(where, str) else None
    if server is None:
        return None, folder_of(where)
    url = ServerURL(server["url"])
    if not server["blobs"]:
        raise InvalidValueError(
            f"store {url} names a catalog, and no place for the files; add a folder that all who use it share, "
            f"after a blank: '{url} /shared/folder'"
        )
    return url, folder_of(server["blobs"])


def folder_of(where: str | os.PathLike[str]) -> str:
    """Return the absolute folder that a path or ``file:`` URL names."""
    try:
        text = os.fspath(where)
    except TypeError:
        raise InvalidTypeError(f"store must be a path or a URL, not {type(where).__name__} ({where!r})") from None
    if not isinstance(text, str):
        raise InvalidTypeError(f"store must be text, not {type(text).__name__} ({text!r})")
    if not text.strip() or "\0" in text:
        raise InvalidValueError(f"store {text!r} names no folder; give a path such as './{FOLDER}'")
    if text.startswith("file:"):
        parts = urlsplit(text)
        if parts.netloc not in {"", "localhost"}:
            raise InvalidValueError(f"store {text!r} names another machine; a file: URL has three slashes")
        text = unquote(parts.path)
    elif _SCHEME.match(text) and not os.path.isdir(text):
        raise UnsupportedError(f"store {text.split(':')[0]}:...: this kind of store is not offered; name a folder")
    return os.path.abspath(os.path.expanduser(text))


def check_owner(folder: str) -> None:
    """Refuse a store that was found, not named, and belongs to somebody else.

    On a shared machine anybody may put a store into a folder above yours; what it
    holds would then pass for your own. The link and what it leads to are both asked.
    Under sudo the caller's own stores count as root's.
    """
    if not hasattr(os, "geteuid") or os.environ.get(ALLOW_FOREIGN, "").lower() in {"1", "true", "yes"}:
        return
    mine = {os.geteuid()}
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdigit():
        mine.add(int(os.environ["SUDO_UID"]))
    owners = {os.lstat(folder).st_uid}
    if os.path.exists(folder):
        owners.add(os.stat(folder).st_uid)
    if owners <= mine:
        return
    raise ForeignStoreError(
        f"the store {folder} belongs to user {max(owners - mine)}, and you are user {os.geteuid()}. If you trust it, "
        f"name it yourself ({STORE_VARIABLE}={folder}) or allow all such stores ({ALLOW_FOREIGN}=1), "
        "as in a container that runs as root over a user's folder"
    )
