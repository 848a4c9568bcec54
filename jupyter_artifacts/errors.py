"""Every error this package raises on purpose.

Each class also inherits the builtin a Python user would catch, and carries a
``kind``: a short string for programs that is only ever added to, never renamed.
W&B's names are kept where code written for W&B catches them.

::

    ArtifactsError (= Error)
    |-- InvalidValueError            ValueError    what you passed cannot be right
    |   |-- InvalidNameError                       a name, alias, tag, type or project
    |   |-- UnsafePathError                        a path that would leave its root
    |   `-- MisfitError            AssertionError  rows, columns or arguments that do not fit together
    |-- InvalidTypeError             TypeError     what you passed has the wrong type
    |   `-- LifetimeTypeError AttributeError       a time to live that is no timedelta
    |-- UsageError                                 right thing, wrong moment
    |   `-- UnsupportedError                       known, and not offered here
    |       |-- UnsupportedNameError AttributeError  a name of W&B's module that is not here
    |       `-- UnsupportedImportError ImportError  a name imported from a module of W&B's that is not here
    |-- CommError                                  the store has no such thing (W&B's name)
    |   |-- NotFoundError            LookupError   no such artifact, version, alias or run
    |   `-- AuthenticationError
    |-- ConfigError                                a run's config refused a change
    |-- ArtifactStatusError          AttributeError
    |   |-- ArtifactNotLoggedError                 asked of a draft
    |   `-- ArtifactFinalizedError                 change asked of a logged artifact
    |-- WaitTimeoutError             TimeoutError
    |-- NoHandlerError               TypeError     no handler for this kind of object
    |-- MissingDependencyError       ImportError   an optional package is needed
    |-- FileChangedError             OSError       a file changed while it was read
    |-- SpecialFileError             OSError       a fifo, socket or device
    |-- UnreadableFileError          PermissionError
    |-- MissingFileError             FileNotFoundError
    |   `-- NoSuchPathError          ValueError    nothing of the right kind at the path you passed
    |-- LinkError                    OSError       a symbolic link that is refused
    `-- StoreError                                 the store itself
        |-- CorruptError             OSError       bytes differ from their digest
        |-- VanishedError                          a draft relied on stored bytes that are gone
        |-- CatalogDamagedError      OSError
        |-- NewerFormatError         RuntimeError  written by a newer version of this package
        |-- ReadOnlyStoreError       OSError       EROFS / EACCES
        |-- StoreFullError           OSError       ENOSPC / EDQUOT
        |-- StoreBusyError           TimeoutError
        |-- StoreGoneError           FileNotFoundError  deleted or moved while open
        |-- ForeignStoreError        PermissionError    owned by another user
        `-- ForkedStoreError         RuntimeError  used across a fork
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class ArtifactsError(Exception):
    """Base of all errors of this package."""

    kind: ClassVar[str] = "error"


Error = ArtifactsError


class InvalidValueError(ArtifactsError, ValueError):
    """A value that can never be right, whatever the store holds."""

    kind = "invalid-value"


class InvalidNameError(InvalidValueError):
    """A name, alias, tag, type or project that is refused."""

    kind = "invalid-name"


class UnsafePathError(InvalidValueError):
    """A path inside an artifact that is absolute, climbs, or cannot exist everywhere."""

    kind = "unsafe-path"


class MisfitError(InvalidValueError, AssertionError):
    """Rows, columns or arguments that do not fit together; W&B asserts here, Python code catches ValueError."""

    kind = "misfit"


class InvalidTypeError(ArtifactsError, TypeError):
    """A value of the wrong type."""

    kind = "invalid-type"


class UsageError(ArtifactsError):
    """A call that would be right at another moment or with other arguments."""

    kind = "usage"


class UnsupportedError(UsageError):
    """Something W&B has that is not tracked here."""

    kind = "unsupported"


class UnsupportedNameError(UnsupportedError, AttributeError):
    """A name of W&B's module that is not here; being an AttributeError, ``hasattr`` is False."""

    kind = "unsupported-name"


class UnsupportedImportError(UnsupportedError, ImportError):
    """A name of one of W&B's inner modules that is not here; ``from ... import`` shows this message."""

    kind = "unsupported-import"


class CommError(ArtifactsError):
    """The store could not give what was asked (the name that W&B code catches)."""

    kind = "comm"


class NotFoundError(CommError, LookupError):
    """No such project, artifact, version, alias or run; names the nearest ones."""

    kind = "not-found"


