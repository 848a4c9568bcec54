"""What every catalog must keep about links, collections by themselves, and parts of unfinished versions."""
# ruff: noqa: S101, PLR2004  a test suite: it asserts, and compares with the numbers it has put in

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.errors import InvalidNameError, InvalidValueError, NotFoundError
from jupyter_artifacts.store.records import INHERIT_TTL, CollectionChanges, Query, VersionChanges
from jupyter_artifacts.testing.publications import blob, publication

if TYPE_CHECKING:
    from jupyter_artifacts.model.jsonable import JsonObject
    from jupyter_artifacts.store.protocols import Catalog
    from jupyter_artifacts.store.records import VersionRecord


class LinksContract:
    """A part of `CatalogContract`."""

    @pytest.fixture
    def catalog(self) -> Catalog:
        """Return an empty implementation."""
        raise NotImplementedError

    @pytest.fixture
    def three(self, catalog: Catalog) -> list[VersionRecord]:
        """Return versions of two collections: a:v0, a:v1 and b:v0, all "best" in their own."""
        made = [("a", "one"), ("a", "two"), ("b", "three")]
        return [
            catalog.versions.publish(publication(text, name=name, aliases=("latest", "best"))).version
            for name, text in made
        ]

    def test_links_have_numbers_of_their_own(self, catalog: Catalog, three: list[VersionRecord]) -> None:
        """From v0 in the order linked; the newest is latest; linking again keeps the number."""
        linked = [catalog.links.link(version.id, "registry", "Best Models") for version in reversed(three)]
        assert [link.number for link in linked] == [0, 1, 2]
        again = catalog.links.link(three[2].id, "registry", "Best Models", ["prod"])
        assert (again.number, again.aliases) == (0, ("latest", "prod"))
        assert catalog.links.resolve("registry", "Best Models", "latest").version.id == three[2].id
        assert catalog.links.resolve("registry", "Best Models", "v2").version.id == three[0].id
        assert [link.label for link in catalog.links.of(three[2].id)] == ["Best Models:v0"]
        with pytest.raises(NotFoundError, match="did you mean 'prod'"):
            catalog.links.resolve("registry", "Best Models", "prd")

    def test_aliases_are_a_matter_of_each_collection(self, catalog: Catalog, three: list[VersionRecord]) -> None:
        """The same word in a link's collection and in the version's own: neither knows of the other."""
        catalog.links.link(three[0].id, "registry", "m", ["best", "only-here"])
        assert catalog.versions.get(three[0].id).aliases == ()
        assert catalog.versions.resolve("p", "a", "best").id == three[1].id
        with pytest.raises(NotFoundError):
            catalog.versions.resolve("p", "a", "only-here")
        assert catalog.versions.page(Query(name="a", alias="only-here")).total == 0
        catalog.versions.change(three[0].id, VersionChanges(aliases=("old",)))
        link = catalog.links.resolve("registry", "m", "best")
        assert (link.version.aliases, link.aliases) == (("old",), ("latest", "best", "only-here"))
        assert catalog.links.rename(link.collection_id, three[0].id, ["new"]).aliases == ("latest", "new")

    def test_unlinking(self, catalog: Catalog, three: list[VersionRecord]) -> None:
        """The version stays; latest goes to the newest left; a number is not used again."""
        for version in three:
            catalog.links.link(version.id, "registry", "m")
        collection = catalog.collections.find("registry", "m")
        assert collection is not None
        assert (collection.portfolio, collection.versions, collection.newest) == (True, 3, 2)
        catalog.links.unlink(collection.id, three[2].id)
        assert catalog.links.resolve("registry", "m", "latest").version.id == three[1].id
        assert catalog.links.link(three[2].id, "registry", "m").number == 3
        with pytest.raises(NotFoundError):
            catalog.links.unlink(collection.id, three[2].id + 1000)
        for version in three:
            catalog.links.unlink(collection.id, version.id)
        assert catalog.versions.get(three[0].id).live
        assert catalog.versions.collections(Query(project="registry")).total == 0
        with pytest.raises(NotFoundError):
            catalog.links.resolve("registry", "m", "latest")

    def test_a_deleted_version_leaves_its_links(self, catalog: Catalog, three: list[VersionRecord]) -> None:
        """Nothing links to what is gone."""
        for version in three:
            catalog.links.link(version.id, "registry", "m", ["prod"])
        catalog.versions.delete(three[2].id)
        assert [link.number for link in catalog.links.page(Query(project="registry", name="m")).rows] == [1, 0]
        assert catalog.links.resolve("registry", "m", "latest").number == 1
        with pytest.raises(NotFoundError):
            catalog.links.resolve("registry", "m", "prod")
        with pytest.raises(NotFoundError):
            catalog.links.link(three[2].id, "registry", "m")

    def test_pages(self, catalog: Catalog, three: list[VersionRecord]) -> None:
        """By number, either way; filtered by what the versions carry and what the links do."""
        catalog.versions.change(three[1].id, VersionChanges(tags=("good",)))
        for version in three:
            catalog.links.link(version.id, "registry", "m")
        every = Query(project="registry", name="m", descending=False)
        assert [link.number for link in catalog.links.page(every).rows] == [0, 1, 2]
        assert catalog.links.page(Query(project="registry", name="m", limit=1, offset=1)).rows[0].number == 1
        assert [link.number for link in catalog.links.page(Query(name="m", tag="good")).rows] == [1]
        assert [link.number for link in catalog.links.page(Query(name="m", alias="latest")).rows] == [2]
        assert catalog.links.page(Query(name="m", type="model")).total == 0

    def test_what_cannot_be_linked(self, catalog: Catalog, three: list[VersionRecord]) -> None:
        """Another type, or a collection that holds versions of its own; nor can links' collections be logged to."""
        catalog.links.link(three[0].id, "registry", "m")
        model = catalog.versions.publish(publication("net", name="net", type="model")).version
        with pytest.raises(InvalidValueError, match="dataset"):
            catalog.links.link(model.id, "registry", "m")
        with pytest.raises(InvalidValueError, match="takes no links"):
            catalog.links.link(three[0].id, "p", "b")
        with pytest.raises(InvalidValueError, match="collection of links"):
            catalog.versions.publish(publication("four", name="m", project="registry"))
        with pytest.raises(InvalidNameError):
            catalog.links.link(three[0].id, "registry", "M")

    def test_time_to_live(self, catalog: Catalog, three: list[VersionRecord]) -> None:
        """Kept with the version, changed, inherited again; linking clears it."""
        new = catalog.versions.publish(publication("short", name="c", ttl=3600)).version
        assert (new.ttl, three[0].ttl) == (3600, None)
        assert catalog.versions.change(new.id, VersionChanges(ttl=0)).ttl == 0
        assert catalog.versions.change(new.id, VersionChanges(description="x")).ttl == 0
        assert catalog.versions.change(new.id, VersionChanges(ttl=INHERIT_TTL)).ttl is None
        catalog.versions.change(new.id, VersionChanges(ttl=60))
        assert catalog.links.link(new.id, "registry", "m").version.ttl is None

    def test_collections_change(self, catalog: Catalog, three: list[VersionRecord]) -> None:
        """Renamed, described, tagged, of another type; a name that is taken is refused, in any case."""
        found = catalog.collections.find("p", "a")
        assert found is not None
        assert catalog.collections.find("p", "zzz") is None
        changes = CollectionChanges(name="A2", type="data", description="text", tags=("t", "s"))
        changed = catalog.collections.change(found.id, changes)
        assert (changed.name, changed.type, changed.description, changed.tags) == ("A2", "data", "text", ("s", "t"))
        assert catalog.versions.resolve("p", "A2", "latest").id == three[1].id
        assert catalog.collections.change(found.id, CollectionChanges(tags=())).tags == ()
        with pytest.raises(InvalidNameError, match="'b'"):
            catalog.collections.change(found.id, CollectionChanges(name="B"))
        assert catalog.collections.change(found.id, CollectionChanges(name="a2")).name == "a2"

    def test_parts(self, catalog: Catalog) -> None:
        """Kept in order for each id, project and name; dropped up to a number."""
        roots = [blob(f"part {number}") for number in range(3)]
        for number, root in enumerate(roots):
            facts: JsonObject = {"n": number, "nan": None}
            assert catalog.parts.add("run-1", "p", "data", root.digest, [root], facts) == number
        catalog.parts.add("run-2", "p", "data", roots[0].digest, [], {})
        parts = catalog.parts.all("run-1", "p", "data")
        assert [(part.number, part.root, part.facts["n"]) for part in parts] == [
            (number, root.digest, number) for number, root in enumerate(roots)
        ]
        catalog.parts.drop("run-1", "p", "data", 1)
        assert [part.number for part in catalog.parts.all("run-1", "p", "data")] == [2]
        assert len(catalog.parts.all("run-2", "p", "data")) == 1
        assert catalog.parts.all("run-1", "q", "data") == ()
