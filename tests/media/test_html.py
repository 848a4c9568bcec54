"""Html."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MissingFileError
from jupyter_artifacts.media.html import Html

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.media import Inline, Media


@given(text=st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not text.endswith((".html", ".htm"))))
def test_text_is_kept_to_the_letter(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object], text: str
) -> None:
    page = Html(text)
    assert page.html == text
    assert logged(page) == page
    assert added(page) == page


def test_nothing_is_added_to_the_page() -> None:
    file = Html("<script>alert(1)</script>", inject=True).to_file()
    assert file.data == b"<script>alert(1)</script>"
    assert (file.folder, file.suffix, file.info) == ("media/html", ".html", {"_type": "html-file"})


def test_pages_from_files() -> None:
    Path("page.html").write_text("<p>é", encoding="utf-8")
    for data in ("page.html", Path("page.html"), io.StringIO("<p>é"), io.BytesIO("<p>é".encode())):
        assert Html(data) == Html("<p>é")
    assert Html("page.html", data_is_not_path=True).html == "page.html"
    assert Html("<a href=page.html>page.html").html.startswith("<a"), "markup is no path, whatever it ends with"
    assert repr(Html("abc")) == "<Html html 3 bytes>"


@pytest.mark.parametrize(
    ("data", "error", "text"),
    [
        ("gone.html", MissingFileError, "there is no page at gone.html"),
        (Path("a.txt"), InvalidValueError, "does not end in .html"),
        (b"<p>", InvalidTypeError, "not bytes; decode it"),
        (3, InvalidTypeError, "not as int"),
        (io.BytesIO(b"\xff\xfe"), InvalidValueError, "is not UTF-8 text"),
        ("\ud800", InvalidValueError, "surrogate"),
    ],
)
def test_what_is_refused(data: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Html(data)


def test_pages_differ() -> None:
    assert Html("a") != Html("b")
    assert Html("a") != "a"
    assert len({Html("a"), Html("a")}) == 1