class AuthenticationError(CommError):
    """Kept for code that catches it; a local store never asks who you are."""

    kind = "authentication"


class ConfigError(ArtifactsError):
    """A run's config refused a change or could not be read."""

    kind = "config"


class LifetimeTypeError(InvalidTypeError, AttributeError):
    """A time to live that is no timedelta; W&B stumbles over it with an AttributeError, so this is one too."""

    kind = "lifetime-type"


class ArtifactStatusError(ArtifactsError, AttributeError):
    """The artifact is not in the state that the call needs."""

    kind = "artifact-status"


class ArtifactNotLoggedError(ArtifactStatusError):
    """Asked of a draft; being an AttributeError, ``hasattr(draft, "version")`` is False."""

    kind = "artifact-not-logged"


class ArtifactFinalizedError(ArtifactStatusError):
    """A change asked of an artifact that has been logged."""

    kind = "artifact-finalized"


class WaitTimeoutError(ArtifactsError, TimeoutError):
    """Kept for code that catches it; logging here has finished when it returns."""

    kind = "wait-timeout"


class NoHandlerError(ArtifactsError, TypeError):
    """No registered handler can write this kind of object to files."""

    kind = "no-handler"


class MissingDependencyError(ArtifactsError, ImportError):
    """An optional package is needed; the message says how to install it."""

    kind = "missing-dependency"


class FileChangedError(ArtifactsError, OSError):
    """A file was rewritten while it was being read, twice."""

    kind = "file-changed"


class SpecialFileError(ArtifactsError, OSError):
    """A fifo, socket or device where a file was expected."""

    kind = "special-file"


class UnreadableFileError(ArtifactsError, PermissionError):
    """A file or folder that may not be read."""

    kind = "unreadable-file"


class MissingFileError(ArtifactsError, FileNotFoundError):
    """A file or folder that is not there."""

    kind = "missing-file"


class NoSuchPathError(InvalidValueError, MissingFileError):
    """A path given to ``add_file`` or ``add_dir`` where no file, or no folder, is.

    W&B code catches ValueError here, Python code FileNotFoundError: it is both.
    """

    kind = "no-such-path"


class LinkError(ArtifactsError, OSError):
    """A symbolic link that dangles, loops, or leads out of the folder."""

    kind = "link"


class StoreError(ArtifactsError):
    """The store itself is in trouble."""

    kind = "store"


class CorruptError(StoreError, OSError):
    """Stored bytes differ from the digest they were logged under."""

    kind = "corrupt"


class VanishedError(StoreError):
    """Stored bytes that a draft relied on were removed before it was logged; they must be written again.

    Attributes
    ----------
    digests : tuple of bytes
    """

    kind = "vanished"

    def __init__(self, digests: Iterable[bytes]) -> None:
        self.digests = tuple(digests)
        super().__init__(
            f"{len(self.digests)} stored blobs that this version relies on were removed by a garbage collection "
            "before it was logged, and nothing was logged; add their files again"
        )


class CatalogDamagedError(StoreError, OSError):
    """The catalog's own file is damaged."""

    kind = "catalog-damaged"


class NewerFormatError(StoreError, RuntimeError):
    """The store was written by a newer version of this package."""

    kind = "newer-format"


class ReadOnlyStoreError(StoreError, OSError):
    """The store's folder cannot be written."""

    kind = "read-only"


class StoreFullError(StoreError, OSError):
    """The disk or quota is full."""

    kind = "full"


class StoreBusyError(StoreError, TimeoutError):
    """Another process holds the catalog for too long."""

    kind = "busy"


class StoreGoneError(StoreError, FileNotFoundError):
    """The store's folder was deleted or moved while it was open."""

    kind = "gone"


class ForeignStoreError(StoreError, PermissionError):
    """The store belongs to another user of this machine."""

    kind = "foreign"


class ForkedStoreError(StoreError, RuntimeError):
    """A run or session was used in a process forked after it was opened."""

    kind = "forked"


def nearest(wanted: str, known: Iterable[str], limit: int = 3) -> str:
    """Return ``"; did you mean 'a' or 'b'?"``, or an empty string.

    Parameters
    ----------
    wanted : str
        What was asked for.
    known : iterable of str
        What there is.
    limit : int, default 3
        At most this many suggestions.
    """
    names = list(dict.fromkeys(known))
    folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(wanted.casefold(), folded, n=limit, cutoff=0.6)
    if not found:
        return ""
    return "; did you mean " + " or ".join(repr(folded[name]) for name in found) + "?"
