"""Why many blobs are known and sound, told by a few facts instead of a question for each.

The blobs of a folder that was logged are all in the catalog while two things hold: a
manifest's root that was published with them is known, and the counter of condemnations
stands where it stood. They are sound while the few files that hold them carry the stamps
they were sealed with. Whoever finds one of these changed asks for each blob, as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.store.stat_cache import Proof

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_artifacts.store.protocols import BlobSession
    from jupyter_artifacts.store.records import Stored

MOST_FILES = 1000
"""More files than this are not fewer questions."""


class Provable(Protocol):
    """Blobs that can tell whether what holds them was touched."""

    def where(self, blob: Stored) -> str:
        """Return what holds a blob, in a store's words."""

    def untouched(self, files: Mapping[str, str]) -> bool:
        """Tell whether files, given by the name of their stamp and by where they are, are as they were."""


def prove(blobs: Provable, session: BlobSession, tree: Digest, root: Digest, before: Mapping[str, str]) -> Proof | None:
    """Return the proof for a folder whose blobs were published; None where it would save nothing.

    Parameters
    ----------
    blobs : Provable
    session : BlobSession
        The one that was published: it has put the blobs, or relies on them.
    tree : bytes
        Names the state of the folder.
    root : bytes
        Digest of the manifest's root blob.
    before : mapping of str to str
        Files of earlier proofs that were relied on beside the session.
    """
    files = dict(before)
    for stored in session.stored:
        name = stored.place.partition("@")[0]
        if name not in files:
            files[name] = blobs.where(stored)
            if len(files) > MOST_FILES:
                return None
    return Proof(tree, root, session.condemn_seq, files)


def holds(blobs: Provable, session: BlobSession, proof: Proof) -> bool:
    """Tell whether a proof still holds: its blobs may be relied on by this session."""
    root = Digest(proof.root)
    if proof.condemn_seq != session.condemn_seq or root not in session.reuse([root]):
        return False
    return blobs.untouched(proof.files)
