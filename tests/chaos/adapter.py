"""The one seam between the harness and the system under test.

An adapter is a small class; the harness calls nothing else.  Every call may
raise; what it raises is recorded as the system's own error message.

Contract the harness holds a system to:
  * `log_dir` returns only when the version is as durable as the product says
    it will ever be on this machine (that return is the "ack").
  * an acked version is listed and `use`able, byte for byte, for ever after.
  * a version that was never acked is either absent or complete.
  * `use` never hands out bytes that differ from the bytes that were logged.
"""
# mypy: ignore-errors
# Untyped on purpose: duck-typed, and run by the interpreters of other systems too.

from __future__ import annotations


class Unsupported(Exception):
    """The product has no such feature; the harness writes 'n/a'."""


class Adapter:
    #: shown in reports
    title = "abstract"
    #: features the product lacks: any of use, verify, metadata, alias,
    #: reference, concurrent
    lacks: frozenset = frozenset()

    def __init__(self, store: str):
        self.store = store

    # -- required ---------------------------------------------------------
    def init(self) -> None:
        """Create the store if it is not there, else open it."""
        raise NotImplementedError

    def log_dir(self, name: str, path: str, metadata=None, aliases=(), type: str = "dataset") -> str:
        """Log the folder `path` as the next version of `name`; the version id."""
        raise NotImplementedError

    def use(self, name: str, version: str, dest: str) -> str:
        """Put the version's files into `dest` (not there yet); its folder."""
        raise Unsupported("use")

    def list(self, name: str) -> list:
        """Version ids of `name`, oldest first. [] when the name is unknown."""
        raise NotImplementedError

    def verify(self) -> list:
        """Run the product's own integrity check; a list of problem lines."""
        raise Unsupported("verify")

    # -- optional ---------------------------------------------------------
    def latest(self, name: str) -> str:
        """What the product says is the newest version of `name`."""
        return self.list(name)[-1]

    def metadata(self, name: str, version: str):
        """The metadata as the product gives it back."""
        raise Unsupported("metadata")

    def log_entry(self, name: str, local_file: str, entry: str) -> str:
        """Log one file under the path `entry` inside the artifact."""
        raise Unsupported("entry paths")

    def resolve(self, name: str, alias: str) -> str:
        raise Unsupported("alias")

    def repair(self) -> None:
        """What a person would do by hand after a crash (remove lock files)."""

    def blob_files(self):
        """Paths of stored payload blobs, or None: the harness finds them by content."""
        return

    def catalog_files(self):
        """Paths of the catalog's own files (for page corruption), or None."""
        return

    def close(self) -> None:
        pass
