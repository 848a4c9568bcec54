"""Bad folders: what lies in a folder that is logged."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.chaos.outcomes import difference, outcome, used

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.chaos.adapter import Adapter
    from tests.chaos.outcomes import Outcome
    from tests.chaos.payload import Tree

NOBODY = 65534
SPARSE = 256 << 20


@dataclass
class Bad:
    """A folder in the making, and what should come back."""

    work: str
    folder: str = ""
    want: Tree = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder = os.path.join(self.work, "src")
        os.makedirs(self.folder)
        self.put("f.txt", b"hello")

    def at(self, name: str) -> str:
        """Return a path in the folder."""
        return os.path.join(self.folder, name)

    def put(self, name: str, data: bytes = b"x") -> str:
        """Write a file that should come back."""
        path = self.at(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(data)
        self.want[name] = data
        return path


def _missing(bad: Bad) -> None:
    bad.folder = os.path.join(bad.work, "nope")


def _is_a_file(bad: Bad) -> None:
    bad.folder = bad.at("f.txt")


def _empty(bad: Bad) -> None:
    os.unlink(bad.at("f.txt"))
    bad.want = {}


def _symlink(to: str, name: str = "l", data: bytes | None = None) -> Callable[[Bad], None]:
    def make(bad: Bad) -> None:
        os.symlink(to, bad.at(name))
        if data is not None:
            bad.want[name] = data

    return make


def _symlink_out(bad: Bad) -> None:
    secret = os.path.join(bad.work, "secret.txt")
    with open(secret, "w") as out:
        out.write("SECRET")
    os.symlink(secret, bad.at("l"))


def _folder_loop(bad: Bad) -> None:
    bad.put("s/g")
    os.symlink("..", bad.at("s/up"))


def _fifo(bad: Bad) -> None:
    os.mkfifo(bad.at("p"))


def _socket(bad: Bad) -> None:
    here = os.getcwd()
    os.chdir(bad.folder)  # a socket's path is limited to 108 bytes
    try:
        socket.socket(socket.AF_UNIX).bind("s")
    finally:
        os.chdir(here)


def _device(bad: Bad) -> None:
    os.mknod(bad.at("null"), stat.S_IFCHR | 0o666, os.makedev(1, 3))


def _unreadable(name: str) -> Callable[[Bad], None]:
    def make(bad: Bad) -> None:
        bad.put(name, b"no")
        os.chmod(bad.at(name.partition("/")[0]), 0)

    return make


def _not_utf8(bad: Bad) -> None:
    bad.put(os.fsdecode(b"\xff\xfe.bin"))


def _files(*names: str) -> Callable[[Bad], None]:
    """Make files, each with content of its own."""

    def make(bad: Bad) -> None:
        for number, name in enumerate(names):
            bad.put(name, f"{number}\n".encode())

    return make


def _zero_bytes(bad: Bad) -> None:
    bad.put("z", b"")


def _dvcignore(bad: Bad) -> None:
    bad.put(".dvcignore", b"*.txt\n")


def _many(bad: Bad) -> None:
    for number in range(3000):
        bad.put(f"m/{number}", str(number).encode())


def _sparse(bad: Bad) -> None:
    with open(bad.at("big"), "wb") as out:
        out.truncate(SPARSE)


def _empty_folder(bad: Bad) -> None:
    os.makedirs(bad.at("e"))


def _executable(bad: Bad) -> None:
    os.chmod(bad.put("x.sh"), 0o755)


def _hard_link(bad: Bad) -> None:
    os.link(bad.at("f.txt"), bad.at("h"))
    bad.want["h"] = b"hello"


FILES: dict[str, Callable[[Bad], None]] = {
    "dir missing": _missing,
    "dir is a file": _is_a_file,
    "dir empty": _empty,
    "file 0 byte": _zero_bytes,
    "symlink in tree": _symlink("f.txt", data=b"hello"),
    "symlink out of tree": _symlink_out,
    "symlink dangling": _symlink("nope"),
    "symlink loop": _symlink("l"),
    "symlink dir loop": _folder_loop,
    "fifo": _fifo,
    "socket": _socket,
    "device": _device,
    "file unreadable": _unreadable("u"),
    "dir unreadable": _unreadable("ud/x"),
    "file name not UTF-8": _not_utf8,
    "file name newline": _files("a\nb"),
    "file names NFC+NFD": _files("\u00e9", "e\u0301"),
    "file names case": _files("A", "a"),
    "file name 255": _files("n" * 255),
    "deep path": _files("/".join(["d" * 100] * 20) + "/f"),
    "many files 3000": _many,
    "sparse 256 MiB": _sparse,
    "empty subdir": _empty_folder,
    "exec bit": _executable,
    "hard links": _hard_link,
    "hidden files": _files(".h", ".git/config"),
    "file .dvcignore": _dvcignore,
}


def file_case(adapter: Adapter, case: str, work: str) -> Outcome:
    """Make a bad folder, log it, use it, and say what came of it."""
    bad = Bad(work)
    FILES[case](bad)
    if case.endswith("unreadable") and os.geteuid() == 0:
        adapter = _as_nobody(adapter, work)
    version = adapter.log_dir("n", bad.folder)
    folder = used(adapter, "n", version, os.path.join(work, "out"))
    if isinstance(folder, dict):
        return folder
    if case in _JUDGES:
        return _JUDGES[case](adapter, folder, bad)
    tree, links = _looked_at(folder)
    found = difference(tree, bad.want)
    return outcome("ok", f"links: {links}") if found["outcome"] == "ok" and links else found


def _looked_at(folder: str) -> tuple[Tree, list[str]]:
    """Return the files below a folder, special ones by a word, and the links among them."""
    tree: Tree = {}
    links = []
    for where, folders, names in os.walk(folder):
        for name in [*names, *(name for name in folders if os.path.islink(os.path.join(where, name)))]:
            path = os.path.join(where, name)
            relative = os.path.relpath(path, folder)
            if os.path.islink(path):
                links.append(relative)
            if os.path.isfile(path):
                with open(path, "rb") as data:
                    tree[relative] = data.read()
            elif not os.path.isdir(path):
                tree[relative] = b"<special>"
    return tree, links


def _judge_sparse(adapter: Adapter, folder: str, bad: Bad) -> Outcome:
    del bad
    size = os.path.getsize(os.path.join(folder, "big"))
    blocks = sum(
        os.lstat(os.path.join(where, name)).st_blocks for where, _, names in os.walk(adapter.store) for name in names
    )
    return outcome("ok" if size == SPARSE else "changed", f"store takes {blocks * 512 >> 20} MiB")


def _judge_link_out(adapter: Adapter, folder: str, bad: Bad) -> Outcome:
    del adapter, bad
    tree, links = _looked_at(folder)
    copied = any(b"SECRET" in data for data in tree.values())
    what = "content of the outside file stored" if copied else "link itself stored" if links else "left out"
    return outcome("ok" if links or "l" in tree else "changed", f"{what}; got {sorted(tree)}")


def _judge_empty_folder(adapter: Adapter, folder: str, bad: Bad) -> Outcome:
    del adapter, bad
    there = os.path.isdir(os.path.join(folder, "e"))
    return outcome("ok") if there else outcome("changed", "empty folder dropped")


def _judge_executable(adapter: Adapter, folder: str, bad: Bad) -> Outcome:
    del adapter
    if not os.access(os.path.join(folder, "x.sh"), os.X_OK):
        return outcome("changed", "mode bits dropped")
    return difference(_looked_at(folder)[0], bad.want)


_JUDGES: dict[str, Callable[[Adapter, str, Bad], Outcome]] = {
    "sparse 256 MiB": _judge_sparse,
    "symlink out of tree": _judge_link_out,
    "empty subdir": _judge_empty_folder,
    "exec bit": _judge_executable,
}


def _rehearse(kind: type[Adapter], work: str) -> None:
    """Log and use once elsewhere: what is imported by then need not be read by nobody, who may not."""
    folder, store = os.path.join(work, "rehearsed"), os.path.join(work, "rehearsal")
    os.makedirs(folder)
    os.makedirs(store)
    with open(os.path.join(folder, "a"), "wb") as file:
        file.write(b"a")
    adapter = kind(store)
    adapter.init()
    used(adapter, "n", adapter.log_dir("n", folder), os.path.join(work, "rehearsed-out"))
    adapter.close()


def _as_nobody(adapter: Adapter, work: str) -> Adapter:
    """Give the store and the folders to nobody, and go on as nobody: root reads everything."""
    adapter.close()
    _rehearse(type(adapter), work)
    home = os.environ.get("HOME", "")
    owned = [adapter.store, work, home, os.environ.get("TMPDIR", home)]
    subprocess.run(["chown", "-R", "--no-dereference", f"{NOBODY}:{NOBODY}", *owned], check=True)
    above = os.path.dirname(work)
    os.chmod(above, 0o777)
    while len(above) > len("/tmp"):
        os.chmod(above, os.stat(above).st_mode | 0o011)
        above = os.path.dirname(above)
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    again = type(adapter)(adapter.store)
    again.init()
    return again
