"""Versions that several processes make together: each gives a part, one of them finishes."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError, UsageError
from jupyter_artifacts.model.digest import Digest
from jupyter_artifacts.model.manifest import Manifest
from jupyter_artifacts.model.names import check_aliases, check_name, check_project, check_text, check_type
from jupyter_artifacts.tracking.artifact.draft import Draft
from jupyter_artifacts.tracking.artifact.metadata import check_description, check_metadata, check_tags
from jupyter_artifacts.tracking.artifact.publishing import publish_draft, refuse_other_type, reused_by

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.model.manifest import Entry
    from jupyter_artifacts.store.records import Part, Published
    from jupyter_artifacts.store.store import Store


def upsert(draft: Draft, store: Store, project: str, distributed_id: object, aliases: object, tags: object) -> None:
    """Keep a draft's files as one part of the version that `finish` will make; nothing is seen before.

    Raises
    ------
    UsageError
        No id and no group, so that nobody knows which parts belong together.
    """
    own = distributed_id_of(distributed_id)
    name = check_name(draft.name)
    kind = check_type(draft.type, name)
    check_project(project)
    facts: JsonObject = {
        "type": kind,
        "metadata": check_metadata(draft.metadata),
        "description": check_description(draft.description),
        "aliases": list(check_aliases(aliases)),
        "tags": list(check_tags(tags)),
        "ttl": draft.ttl,
        "incremental": draft.incremental,
    }
    for part in store.catalog.parts.all(own, project, name):
        _same_type(part, kind, name)
    refuse_other_type(store, project, name, kind)
    draft.distributed_id = own
    draft.move_to(store)
    manifest = draft.manifest()
    _, root = store.put_manifest(draft.session, manifest)
    blobs = draft.session.seal()
    store.catalog.parts.add(own, project, name, root, blobs, facts, reused_by(draft, manifest))
    draft.leave()


def finish(
    draft: Draft,
    store: Store,
    project: str,
    distributed_id: object,
    *,
    run_id: str | None = None,
    history_step: int | None = None,
) -> Published:
    """Make one version of all the parts given under an id; the next part begins another one."""
    own = distributed_id_of(distributed_id)
    parts = store.catalog.parts.all(own, project, draft.name)
    whole = Draft(draft.name, draft.type)
    whole.belong_to(store)
    files: dict[str, Entry] = {}
    aliases: list[str] = []
    tags: list[str] = []
    for part in parts:
        files.update({entry.path: entry for entry in _manifest(store, part, draft.name)})
        aliases += _texts(part.facts["aliases"])
        tags += _texts(part.facts["tags"])
        metadata, text, ttl = part.facts["metadata"], part.facts["description"], part.facts["ttl"]
        whole.metadata.update(metadata if isinstance(metadata, dict) else {})
        whole.description = text if isinstance(text, str) else whole.description
        whole.ttl = ttl if isinstance(ttl, int) else whole.ttl
        whole.incremental = whole.incremental or bool(part.facts["incremental"])
    whole.add_entries(files.values())
    same = [(part.number, part.root.hex(), part.at) for part in parts]
    published = publish_draft(
        whole,
        store,
        project,
        run_id=run_id,
        history_step=history_step,
        aliases=aliases,
        tags=tags,
        # A finish that is repeated, because it was killed before it could say so, makes no second version.
        commit_id=uuid.uuid5(uuid.NAMESPACE_OID, repr((own, project, draft.name, same))).hex,
    )
    store.catalog.parts.drop(own, project, draft.name, parts[-1].number)
    return published


def distributed_id_of(given: object) -> str:
    """Return the id that parts of one version share."""
    if given is None or given == "":
        raise InvalidTypeError(
            "upsert_artifact() and finish_artifact() need to know which parts belong together: begin the runs with "
            "init(group=...), or pass distributed_id="
        )
    return check_text(given, "distributed_id")


def _manifest(store: Store, part: Part, name: str) -> Manifest:
    what = f"part {part.number} of {name}"
    return Manifest.decode(store.read(part.root, what), lambda digest: store.read(Digest(digest), what))


def _same_type(part: Part, kind: str, name: str) -> None:
    if part.facts["type"] != kind:
        raise UsageError(f"the parts of {name!r} given so far are of type {part.facts['type']!r}, not {kind!r}")


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
