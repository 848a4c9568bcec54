"""The one way from facts to HTML: elements with escaped text, from a closed list.

An :class:`Html` is made by :func:`tag`, or is one of this module's own constants;
a plain ``str`` is always text. Elements, attributes and styles are those that
JupyterLab's sanitiser leaves in an untrusted notebook, so that what is written
here is what a reader without trust sees. No ``id``, no ``name``, no link, no
handler; pictures only as base64 data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Union

from jupyter_artifacts.panels.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

TAGS = frozenset(
    {"b", "bdi", "br", "caption", "code", "dd", "details", "div", "dl", "dt", "em", "h4", "img", "li", "ol"}
    | {"p", "pre", "small", "span", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_EMPTY = frozenset({"br", "img"})
_ATTRIBUTES = frozenset(
    {
        "alt",
        "colspan",
        "data-ja-kind",
        "data-ja-static",
        "dir",
        "height",
        "open",
        "scope",
        "src",
        "style",
        "title",
        "width",
    }
)
_STYLE = re.compile(r"[a-z0-9 #%.,:;-]*", re.IGNORECASE)
_SOURCE = re.compile(r"data:image/(png|svg\+xml);base64,[A-Za-z0-9+/]*={0,2}")
# Where pages typeset mathematics (JupyterLab, nbconvert, code-hosting sites) they look for these within one run
# of text: an element around a sign ends the run, so that prices and paths stay what they are.
_MATHS = re.compile(r"\$|\\(?=[(\[$]|begin\{|(?:eq)?ref\{)")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


class Html:
    """Markup that is safe to show. Made by :func:`tag` only."""

    __slots__ = ("_text",)

    def __init__(self, text: str, door: object) -> None:
        if door is not _DOOR:
            raise TypeError("Html is made by tag(), never from a string")
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __len__(self) -> int:
        return len(self._text)


_DOOR = object()
Child = Union[Html, str, None, "Iterable[Child]"]

NOTHING = Html("", _DOOR)


def escape(text: str) -> str:
    """Return `text` for an element or an attribute in double quotes."""
    return visible(text).translate(_ENTITIES)


def _words(text: str) -> str:
    return _MATHS.sub(r"<span>\g<0></span>", escape(text))


def tag(name: str, /, *children: Child, **attributes: str | int | None) -> Html:
    """Return an element; ``str`` children are text, None is nothing.

    Attribute names take ``_`` for ``-``; an attribute of None is left out.

    Raises
    ------
    ValueError
        An element, attribute, style or picture source that this module does not write.
    """
    if name not in TAGS:
        raise ValueError(f"<{name}> is not an element of a static twin")
    head = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    if name in _EMPTY:
        return Html(f"<{name}{head}>", _DOOR)
    return Html(f"<{name}{head}>{_inside(children)}</{name}>", _DOOR)


def join(*children: Child) -> Html:
    """Return children one after the other, with no element around them."""
    return Html(_inside(children), _DOOR)


def _attribute(name: str, value: str | int | None) -> str:
    if value is None:
        return ""
    if name not in _ATTRIBUTES:
        raise ValueError(f"{name!r} is not an attribute of a static twin")
    text = str(value)
    if name == "style" and not _STYLE.fullmatch(text):
        raise ValueError(f"style {text[:60]!r} holds more than plain properties")
    if name == "src" and not _SOURCE.fullmatch(text):
        raise ValueError(f"a picture must be base64 PNG or SVG data, not {text[:60]!r}")
    return f' {name}="{escape(text)}"'


def _inside(children: Iterable[Child]) -> str:
    parts: list[str] = []
    for child in children:
        if isinstance(child, Html):
            parts.append(str(child))
        elif isinstance(child, str):
            parts.append(_words(child))
        elif child is not None:
            parts.append(_inside(child))
    return "".join(parts)


# In a trusted notebook that is reopened without its kernel, Lab writes "model not found" where the live
# panel was. It comes late, so an observer waits for it, looks at the one output before this twin, and goes
# after 20 s. A twin that is hidden (its panel lives) is left alone.
_HIDER = (
    "<script>(()=>{"
    "const s=document.currentScript,o=s&&s.closest('.jp-OutputArea-child'),p=o&&o.previousElementSibling;"
    "if(!p)return;"
    "const f=()=>{if(/^Error displaying widget: model not found$/.test(p.textContent.trim()))p.style.display='none'};"
    "const m=new MutationObserver(f);f();"
    "m.observe(p,{childList:true,subtree:true,characterData:true});"
    "setTimeout(()=>m.disconnect(),20000)"
    "})()</script>"
)


def with_hider(twin: Html) -> Html:
    """Return the twin followed by the script that hides the dead panel's error line before it."""
    return Html(str(twin) + _HIDER, _DOOR)
