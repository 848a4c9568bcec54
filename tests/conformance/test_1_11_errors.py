"""Section 1.11: the errors, under the names and builtins by which code catches them."""

from __future__ import annotations

import pytest

import jupyter_artifacts as wandb
from jupyter_artifacts import errors
from tests.conformance.support import covers


@covers("errors.*")
@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("CommError", [wandb.Error]),
        ("AuthenticationError", [errors.CommError]),
        ("UsageError", [wandb.Error]),
        ("UnsupportedError", [errors.UsageError]),
        ("ArtifactStatusError", [AttributeError]),
        ("ArtifactNotLoggedError", [errors.ArtifactStatusError]),
        ("ArtifactFinalizedError", [errors.ArtifactStatusError]),
        ("WaitTimeoutError", [wandb.Error]),
        ("ConfigError", [wandb.Error]),
        ("NoSuchPathError", [ValueError, FileNotFoundError]),
        ("UnsupportedNameError", [errors.UnsupportedError, AttributeError]),
    ],
)
def test_the_tree(name: str, bases: list[type[BaseException]]) -> None:
    error = getattr(wandb.errors, name)
    assert all(issubclass(error, base) for base in [*bases, errors.ArtifactsError])


def test_a_comm_error_is_no_value_error() -> None:
    assert not issubclass(wandb.errors.CommError, ValueError)
