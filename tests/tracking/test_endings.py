from __future__ import annotations

import pytest

from jupyter_artifacts.tracking.endings import describe, ending_of


def test_the_last_line_of_the_outermost_file_is_named() -> None:
    def deeper() -> None:
        int("x")

    with pytest.raises(ValueError, match="invalid literal") as caught:
        deeper()
    inner = caught.traceback[-1].lineno + 1
    assert describe(caught.value, caught.tb).endswith(f"(line {inner})")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, ("finished", "", 0)),
        (SystemExit(0), ("finished", "", 0)),
        (SystemExit(), ("finished", "", 0)),
        (SystemExit(4), ("failed", "SystemExit: 4", 4)),
        (SystemExit("sorry"), ("failed", "SystemExit: sorry", 1)),
        (KeyboardInterrupt(), ("interrupted", "KeyboardInterrupt", 130)),
        (ValueError("one\ntwo"), ("failed", "ValueError: one", 1)),
        (RuntimeError("x" * 1000), ("failed", "RuntimeError: " + "x" * 300, 1)),
    ],
)
def test_endings(error: BaseException | None, expected: tuple[str, str, int]) -> None:
    assert tuple(ending_of(error)) == expected
