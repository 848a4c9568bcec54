"""Backup tools that keep versions of folders by content: borg, restic, git-annex.

borg without encryption and with its own compression (lz4); restic as it comes, encrypted;
git-annex ``add`` and a commit.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.benchmarks.peers.driver import Driver

if TYPE_CHECKING:
    from pathlib import Path


class Borg(Driver):
    """Deduplicates by chunks."""

    title = "borg"
    programs = ("borg",)

    def environment(self, root: Path) -> dict[str, str]:
        yes = {f"BORG_{what}_IS_OK": "yes" for what in ("UNKNOWN_UNENCRYPTED_REPO_ACCESS", "RELOCATED_REPO_ACCESS")}
        return {"HOME": str(root), "BORG_BASE_DIR": str(root / "base"), "BORG_REPO": str(root / "repo"), **yes}

    def commands(self, step: str, root: Path, source: Path, target: Path) -> list[list[str]]:
        if step == "setup":
            return [["borg", "init", "-e", "none", str(root / "repo")]]
        if step == "log":
            return [["borg", "create", f"::v{time.time_ns()}", str(source)]]
        strip = len(source.parent.parts) - 1
        newest = f'borg extract --strip-components {strip} "::$(borg list --short --last 1)"'
        into = f"cd '{target.parent}' && {newest} && mv '{source.name}' '{target.name}'"
        return [["sh", "-c", into]]


class Restic(Driver):
    """Deduplicates by chunks, encrypts."""

    title = "restic"
    programs = ("restic",)

    def environment(self, root: Path) -> dict[str, str]:
        own = {"RESTIC_REPOSITORY": str(root / "repo"), "XDG_CACHE_HOME": str(root / "cache")}
        return {"HOME": str(root), "RESTIC_PASSWORD": "x", **own}

    def commands(self, step: str, root: Path, source: Path, target: Path) -> list[list[str]]:
        if step == "setup":
            return [["restic", "init", "-q"]]
        if step == "log":
            return [["restic", "backup", "-q", str(source)]]
        return [["sh", "-c", f"restic restore -q latest --target '{root}/out' && mv '{root}/out{source}' '{target}'"]]


class Annex(Driver):
    """Moves files into its own folder and leaves links."""

    title = "git-annex"
    programs = ("git-annex", "git")
    lacks = {"get": "the data is in its work folder already"}  # noqa: RUF012  # declared ClassVar by Driver
    copies_data = True

    def environment(self, root: Path) -> dict[str, str]:
        who = {f"GIT_{role}_{what}": "b@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        return {"HOME": str(root), **who}

    def folder(self, root: Path) -> Path:
        return root / "repo"

    def commands(self, step: str, root: Path, source: Path, target: Path) -> list[list[str]]:
        del target
        git = ["git", "-C", str(self.folder(root))]
        if step == "setup":
            return [["git", "init", "-q", str(self.folder(root))], [*git, "annex", "init", "-q", "x"]]
        return [[*git, "annex", "add", "-q", source.name], [*git, "commit", "-q", "--allow-empty", "-m", "x"]]


DRIVERS = (Borg, Restic, Annex)
