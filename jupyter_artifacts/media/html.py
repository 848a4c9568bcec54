"""Html: a page or a piece of one, kept as text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.file_media import FileMedia
from jupyter_artifacts.media.given import check_file, read_given, utf8

if TYPE_CHECKING:
    from jupyter_artifacts.media.given import Given

_MAX_NAME = 4096


class Html(FileMedia):
    """HTML to log. It is kept as it is and shown as text: no page of ours runs it.

    Parameters
    ----------
    data : str, path or open file
        HTML; or the path of a file that ends in ``.html`` or ``.htm``.
    inject : bool, default True
        W&B's: it adds a style sheet from its site. Nothing is added here.
    data_is_not_path : bool, default False
        Take a str as HTML even if it looks like a path.

    Attributes
    ----------
    html : str
    """

    kind: ClassVar[str] = "html-file"
    folder: ClassVar[str] = "media/html"

    def __init__(self, data: object, inject: bool = True, data_is_not_path: bool = False) -> None:
        del inject
        if isinstance(data, str) and (data_is_not_path or not _is_page(data)):
            super().__init__(utf8(data, "the HTML"), ".html")
            return
        if isinstance(data, (bytes, bytearray)):
            raise InvalidTypeError(f"Html takes str, a path or an open file, not {type(data).__name__}; decode it")
        if isinstance(data, os.PathLike) and not _is_page(os.fsdecode(data)):
            raise InvalidValueError(f"{os.fsdecode(data)} does not end in .html or .htm")
        given = read_given(data, "a page")
        super().__init__(given.data, self.suffix_of(given))

    @classmethod
    def suffix_of(cls, given: Given) -> str:
        """Refuse what is no UTF-8 text."""
        try:
            given.data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidValueError(f"{given.where} is not UTF-8 text (byte {error.start})") from error
        return ".html"

    @property
    def html(self) -> str:
        """The text."""
        return self.data.decode("utf-8")


def _is_page(text: str) -> bool:
    """Say whether text is meant as the path of a page; refuse one where no file lies."""
    if len(text) > _MAX_NAME or not text.lower().endswith((".html", ".htm")) or set(text) & set("<\n"):
        return False
    check_file(Path(text), "a page")
    return True
