"""A PostgreSQL server of our own: a private cluster in a new folder, reached by its socket alone."""

from __future__ import annotations

import itertools
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOMES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")
_MEMORY = Path("/dev/shm")  # noqa: S108  a disk in memory
_SAFE_TO_LOSE = "-c fsync=off -c full_page_writes=off -c listen_addresses='' -c unix_socket_directories={folder}"


def program(name: str) -> str | None:
    """Return the path of one of PostgreSQL's programs, the newest there is; None where there is none."""
    found = shutil.which(name)
    if found is not None:
        return found
    paths = itertools.chain.from_iterable(Path(home).glob(f"**/bin/{name}") for home in _HOMES if Path(home).is_dir())
    return max((str(path) for path in paths), default=None)


class Postgres:
    """A running server.

    Parameters
    ----------
    durable : bool, default False
        Flush every commit, for measurements; tests need it not.
    """

    def __init__(self, *, durable: bool = False) -> None:
        parent = None if durable or not _MEMORY.is_dir() else _MEMORY
        self.folder = Path(tempfile.mkdtemp(prefix="ja-pg-", dir=parent))
        self._as: list[str] = []
        self._options = _SAFE_TO_LOSE.format(folder=self.folder)
        if durable:
            self._options = self._options.replace("=off", "=on")
        self._names = itertools.count()
        if os.geteuid() == 0:
            # The server refuses to run as root.
            owner = pwd.getpwnam("postgres" if _is_user("postgres") else "nobody")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as = ["runuser", "-u", owner.pw_name, "--"]
        # It sees the end of this process, however it comes, and clears up behind it.
        stop = shlex.join(
            [*self._as, program("pg_ctl") or "pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate"]
        )
        clear = f"cd /; read _; {stop} stop; rm -rf {shlex.quote(str(self.folder))}"
        self._warden = subprocess.Popen(
            ["sh", "-c", clear],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._call("initdb", "-D", str(self.folder / "data"), "-A", "trust", "-U", "ja", "--no-sync", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        log = str(self.folder / "log")
        self._call("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", self._options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; ``immediate`` is what a crash does."""
        self._call("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def close(self) -> None:
        """Stop the server and remove its cluster."""
        self._warden.communicate()

    def database(self) -> str:
        """Make an empty database; return its URL."""
        name = f"t{next(self._names)}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> str:
        """Return a database's URL."""
        return f"postgresql://ja@/{name}?host={self.folder}"

    def sql(self, database: str, *statements: str) -> list[tuple[object, ...]]:
        """Run statements, each committed; return the rows of the last one."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            rows: list[tuple[object, ...]] = []
            for words in statements:
                cursor = connection.execute(words.encode())
                rows = cursor.fetchall() if cursor.description else []
            return rows

    def _call(self, name: str, *arguments: str) -> None:
        path = program(name)
        if path is None:
            raise FileNotFoundError(f"PostgreSQL's {name} is not here: apt-get install postgresql")
        words: Sequence[str] = [*self._as, path, *arguments]
        done = subprocess.run(words, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", text=True)
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stdout}")


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
