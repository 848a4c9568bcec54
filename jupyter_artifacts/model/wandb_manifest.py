"""W&B's manifest of an artifact: its digest and its JSON form, after W&B's client 0.31.

The digest is the MD5 of the line ``wandb-artifact-manifest-v1`` and one line
``path:digest`` for each entry, sorted by path. A file's digest is the base64 of
the MD5 of its bytes; a reference's is its checksum or ETag, or the address itself.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from typing import TYPE_CHECKING, NamedTuple

from jupyter_artifacts.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_artifacts.model.jsonable import JsonObject

_HEAD = b"wandb-artifact-manifest-v1\n"
_POLICY = "wandb-storage-policy-v1"


class WandbEntry(NamedTuple):
    """One line of such a manifest.

    Attributes
    ----------
    path : str
        Inside the artifact.
    digest : str
        Base64 of an MD5, or a reference's checksum, ETag or address.
    size : int or None
        Bytes.
    ref : str or None
        The address of a reference.
    local_path : str
        Where an offline run has put the bytes; empty when nobody said.
    is_md5 : bool
        False when a later client has hashed the file otherwise.
    """

    path: str
    digest: str
    size: int | None = None
    ref: str | None = None
    local_path: str = ""
    is_md5: bool = True


def md5_text(md5: bytes) -> str:
    """Return an MD5 as W&B writes it."""
    return b64encode(md5).decode("ascii")


def manifest_digest(entries: Iterable[WandbEntry]) -> str:
    """Return W&B's digest of an artifact, 32 hexadecimal digits."""
    whole = hashlib.md5(_HEAD, usedforsecurity=False)
    for entry in sorted(entries):
        whole.update(f"{entry.path}:{entry.digest}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def to_json(entries: Iterable[WandbEntry]) -> JsonObject:
    """Return the manifest as W&B stores it in ``wandb_manifest.json``."""
    contents: JsonObject = {}
    for entry in sorted(entries):
        line: JsonObject = {"digest": entry.digest}
        if entry.ref is not None:
            line["ref"] = entry.ref
        if entry.size is not None:
            line["size"] = entry.size
        contents[entry.path] = line
    return {
        "version": 1,
        "storagePolicy": _POLICY,
        "storagePolicyConfig": {"storageLayout": "V2"},
        "contents": contents,
    }


def from_json(text: str | bytes, where: str) -> list[WandbEntry]:
    """Read a manifest that W&B, or :func:`to_json`, wrote.

    Parameters
    ----------
    text : str or bytes
    where : str
        Its file, for errors.

    Raises
    ------
    InvalidValueError
        It is no such manifest, or one of a version that is not known.
    """
    try:
        found: object = json.loads(text)
    except ValueError as error:
        raise InvalidValueError(f"{where} is no W&B manifest: it is not JSON ({error})") from error
    contents = found.get("contents") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(contents, dict):
        raise InvalidValueError(f"{where} is no W&B manifest: it has no 'contents'")
    if found.get("version") != 1:
        raise InvalidValueError(f"{where} is a W&B manifest of version {found.get('version')!r}; only 1 is known here")
    return [_entry(path, line, where) for path, line in contents.items()]


def _entry(path: str, line: object, where: str) -> WandbEntry:
    facts = line if isinstance(line, dict) else {}
    digest, size, ref, extra = facts.get("digest"), facts.get("size"), facts.get("ref"), facts.get("extra")
    if not isinstance(digest, str) or not isinstance(size, (int, type(None))) or not isinstance(ref, (str, type(None))):
        raise InvalidValueError(f"{where}: the entry {path!r} has no digest, or a size or ref that is none")
    return WandbEntry(path, digest, size, ref, is_md5=is_md5(extra))


def is_md5(extra: object) -> bool:
    """Tell whether an entry's digest is an MD5; newer clients may say otherwise in its extra facts."""
    said = extra.get("alg") if isinstance(extra, dict) else None
    return not isinstance(said, str) or "XXH" not in said.upper()
