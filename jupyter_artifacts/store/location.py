"""Where the store is: named by the caller or the environment, else found upward like ``.git``."""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from jupyter_artifacts.errors import (
    ForeignStoreError,
    InvalidTypeError,
    InvalidValueError,
    StoreError,
    UnsupportedError,
)

FOLDER = ".jupyter_artifacts"
STORE_VARIABLE = "JUPYTER_ARTIFACTS_STORE"
ALLOW_FOREIGN = "JUPYTER_ARTIFACTS_ALLOW_FOREIGN"
CACHE_VARIABLE = "JUPYTER_ARTIFACTS_CACHE_DIR"
_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "gs": ("GOOGLE_BASE_URL",),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
}
_ACCOUNT = "AZURE_STORAGE_ACCOUNT_NAME"
_WANDB_CACHE = "WANDB_CACHE_DIR"
MARK = "store.json"
BUCKET = "bucket.json"
"""In a store's folder: says that its files are not in it, but in a bucket."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")
_SCHEMES = ("s3", "gs", "az")
_BUCKET = re.compile(r"(?:(?P<before>.*\S)\s+)?(?P<url>(?:s3|gs|az)://.*)", re.DOTALL)
_BUCKET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}")
_PREFIX = re.compile(r"[A-Za-z0-9!_.*'()=+,-]+(?:/[A-Za-z0-9!_.*'()=+,-]+)*")
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


class BucketURL(NamedTuple):
    """Where in an object store a store's files are: ``s3://bucket/prefix``. Nothing in it is secret."""

    scheme: str
    bucket: str
    prefix: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.bucket}/{self.prefix}".rstrip("/")

    @classmethod
    def of(cls, text: str) -> BucketURL:
        """Take an address apart.

        Raises
        ------
        InvalidValueError
            It names no bucket, or holds more than a bucket and a prefix: keys do not belong there.
        """
        scheme, _, rest = text.partition("://")
        bucket, _, prefix = rest.partition("/")
        prefix = prefix.rstrip("/")
        odd = [part for part in prefix.split("/") if part in {".", ".."}]
        if scheme not in _SCHEMES or not _BUCKET_NAME.fullmatch(bucket) or odd:
            raise InvalidValueError(_no_bucket(scheme))
        if prefix and not _PREFIX.fullmatch(prefix):
            raise InvalidValueError(_no_bucket(scheme))
        return cls(scheme, bucket, prefix)


def _no_bucket(scheme: str) -> str:
    return (
        f"the place of the files, {scheme}://..., cannot be read; write {scheme}://bucket/prefix, with letters, "
        "digits, '-', '_', '.' and '/' only. Keys for signing in come from the environment (AWS_ACCESS_KEY_ID, "
        "AWS_SECRET_ACCESS_KEY, AWS_PROFILE, AWS_ENDPOINT_URL, ...), never from the address"
    )


class Address(NamedTuple):
    """What a name of a store says: the catalog's server, the folder, the bucket of the files; one of the last two."""

    server: ServerURL | None
    folder: str | None
    bucket: BucketURL | None


class Located(NamedTuple):
    """Where a store is, whether one is there, whether somebody chose it by name.

    Attributes
    ----------
    folder : str
        The store's folder; for a catalog on a server with files in a bucket, this machine's own part of it.
    server : ServerURL or None
        Of the catalog, where it is not in the folder.
    bucket : BucketURL or None
        Of the files, where they are not in the folder.
    """

    folder: str
    exists: bool
    named: bool
    server: ServerURL | None = None
    bucket: BucketURL | None = None


