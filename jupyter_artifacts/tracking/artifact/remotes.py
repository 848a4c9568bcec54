"""Which kind of address is read by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import UnsupportedError
from jupyter_artifacts.tracking.artifact.entries import FILE_SCHEME
from jupyter_artifacts.tracking.artifact.remote import BUCKETS, WEB, scheme_of

if TYPE_CHECKING:
    from jupyter_artifacts.tracking.artifact.remote import Remote


def remote_of(uri: str) -> Remote:
    """Return what reads an address.

    Raises
    ------
    UnsupportedError
        Nothing here reads addresses of this kind.
    """
    scheme = scheme_of(uri)
    if scheme == FILE_SCHEME:
        from jupyter_artifacts.tracking.artifact.remote_files import LocalFiles

        return LocalFiles()
    if scheme in WEB:
        from jupyter_artifacts.tracking.artifact.remote_web import Web

        return Web()
    if scheme in BUCKETS:
        from jupyter_artifacts.tracking.artifact.remote_buckets import Buckets

        return Buckets()
    kinds = ", ".join(f"{known}://" for known in (FILE_SCHEME, *sorted(WEB), *sorted(BUCKETS)))
    raise UnsupportedError(f"nothing here reads {uri!r}; references of these kinds can be fetched: {kinds}")
