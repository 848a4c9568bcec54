"""What the catalog says of stale versions is what the rule says when it sees everything."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.model.stale import Made, stale_reasons
from jupyter_artifacts.store import layout
from jupyter_artifacts.store.catalog import catalog as catalogs
from jupyter_artifacts.store.catalog import server as servers
from jupyter_artifacts.store.location import ServerURL
from jupyter_artifacts.store.records import Query
from jupyter_artifacts.testing.publications import publication, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_artifacts.store.protocols import Catalog

NAMES = ["raw", "clean", "model", "report", "sheet"]


@pytest.fixture(params=["sqlite", "postgres"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    if request.param == "postgres":
        url = ServerURL(request.getfixturevalue("postgres").database())
        servers.found(url, layout.new_info(), "")
        opened = servers.open_server(url, "blake3")
    else:
        (tmp_path / "store.json").touch()
        catalogs.create(str(tmp_path / "catalog.db"), layout.new_info())
        opened = catalogs.open_file(str(tmp_path / "catalog.db"), "blake3")
    yield opened
    opened.close()


def fill(catalog: Catalog, chance: random.Random, runs: int, *, first: int = 0) -> None:
    """Let runs use what there is and make versions, of names that come later than all they used or of the same.

    So nothing is made from itself, however often a content is made again.
    """
    for number in range(first, first + runs):
        catalog.runs.start(run(f"r{number}"))
        stage = chance.randrange(len(NAMES))
        earlier = catalog.versions.page(Query(limit=1000)).rows
        fit = [version for version in earlier if NAMES.index(version.name) < stage]
        for version in chance.sample(fit, min(len(fit), chance.randrange(4))):
            catalog.edges.use(f"r{number}", version.id)
        if chance.random() < 0.3:
            older = [version for version in earlier if version.name == NAMES[stage]]
            if older:
                catalog.edges.use(f"r{number}", max(older, key=lambda version: version.number).id)
        for _ in range(chance.randrange(1, 3)):
            content = f"{stage} {chance.randrange(6) if chance.random() < 0.4 else f'{number} {chance.random()}'}"
            catalog.versions.publish(publication(content, name=NAMES[stage], run_id=f"r{number}"))


def by_the_rule(catalog: Catalog) -> dict[int, str]:
    """Ask for everything, and put all of it before the rule."""
    versions = catalog.versions.page(Query(limit=1000)).rows
    collection = {version.id: version.collection_id for version in versions}
    made = []
    for version in versions:
        makers = catalog.edges.makers(version.id)
        used = [one.id for one in catalog.edges.inputs(makers[-1].id)] if makers else []
        inputs = tuple(one for one in used if collection.get(one) != version.collection_id)
        made.append(
            Made(version.id, version.collection_id, version.number, f"{version.name}:v{version.number}", inputs)
        )
    latest = {version.collection_id: version.id for version in versions if "latest" in version.aliases}
    return stale_reasons(made, latest)


@pytest.mark.parametrize("seed", range(3))
def test_the_catalog_and_the_rule_agree(catalog: Catalog, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  a repeatable choice of cases
    seen = 0
    for turn in range(3):
        fill(catalog, chance, 7, first=7 * turn)
        expected = by_the_rule(catalog)
        every = [version.id for version in catalog.versions.page(Query(limit=1000)).rows]
        some = chance.sample(every, len(every) // 5)
        assert catalog.edges.stale(every) == expected
        assert catalog.edges.stale_of("p") == expected
        assert catalog.edges.stale(some) == {one: expected[one] for one in some if one in expected}
        assert [catalog.edges.stale([one]).get(one) for one in some] == [expected.get(one) for one in some]
        seen += len({reason.partition("; ")[2] or "cause" for reason in expected.values()})
    assert seen > 4
