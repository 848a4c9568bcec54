from __future__ import annotations

import sys

import pytest

from jupyter_artifacts.errors import MissingDependencyError
from jupyter_artifacts.model.optional import require


def test_a_missing_package_is_named_with_its_pip_line() -> None:
    with pytest.raises(MissingDependencyError, match="ja_not_there is needed to fly: pip install wings") as caught:
        require("ja_not_there", "wings", "to fly")
    assert caught.value.name == "ja_not_there"


def test_a_package_that_is_there_is_not_imported() -> None:
    sys.modules.pop("this", None)
    require("this", "this", "to read")
    assert "this" not in sys.modules
