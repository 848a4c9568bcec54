"""Aliases edited on the page: checked as if an attacker had sent them, told to every open panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jupyter_artifacts.errors import InvalidNameError, NotFoundError, UsageError, nearest
from jupyter_artifacts.model.names import LATEST, check_alias
from jupyter_artifacts.panels.base import open_panels
from jupyter_artifacts.panels.protocol import AliasAnswer
from jupyter_artifacts.panels.rpc import Reply
from jupyter_artifacts.store.records import VersionChanges

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.panels.protocol import AliasParams
    from jupyter_artifacts.panels.shelf import Shelf


def alias_method(shelf: Shelf) -> dict[str, Callable[[dict[str, object]], Reply]]:
    """Return the method by which a page gives and takes aliases."""

    def change(params: dict[str, object]) -> Reply:
        asked = cast("AliasParams", params)
        aliases = changed(shelf, asked["id"], asked["add"], asked["remove"])
        for panel in open_panels():
            panel.tell_changed()
        return Reply(AliasAnswer(id=asked["id"], aliases=aliases))

    return {"alias.change": change}


def changed(shelf: Shelf, version_id: int, add: str, remove: str) -> list[str]:
    """Give a version an alias, or take one; return its aliases.

    Raises
    ------
    InvalidNameError
        No alias, or ``latest``, which moves by itself.
    NotFoundError
        It has no such alias, or there is no such version.
    ReadOnlyStoreError
    """
    if bool(add) == bool(remove):
        raise UsageError("give one alias to add, or one to remove")
    version = shelf.catalog.versions.get(version_id)
    if LATEST in {add, remove}:
        raise InvalidNameError("'latest' goes to the newest version by itself; give another alias")
    if remove and remove not in version.aliases:
        raise NotFoundError(f"{version.label} has no alias {remove!r}{nearest(remove, version.aliases)}")
    kept = [alias for alias in version.aliases if alias != remove]
    wanted = [*kept, check_alias(add)] if add else kept
    return list(shelf.catalog.versions.change(version_id, VersionChanges(aliases=tuple(dict.fromkeys(wanted)))).aliases)
