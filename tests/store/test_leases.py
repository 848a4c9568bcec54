"""Who lives, who is dead, and what the living rely on."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_artifacts.model.digest import Digest, digest_of
from jupyter_artifacts.store import leases, sessions
from jupyter_artifacts.store.locks import drop
from jupyter_artifacts.store.opening import open_store

if TYPE_CHECKING:
    from jupyter_artifacts.store.store import Store


def test_a_session_notes_what_it_asks_before_it_is_told(store: Store) -> None:
    tmp = os.path.join(store.root, "tmp")  # noqa: PTH118  as the store does
    digest = digest_of(b"data", store.algorithm)
    with closing(store.session()) as session:
        session.put_bytes(b"data")
        session.seal()
        session.rely([Digest(b"r" * 32)])
        session.reuse([Digest(b"u" * 32)])
        assert leases.claimed(tmp) >= {digest, b"r" * 32, b"u" * 32}
        assert len(leases.living(tmp)) == 1
        assert leases.dead(tmp) == []
    assert leases.claimed(tmp) == frozenset()
    assert leases.living(tmp) == frozenset()


def test_the_dead_claim_nothing(store: Store) -> None:
    tmp = os.path.join(store.root, "tmp")  # noqa: PTH118  as the store does
    pid = os.fork()
    if not pid:
        session = open_store(store.root).session()
        session.rely([Digest(b"d" * 32)])
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    (folder,) = leases.dead(tmp)
    assert Path(folder, leases.NOTE).read_bytes() == b"d" * 32
    assert leases.claimed(tmp) == frozenset()
    assert leases.living(tmp) == frozenset()


def test_in_doubt_a_session_lives(tmp_path: Path) -> None:
    """Its folder was made a moment ago, and the lock is not there yet; other names are no sessions."""
    (tmp_path / ("a" * 20)).mkdir()
    (tmp_path / "upkeep.lock").touch()
    (tmp_path / "notes").mkdir()
    assert leases.living(str(tmp_path)) == {"a" * 20}
    assert leases.dead(str(tmp_path)) == []
    assert leases.living(str(tmp_path / "none")) == frozenset()


def test_a_note_that_was_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    name, fd = sessions.open_folder(str(tmp_path))
    leases.note(str(tmp_path / name), [Digest(b"1" * 32), Digest(b"2" * 32)])
    leases.note(str(tmp_path / name), [])
    with (tmp_path / name / leases.NOTE).open("ab") as file:
        file.write(b"3" * 10)
    assert leases.claimed(str(tmp_path)) == {b"1" * 32, b"2" * 32}
    drop(fd)
