"""Bytes written behind the caller's back arrive in order, once, and what goes wrong is heard."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from jupyter_artifacts.model.digest import digest_of
from jupyter_artifacts.store import behind, copying, helpers
from jupyter_artifacts.store.behind import WORTH, Behind
from jupyter_artifacts.store.packs import PackWriter, check_pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAME = "a" * 20


@pytest.fixture
def fd(tmp_path: Path) -> Iterator[int]:
    number = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    yield number
    os.close(number)


def content(path: Path) -> bytes:
    return (path / "file").read_bytes()


def big(letter: bytes) -> bytes:
    return letter * WORTH


def test_everything_arrives_in_order_and_memory_may_be_used_again(fd: int, tmp_path: Path) -> None:
    behind = Behind(fd)
    rooms = [bytearray(big(b"a")), bytearray(big(b"b"))]
    for letter in b"cdefg":
        behind.write([memoryview(rooms[0])[:10], memoryview(rooms[0])[10:]], lent=True)
        rooms.reverse()
        rooms[0][:] = bytes([letter]) * WORTH
    behind.write([b"end"])
    behind.wait()
    assert content(tmp_path) == b"".join(map(big, [b"a", b"c", b"d", b"e", b"f"])) + b"end"


def test_few_bytes_need_no_thread(fd: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "begin", pytest.fail)
    writer = Behind(fd)
    writer.write([b"few"], lent=True)
    writer.write([big(b"x")])
    assert content(tmp_path) == b"few" + big(b"x")


@pytest.mark.parametrize(
    "begin", [lambda _: None, lambda _: helpers.begin(lambda: None)], ids=["none", "never came up"]
)
def test_where_no_thread_comes_up_the_caller_writes(
    fd: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: Callable[[object], object]
) -> None:
    monkeypatch.setattr(behind, "begin", begin)
    writer = Behind(fd)
    writer.write([big(b"x")], lent=True)
    writer.write([big(b"y")], lent=True)
    writer.wait()
    assert content(tmp_path) == big(b"x") + big(b"y")


def test_a_fault_is_raised_by_the_next_call_and_ever_after(fd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_fd: int, _data: object) -> None:
        raise OSError(28, "full")

    writer = Behind(fd)
    with monkeypatch.context() as patch:
        patch.setattr(behind, "write_all", fails)
        writer.write([big(b"x")], lent=True)
        with pytest.raises(OSError, match="full"):
            writer.wait()
    with pytest.raises(OSError, match="full"):
        writer.write([b"more"])


def test_a_file_that_is_closed_meanwhile_stays_the_only_one_written_to(
    fd: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that was given back means another file soon."""
    begun, go, done = threading.Event(), threading.Event(), threading.Event()

    def slowly(number: int, data: bytes) -> None:
        begun.set()
        go.wait(10)
        copying.write_all(number, data)
        done.set()

    monkeypatch.setattr(behind, "write_all", slowly)
    number = os.dup(fd)
    writer = Behind(number)
    writer.write([big(b"x")], lent=True)
    assert begun.wait(10)
    writer.abandon()
    os.close(number)
    other = os.open(tmp_path / "other", os.O_RDWR | os.O_CREAT)
    go.set()
    assert done.wait(10)
    os.close(other)
    assert other == number
    assert (tmp_path / "other").read_bytes() == b""
    assert content(tmp_path) == big(b"x")


def test_what_never_began_is_dropped_with_its_descriptor(fd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behind, "begin", lambda _: helpers.begin(lambda: None))
    own = os.dup(fd)
    monkeypatch.setattr(os, "dup", lambda _: own)
    writer = Behind(fd)
    writer.write([big(b"x")], lent=True)
    writer.abandon()
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(own)


def test_a_pack_of_lent_bytes_is_sound(tmp_path: Path) -> None:
    writer = PackWriter(str(tmp_path / "pack"), NAME, "blake3")
    room = memoryview(big(b"z"))
    half = WORTH // 2
    first = writer.lend([room[:half], room[half:]], [(digest_of(room, "blake3"), WORTH)])
    second = writer.add(b"small", [(digest_of(b"small", "blake3"), 5)])
    writer.seal()
    sound, damaged = check_pack(str(tmp_path / "pack"), "blake3")
    assert [line.offset for line in sound] == [first, second]
    assert damaged == []
