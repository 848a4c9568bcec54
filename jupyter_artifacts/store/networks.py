"""File systems that machines share, or that a program stands for: SQLite's shared memory does not work there."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOUNTS = "/proc/self/mountinfo"
_SHARED = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|lustre|gpfs|beegfs|ceph|9p|afs|gfs2?|ocfs2|glusterfs|pvfs2|orangefs|davfs\d?|"
    r"virtiofs|vboxsf|vmhgfs|prl_fs|drvfs|wslfs|fuse(blk|ctl)?(\..*)?"
)
_OCTAL = re.compile(r"\\([0-7]{3})")


def file_system(path: str) -> str:
    """Return the kind of file system a path lies on, as Linux calls it; empty where that cannot be told."""
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.readlines()
    except OSError:
        return ""
    number = os.stat(path).st_dev
    return mounted(os.path.realpath(path), f"{os.major(number)}:{os.minor(number)}", lines)


def mounted(path: str, device: str, lines: Iterable[str]) -> str:
    """Return the kind of the nearest mount above `path`, by the lines of ``mountinfo``."""
    best, kind = -1, ""
    for line in lines:
        fields, _, rest = line.partition(" - ")
        parts, words = fields.split(), rest.split()
        if len(parts) <= 4 or not words:  # noqa: PLR2004  id, parent, device, root, mount point
            continue
        point = _OCTAL.sub(lambda found: chr(int(found[1], 8)), parts[4])
        under = path == point or path.startswith(point.rstrip("/") + "/")
        # btrfs and overlays answer with other device numbers than the list has: then the longest path decides.
        rank = len(point) + (1 << 16 if parts[2] == device else 0)
        if under and rank >= best:
            best, kind = rank, words[0]
    return kind


def is_shared(kind: str) -> bool:
    """Tell whether other machines, or another program, may change files of this kind of file system."""
    return _SHARED.fullmatch(kind) is not None
