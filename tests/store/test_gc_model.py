"""Every order in which writers, readers, deletion, collecting and repacking can meet: nothing is lost by any.

And each rule is needed: without it there is an order that loses something.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.store.collector_model import BOTH, Model, Rules, X, Y

ALL = Rules()


@pytest.mark.parametrize(
    ("logs", "programme"),
    [((X,), "ccrcc"), ((BOTH,), "crcrc"), ((X, BOTH), "crc"), ((X, X), "crc")],
    ids=["one writer", "one writer of both", "two writers", "two writers of one blob"],
)
def test_with_all_rules_nothing_is_lost_and_nobody_has_to_write_again(logs: tuple[int, ...], programme: str) -> None:
    found = Model(ALL, logs, programme).explore()
    assert found.states > 500
    assert (found.lost, found.stranded) == (0, 0)


@pytest.mark.parametrize("rule", ["unique_places", "recheck", "uncondemn", "remark"])
def test_without_one_of_the_four_rules_something_is_lost(rule: str) -> None:
    model = Model(replace(ALL, **{rule: False}), (X, Y), "ccr", reader=False)
    assert model.explore(stop_at="lost").lost


def test_without_claims_nothing_is_lost_but_a_writer_may_have_to_write_again() -> None:
    found = Model(replace(ALL, claims=False), (BOTH,), "cc").explore()
    assert found.lost == 0
    assert found.stranded