def locate(where: str | os.PathLike[str] | None = None, start: str | os.PathLike[str] | None = None) -> Located:
    """Say where the store is, or would be made.

    Parameters
    ----------
    where : path, ``file:`` URL, ``postgresql:`` URL and path, either with ``s3://bucket/prefix`` after it, or None
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
        server, named, bucket = address_of(chosen)
        folder = named or home_of(str(bucket))
        # Whether there is one on a server and in a bucket, only these can tell: opening asks them.
        exists = named is None or is_store(folder)
        return Located(folder, exists, named=True, server=server, bucket=bucket or bucket_of(folder))
    first = folder = os.path.abspath(os.getcwd() if start is None else os.fspath(start))
    while True:
        candidate = os.path.join(folder, FOLDER)
        if is_store(candidate):
            check_owner(candidate)
            return Located(candidate, exists=True, named=False, bucket=bucket_of(candidate))
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


def address_of(where: str | os.PathLike[str]) -> Address:
    """Take the name of a store apart: the catalog's server or a folder, and where the files are.

    A catalog on a server is written as its URL, a blank, and the place of the files that all
    who use it share: ``postgresql://user@host/database /shared/folder``, or
    ``postgresql://user@host/database s3://bucket/prefix``. One user's own catalog in a folder
    with files in a bucket is ``/my/folder s3://bucket/prefix``.
    """
    text = where.strip() if isinstance(where, str) else ""
    in_bucket = _BUCKET.fullmatch(text)
    server = _SERVER.fullmatch(in_bucket["before"] or "" if in_bucket else text)
    if server is None and in_bucket is None:
        return Address(None, folder_of(where), None)
    bucket = BucketURL.of(in_bucket["url"]) if in_bucket else None
    if server is None:
        if not in_bucket or not in_bucket["before"]:
            raise InvalidValueError(
                f"store {bucket} names a place for the files, and no catalog; write a folder of your own before it, "
                f"and a blank: '{FOLDER} {bucket}', or a server that a team shares: 'postgresql://user@host/database "
                f"{bucket}'"
            )
        return Address(None, folder_of(in_bucket["before"]), bucket)
    url = ServerURL(server["url"])
    if bucket is not None and not server["blobs"]:
        return Address(url, None, bucket)
    if bucket is not None:
        raise InvalidValueError(f"store {url} has two places for its files, {server['blobs']!r} and {bucket}; name one")
    if not server["blobs"]:
        raise InvalidValueError(
            f"store {url} names a catalog, and no place for the files; add a folder that all who use it share, "
            f"after a blank: '{url} /shared/folder', or a bucket: '{url} s3://bucket/prefix'"
        )
    return Address(url, folder_of(server["blobs"]), None)


def bucket_of(folder: str) -> BucketURL | None:
    """Return the bucket that a store's folder says its files are in; None where they are in the folder."""
    try:
        with open(os.path.join(folder, BUCKET), encoding="utf-8") as file:
            facts = json.load(file)
        return BucketURL.of(facts["files"])
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{os.path.join(folder, BUCKET)} cannot be read ({error}); it says in which bucket this store's files are: "
            'write it anew, {"files": "s3://bucket/prefix"}'
        ) from error


def endpoint_of(scheme: str) -> str:
    """Return the address of the service that the environment names for a kind of bucket; empty for the usual one."""
    return next((os.environ[name] for name in _ENDPOINTS.get(scheme, ()) if os.environ.get(name)), "")


def home_of(bucket: str) -> str:
    """Return the folder that this machine keeps for a store whose catalog and files are elsewhere.

    It is below the user's cache folder, or ``JUPYTER_ARTIFACTS_CACHE_DIR``, or a folder of
    our own in W&B's (``WANDB_CACHE_DIR``): whatever is in it can be made again from the
    catalog and the bucket.
    """
    own, shared = os.environ.get(CACHE_VARIABLE), os.environ.get(_WANDB_CACHE)
    if own:
        above = os.path.abspath(os.path.expanduser(own))
    elif shared:
        above = os.path.join(os.path.abspath(os.path.expanduser(shared)), "jupyter_artifacts")
    else:
        system = {"nt": os.environ.get("LOCALAPPDATA", "")}.get(os.name) or os.environ.get("XDG_CACHE_HOME", "")
        above = os.path.join(system or os.path.join(os.path.expanduser("~"), ".cache"), "jupyter_artifacts")
    scheme = bucket.partition(":")[0]
    endpoint = endpoint_of(scheme) or (os.environ.get(_ACCOUNT, "") if scheme == "az" else "")
    mark = hashlib.sha256(f"{endpoint}\0{bucket}".encode()).hexdigest()[:12]
    return os.path.join(above, f"{re.sub(r'[^A-Za-z0-9]+', '-', bucket).strip('-')[:60]}-{mark}")


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
