from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_artifacts.panels.html import TAGS, Html, escape, join, tag, with_hider
from jupyter_artifacts.panels.words import visible
from tests.panels.helpers import read_html


@given(st.text())
def test_any_text_comes_back_as_text(text: str) -> None:
    read = read_html(tag("td", text))
    assert read.tags == ["td", *["span"] * (len(read.tags) - 1)]
    assert read.text == visible(text)


@pytest.mark.parametrize(
    "text", ["$x^2$", "$$a$$", r"\(x\)", r"\[x\]", r"\begin{equation}x\end{equation}", r"\$5 and $6", r"\ref{a}"]
)
def test_nothing_is_left_for_those_who_look_for_mathematics(text: str) -> None:
    made = str(tag("td", text))
    assert made.count("<span>") >= 1
    for run in re.split("<[^>]*>", made):
        assert run in {"$", "\\"} or not re.search(r"\$|\\[(\[$]|\\begin\{|\\ref\{", run)


def test_prices_and_paths_cost_nothing_more_than_they_must() -> None:
    assert str(tag("td", r"C:\data\x")) == r"<td>C:\data\x</td>"
    assert str(tag("td", "5 $")) == "<td>5 <span>$</span></td>"


@given(st.text())
def test_any_attribute_comes_back_as_one_attribute(text: str) -> None:
    read = read_html(tag("img", alt=text))
    assert read.tags == ["img"]
    assert read.attributes == [("alt", visible(text))]


def test_markup_in_text_is_escaped() -> None:
    assert str(tag("b", "<script>alert('x')</script>&\"")) == (
        "<b>&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;&quot;</b>"
    )


def test_children_nest_and_nothing_is_nothing() -> None:
    made = tag("p", ["a", tag("b", "c"), None, [tag("em", "d")]], dir="ltr", title=None)
    assert str(made) == '<p dir="ltr">a<b>c</b><em>d</em></p>'


def test_join_has_no_element() -> None:
    assert str(join("a", tag("br"), "<")) == "a<br>&lt;"


def test_there_is_no_other_way_to_make_html() -> None:
    with pytest.raises(TypeError, match="never from a string"):
        Html("<script>", "any")


@pytest.mark.parametrize("name", ["script", "style", "svg", "iframe", "a", "button", "form", "object"])
def test_elements_that_act_are_refused(name: str) -> None:
    assert name not in TAGS
    with pytest.raises(ValueError, match="not an element"):
        tag(name)


@pytest.mark.parametrize("name", ["onclick", "id", "name", "href", "class", "data_commandlinker_command", "srcset"])
def test_attributes_that_act_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not an attribute"):
        tag("p", **{name: "x"})


@pytest.mark.parametrize(
    "source",
    [
        "https://example.org/x.png",
        "javascript:alert(1)",
        "data:text/html;base64,AAAA",
        "data:image/svg+xml,<svg onload=alert(1)>",
        'data:image/png;base64,AA" onerror="x',
    ],
)
def test_pictures_come_only_as_base64_data(source: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        tag("img", src=source)


@pytest.mark.parametrize("style", ["background:url(x)", "color:red}", "a:expression(1)", "width:1px;--x:\\75", 'x:"'])
def test_styles_hold_plain_properties_only(style: str) -> None:
    with pytest.raises(ValueError, match="style"):
        tag("p", style=style)


def test_hidden_characters_are_written_out() -> None:
    assert escape("a\u202eb\x00\x1b") == "a\\u202eb\\x00\\x1b"
    assert escape("\ud800") == "\\ud800"
    assert escape("日本語 עברית 👩‍🔬") == "日本語 עברית 👩‍🔬"


def test_the_hider_stands_after_the_twin_and_is_constant() -> None:
    first, second = (str(with_hider(tag("div", text))) for text in ("a", "</script><script>b"))
    assert first.removeprefix("<div>a</div>") == second.partition("</div>")[2]
    assert first.count("<script>") == first.count("</script>") == second.count("<script>") == 1
