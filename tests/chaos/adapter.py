"""The one seam between the harness and the system under test.

An adapter is a small class; the harness calls nothing else. Every call may raise, and
what it raises is recorded as the system's own error message. Adapters run in the
interpreters of other systems: the standard library is all they share with the harness.

What the harness holds a system to:

* `log_dir` returns only when the version is as durable as the product says it will ever
  be on this machine (that return is the "ack").
* An acked version is listed and usable, byte for byte, for ever after.
* A version that was never acked is either absent or complete.
* `use` never hands out bytes that differ from the bytes that were logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class Unsupported(Exception):  # noqa: N818  # the word that reports use
    """The product has no such feature; the harness writes "n/a"."""


class Adapter:
    """A system under test, with its store in one folder."""

    title: ClassVar[str] = "abstract"
    """Shown in reports."""
    lacks: ClassVar[frozenset[str]] = frozenset()
    """Features that the product lacks: any of verify, metadata, alias, collect."""
    chores: ClassVar[Sequence[str]] = ()
    """What :meth:`chore` can do."""

    def __init__(self, store: str) -> None:
        self.store = store

    def init(self) -> None:
        """Create the store if it is not there, else open it."""
        raise NotImplementedError

    def log_dir(
        self, name: str, path: str, metadata: Any = None, aliases: Sequence[str] = (), type: str = "dataset"
    ) -> str:
        """Log the folder `path` as the next version of `name`; return the version's id."""
        raise NotImplementedError

    def use(self, name: str, version: str, dest: str) -> str:
        """Put the version's files into `dest`, which is not there yet; return their folder."""
        raise Unsupported(f"use of {name}:{version} into {dest}")

    def list(self, name: str) -> Sequence[str]:
        """Return the version ids of `name`, oldest first; none when the name is unknown."""
        raise NotImplementedError

    def verify(self) -> Sequence[str]:
        """Run the product's own integrity check; return a line for each problem."""
        raise Unsupported("verify")

    def latest(self, name: str) -> str:
        """Return what the product says is the newest version of `name`."""
        return self.list(name)[-1]

    def metadata(self, name: str, version: str) -> Any:
        """Return the metadata as the product gives it back."""
        raise Unsupported(f"metadata of {name}:{version}")

    def log_entry(self, name: str, local_file: str, entry: str) -> str:
        """Log one file under the path `entry` inside the artifact."""
        raise Unsupported(f"entry paths: {local_file} as {name}/{entry}")

    def resolve(self, name: str, alias: str) -> str:
        """Return the version that an alias names."""
        raise Unsupported(f"alias {name}:{alias}")

    def delete(self, name: str, version: str) -> None:
        """Delete a version."""
        raise Unsupported(f"delete {name}:{version}")

    def collect(self) -> int:
        """Remove at once the bytes that nothing needs; return how many."""
        raise Unsupported("collect")

    def unneeded(self) -> int:
        """Return the bytes that a collection should have removed and has not."""
        raise Unsupported("unneeded")

    def chore(self, name: str, work: str) -> None:
        """Do something else that changes a store, or reads all of it; `work` is a folder outside."""
        raise Unsupported(f"{name} in {work}")

    def repair(self) -> None:
        """Do what a person would do by hand after a crash (remove lock files)."""

    def rescue(self) -> None:
        """Do what the product's own error says when its catalog is damaged."""
        raise Unsupported("rescue")

    def catalog_files(self) -> Sequence[str]:
        """Return the catalog's own files, whose pages can be damaged; none where there is no such thing."""
        return ()

    def close(self) -> None:
        """Close the store."""
