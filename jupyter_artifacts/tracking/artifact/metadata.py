"""What an artifact's description, metadata, aliases and tags may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.model.jsonable import check_size, normalise_object
from jupyter_artifacts.model.names import LATEST, check_aliases, check_tag, check_text
from jupyter_artifacts.tracking.secrets_hint import hint_at_secrets

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject

MAX_KEYS = 100


def check_metadata(value: object) -> JsonObject:
    """Return metadata as a plain JSON object nobody else holds.

    Parameters
    ----------
    value : mapping, dataclass, str or None
        A str is the JSON text of an object. NaN and infinities are kept.

    Raises
    ------
    InvalidTypeError
        Another shape, or a value JSON cannot hold; the key's path is named.
    InvalidValueError
        Over 100 top-level keys, over 1 MiB, a cycle.
    """
    metadata = normalise_object(value, "metadata")
    if len(metadata) > MAX_KEYS:
        raise InvalidValueError(
            f"metadata has {len(metadata)} keys at its top (limit {MAX_KEYS}); nest them, or add them as a file"
        )
    check_size(metadata, "metadata")
    hint_at_secrets(metadata, "metadata")
    return metadata


def check_description(value: object) -> str | None:
    """Return a description: any text, or None."""
    return None if value is None else check_text(value, "description")


def with_latest(aliases: object) -> tuple[str, ...]:
    """Return the aliases for a new version: ``latest``, which is always added, and the ones asked for."""
    return tuple(dict.fromkeys((LATEST, *check_aliases(aliases))))


def check_tags(value: object) -> tuple[str, ...]:
    """Return tags in order without repeats; a single str stands for a list of one."""
    if value is None:
        return ()
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple, set, frozenset)):
        raise InvalidTypeError(f"tags must be a list of str, not {type(value).__name__}")
    return tuple(dict.fromkeys(check_tag(item) for item in items))
