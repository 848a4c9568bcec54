"""What a PostgreSQL server refuses, told as an error of ours, without a password in it."""
# ruff: noqa: TID253  this package is imported only when a catalog is opened

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from jupyter_artifacts.errors import (
    CatalogDamagedError,
    ReadOnlyStoreError,
    StoreBusyError,
    StoreError,
    StoreFullError,
)

if TYPE_CHECKING:
    from sqlalchemy import URL

    from jupyter_artifacts.errors import ArtifactsError

_LOCKED = "55P03"
_GOING = ("57P01", "57P02", "57P03")
"""The server is shutting down, has crashed, or is starting."""

_UNREACHED = ("connection", "server closed", "consuming input failed", "could not", "failed to", "timeout")
_DAMAGED = ("XX001", "XX002", "42P01", "42703", "3F000")
_READ_ONLY = ("25006", "42501")
_FULL = ("53100", "53200")
_CROWDED = ("53300", _LOCKED)


def told(url: URL) -> str:
    """Return a URL for people: who, where, which database, and nothing else of it."""
    who = f"{url.username}@" if url.username else ""
    hosts = url.query.get("host", "")
    host = url.host or (hosts if isinstance(hosts, str) else ",".join(hosts))
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{who}{host}{port}/{url.database or ''}"


def code_of(error: BaseException) -> str:
    """Return the server's five letters for an error, empty when it did not answer."""
    return str(getattr(error, "sqlstate", None) or "")


def cause_of(error: BaseException) -> BaseException:
    """Return the driver's own error, without the frames and the SQL that led to it."""
    cause = (error.orig or error) if isinstance(error, DBAPIError) else error
    return cause.with_traceback(None)


def is_lost(error: BaseException) -> bool:
    """Tell whether the connection broke, so that nobody said what became of the statement."""
    code = code_of(cause_of(error))
    if code:
        return code in _GOING or code.startswith("08")
    return any(part in str(cause_of(error)) for part in _UNREACHED)


def is_busy(error: BaseException) -> bool:
    """Tell whether another transaction held the row that was asked for."""
    return code_of(cause_of(error)) == _LOCKED


def lost(where: str) -> str:
    """Return what is said of a transaction that the server did not finish."""
    return f"the server of {where} went away; nothing was logged: when it is back, run this again"


def read_only(where: str) -> ReadOnlyStoreError:
    """Return the error for a catalog that this user cannot write."""
    fault = ReadOnlyStoreError(
        f"the catalog {where} is read-only for you; reading works. To log, ask its keeper for the right to write, "
        "or set JUPYTER_ARTIFACTS_STORE to a folder of your own"
    )
    fault.errno = errno.EROFS
    return fault


def fault_of(cause: BaseException, where: str) -> ArtifactsError:
    """Return the error of ours for what the server said, or for its silence."""
    code = code_of(cause)
    said = " ".join(str(cause).split())
    if code in _READ_ONLY:
        return read_only(where)
    if code in _FULL:
        return _full(where, said)
    if code in _CROWDED:
        return StoreBusyError(f"the catalog {where} is busy ({said}); nothing was logged, run this again later")
    if code in _DAMAGED:
        return CatalogDamagedError(
            f"the catalog {where} is damaged ({said}); the files themselves are apart from it and untouched. "
            "Restore the database from its keeper's copy (pg_restore)"
        )
    if code.startswith("23"):
        return StoreError(f"the catalog {where} refused a row ({said}); nothing was written. Please report this")
    if code.startswith(("28", "3D")) or not code:
        return StoreError(
            f"the catalog {where} cannot be reached: {said}. Check user, host and database (passwords belong "
            "into ~/.pgpass or PGPASSWORD), then try again"
        )
    return StoreError(f"the catalog {where} failed: {said} ({code}); nothing was written")


def _full(where: str, said: str) -> StoreFullError:
    fault = StoreFullError(f"the server of {where} has no room ({said}); nothing was logged: its keeper must free some")
    fault.errno = errno.ENOSPC
    return fault
