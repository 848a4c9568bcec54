"""What a magic returns that is neither a panel nor an artifact: HTML where pages are shown, else lines of text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from jupyter_artifacts.panels import display

if TYPE_CHECKING:
    from jupyter_artifacts.panels.html import Html


class Report(ABC):
    """Something to read; its HTML needs no kernel, no script and no style sheet."""

    @abstractmethod
    def html(self) -> Html:
        """Return it as HTML, everything from the store escaped."""

    @abstractmethod
    def text(self) -> str:
        """Return it as lines of text."""

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        del include, exclude
        plain = {"text/plain": self.text()}
        return plain if display.mode() == "text" else {**plain, "text/html": str(self.html())}
