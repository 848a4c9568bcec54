"""Ctrl-C, put off for a moment."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.store.catalog import sqlite
from jupyter_artifacts.store.interrupts import Shield
from jupyter_artifacts.testing.publications import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from jupyter_artifacts.store.store import Store


def interrupt() -> None:
    """Do what Ctrl-C does."""
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)


@pytest.fixture(autouse=True)
def _handler() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_waits_for_the_end() -> None:
    steps = []

    def work() -> None:
        with Shield():
            interrupt()
            steps.append("went on")
        steps.append("too far")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert steps == ["went on"]


def test_an_interrupt_is_heard_where_one_asks() -> None:
    steps = []

    def work() -> None:
        with Shield() as shield:
            shield.check()
            interrupt()
            shield.check()
            steps.append("too far")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert steps == []


def test_an_error_and_an_interrupt_are_both_told() -> None:
    def work() -> None:
        with Shield():
            interrupt()
            raise ZeroDivisionError

    with pytest.raises(KeyboardInterrupt) as caught:
        work()
    assert isinstance(caught.value.__context__, ZeroDivisionError)


def test_a_handler_that_decides_otherwise_is_left_to_it() -> None:
    heard: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    signal.signal(signal.SIGINT, note)
    try:
        with Shield() as shield:
            interrupt()
            shield.check()
            shield.check()
        assert heard == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Shield() as shield:
            interrupt()
            shield.check()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_other_threads_are_left_alone() -> None:
    errors: list[BaseException] = []

    def work() -> None:
        try:
            with Shield() as shield:
                shield.check()
        except BaseException as error:  # noqa: BLE001  told below, in the thread of the test
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert errors == []


def test_a_lifted_stretch_is_stopped_once() -> None:
    steps = []

    def work() -> None:
        with Shield() as shield:
            try:
                with shield.lifted():
                    try:
                        interrupt()
                        steps.append("too far")
                    finally:
                        interrupt()
                        steps.append("cleaned up")
            except KeyboardInterrupt:
                interrupt()
                steps.append("ended")
        steps.append("too far")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert steps == ["cleaned up", "ended"]


def test_what_was_heard_before_is_told_when_lifted() -> None:
    with Shield() as shield:
        interrupt()
        with pytest.raises(KeyboardInterrupt), shield.lifted():
            pytest.fail("it was not told")


def test_forgotten() -> None:
    with Shield() as shield:
        interrupt()
        shield.forget()


@pytest.mark.parametrize("patience", [0, 60])
def test_waits_inside_are_stopped_as_far_as_patience_goes(patience: float) -> None:
    steps = []

    def work() -> None:
        with Shield(patience):
            with Shield() as inner:
                interrupt()
                steps.append("waiting")
                inner.check()
                steps.append("went on")
            steps.append("the end")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert steps == (["waiting", "went on", "the end"] if patience else ["waiting"])


def test_lifted_inside_a_stretch_that_is_not() -> None:
    steps = []

    def work() -> None:
        with Shield():
            with Shield() as inner, inner.lifted():
                interrupt()
                steps.append("went on")
            steps.append("the end")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert steps == ["went on", "the end"]


@pytest.mark.parametrize("kind", ["our lock", "another program"])
def test_waiting_for_the_catalog_hears_ctrl_c_soon(store: Store, kind: str) -> None:
    held, enough = threading.Event(), threading.Event()

    def hold() -> None:
        database = sqlite.SqliteDatabase(f"{store.root}/catalog.db", writable=True)
        with database._lock.held(10, lambda: None) if kind == "our lock" else database.write():
            held.set()
            enough.wait(20)
        database.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    begun = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            store.catalog.runs.start(run())
        assert time.monotonic() - begun < 1.5
    finally:
        timer.join()
        enough.set()
        thread.join()
    assert store.catalog.runs.start(run()).number == 1
