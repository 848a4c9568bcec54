"""What the garbage collector, repair and verification ask of a catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.records import Stored, VersionRecord
    from jupyter_artifacts.store.upkeep_records import Root, Roots, Trashed, Waiting


class Garbage(Protocol):
    """Blobs that nothing names, on their way out; see `store/catalog/condemned.py` for the rules."""

    def roots(self, without: Collection[int] = ()) -> Roots:
        """Return everything that keeps blobs; the versions `without` count as deleted."""

    def condemn(
        self, unnamed: Sequence[Stored], since: Roots, mark: Callable[[Sequence[Root]], AbstractSet[Digest]]
    ) -> Sequence[Stored]:
        """Condemn blobs; return the new ones. `mark` tells what manifests published after `since` name."""

    def waiting(self) -> Waiting:
        """Return what is condemned and not deleted yet."""

    def due(self, before: float) -> Sequence[Stored]:
        """Return the condemned blobs that :meth:`delete` would delete."""

    def delete(self, before: float) -> Sequence[Stored]:
        """Delete the rows of blobs condemned before a moment; their places go to the trash."""

    def trash(self) -> Sequence[Trashed]:
        """Return the places without a row whose files are still there."""

    def purge(self, claimed: AbstractSet[Digest]) -> Sequence[Trashed]:
        """Take places that nobody claims out of the trash, so that their files may be removed; return them."""

    def repoint(self, moves: Sequence[tuple[Stored, Stored]]) -> None:
        """Point blobs (before, after) at copies, where their rows still name what was copied."""

    def outrun(self) -> bool:
        """Tell whether the journal knows of commits that this catalog does not: then it is an older copy."""

    def expired(self, now: float) -> Sequence[int]:
        """Return the ids of live versions whose time to live is over."""

    def restore(self, version_id: int, digests: Sequence[Digest]) -> VersionRecord:
        """Make a deleted version live again; `digests` is everything that its manifest names.

        Raises
        ------
        VanishedError
            Some of it is gone.
        """

    def checked(self) -> Mapping[str, float]:
        """Return when the bytes at places (a pack counts as one) were last found sound."""

    def note_checked(self, places: Sequence[str], at: float, gone: Sequence[str] = ()) -> None:
        """Note that the bytes at places were found sound; forget places that are gone."""
