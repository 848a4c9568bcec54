"""What one writer relies on without writing it: blobs that the catalog knows and that are sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.store import leases
from jupyter_artifacts.store.faults import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_artifacts.model.digest import Digest
    from jupyter_artifacts.store.protocols import BlobIndex
    from jupyter_artifacts.store.records import Place, Stored


class Soundness(Protocol):
    """Who can say whether stored bytes are as they were logged."""

    def sound(self, blobs: Iterable[Stored]) -> dict[Digest, Stored]:
        """Return those that are."""


class Reliance:
    """Asks the catalog, and remembers the answers.

    Parameters
    ----------
    root : str
        The store's folder, for errors.
    folder : str
        The session's; what is relied on is noted there, for the garbage collector.
    index : BlobIndex
    blobs : LocalBlobs

    Attributes
    ----------
    known : dict of Digest to Stored
        What is relied on, and where it lies.
    """

    def __init__(self, root: str, folder: str, index: BlobIndex, blobs: Soundness) -> None:
        self._root = root
        self._folder = folder
        self._index = index
        self._blobs = blobs
        self._relied: dict[Digest, None] = {}
        self._rotten: dict[Digest, Place] = {}
        self.known: dict[Digest, Stored] = {}

    @property
    def digests(self) -> tuple[Digest, ...]:
        """All that is relied on."""
        return tuple({**self._relied, **self.known})

    def ask(self, digests: Sequence[Digest]) -> Mapping[Digest, Stored]:
        """Return those of `digests` that the catalog knows and that are sound; they are relied on from now on."""
        self._note(digests)
        found = self._index.find(digests)
        sound = self._blobs.sound(found.values())
        self._rotten.update((digest, stored.place) for digest, stored in found.items() if digest not in sound)
        self.known.update(sound)
        return sound

    def rely(self, digests: Sequence[Digest]) -> None:
        """Rely on blobs without asking for them."""
        self._note(digests)
        self._relied.update(dict.fromkeys(digests))

    def entered(self, sealed: Mapping[Digest, Stored]) -> Mapping[Digest, Stored]:
        """Return which of one's own blobs the catalog knows by now; they are relied on from now on.

        A place that was found rotten does not count: it is what they are to heal.
        """
        found = self._index.find(list(sealed)) if sealed else {}
        right = {digest: stored for digest, stored in found.items() if stored.place != self._rotten.get(digest)}
        self.known.update(right)
        return right

    def enter(self, sealed: Mapping[Digest, Stored]) -> None:
        """Enter one's own durable blobs in the catalog."""
        self._index.replace(sealed.values())
        self.known.update(sealed)

    def _note(self, digests: Sequence[Digest]) -> None:
        with writing(self._root):
            leases.note(self._folder, digests)
