from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_artifacts.errors import CorruptError, InvalidValueError, NotFoundError, StoreBusyError, UsageError
from jupyter_artifacts.panels.protocol import METHODS, PROTOCOL_VERSION
from jupyter_artifacts.panels.rpc import MAX_ANSWER_BYTES, Dispatcher, Reply
from jupyter_artifacts.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_artifacts.panels.protocol import Answer


class Page:
    """The other side: what it was sent."""

    def __init__(self, handler: Callable[[dict[str, object]], Reply] | None = None) -> None:
        self.answers: list[Answer] = []
        self.buffers: list[list[bytes]] = []
        handlers = dict.fromkeys(METHODS, handler or (lambda params: Reply({"asked": params})))
        self.dispatcher = Dispatcher(handlers, self.take)

    def take(self, answer: Answer, buffers: list[bytes]) -> None:
        self.answers.append(answer)
        self.buffers.append(buffers)

    def ask(self, **changes: object) -> Answer:
        message = {"v": PROTOCOL_VERSION, "kind": "req", "id": "1", "method": "artifact.get", "params": {"id": 3}}
        before = len(self.answers)
        self.dispatcher.receive({**message, **changes})
        assert len(self.answers) == before + 1
        return self.answers[-1]


def error_of(answer: Answer) -> tuple[str, str]:
    assert answer["ok"] is False
    assert answer["result"] is None
    assert answer["error"] is not None
    return answer["error"]["code"], answer["error"]["message"]


def test_a_request_is_answered_with_its_result() -> None:
    answer = Page().ask(id="abc")
    assert answer == {
        "v": PROTOCOL_VERSION,
        "kind": "res",
        "id": "abc",
        "ok": True,
        "result": {"asked": {"id": 3}},
        "error": None,
    }


@pytest.mark.parametrize(
    ("lang", "said"),
    [("ja", "空のファイル"), ("en", "an empty file"), ("de", "an empty file"), (["ja"], "an empty file")],
)
def test_an_answer_is_in_the_language_of_the_page_that_asks(lang: object, said: str) -> None:
    answer = Page(lambda _: Reply({"note": say("an empty file")})).ask(lang=lang)
    assert answer["result"] == {"note": said}
    assert say("an empty file") == "an empty file"


def test_pictures_go_beside_the_answer() -> None:
    page = Page(lambda _: Reply({}, (b"png",)))
    assert page.ask()["ok"]
    assert page.buffers == [[b"png"]]


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"v": None},
        {"kind": "res"},
        {"kind": None},
        {"id": ""},
        {"id": 7},
        {"id": "x" * 101},
        {"method": "eval"},
        {"method": "__class__"},
        {"method": None},
        {"method": ["artifact.get"]},
        {"params": None},
        {"params": {"id": "../x"}},
        {"params": {"id": 3, "also": 1}},
    ],
)
def test_what_is_no_request_is_refused(changes: dict[str, object]) -> None:
    assert error_of(Page().ask(**changes))[0] == "bad-request"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFoundError("no artifact 'x'"), "not-found"),
        (CorruptError("blob differs"), "corrupt"),
        (InvalidValueError("the filter"), "bad-request"),
        (UsageError("not now"), "bad-request"),
        (StoreBusyError("busy for 60 s"), "internal"),
    ],
)
def test_our_errors_give_their_message(error: Exception, code: str) -> None:
    def fail(_: dict[str, object]) -> Reply:
        raise error

    assert error_of(Page(fail).ask()) == (code, str(error))


def test_unexpected_errors_give_their_type_only_and_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: dict[str, object]) -> Reply:
        raise ZeroDivisionError("/home/me/secret")

    with caplog.at_level(logging.ERROR):
        code, message = error_of(Page(fail).ask())
    assert code == "internal"
    assert "ZeroDivisionError" in message
    assert "secret" not in message
    assert "secret" in caplog.text


def test_a_cancelled_request_is_answered_once_without_work() -> None:
    asked: list[object] = []

    def note(params: dict[str, object]) -> Reply:
        asked.append(params)
        return Reply({})

    page = Page(note)
    page.dispatcher.receive({"v": PROTOCOL_VERSION, "kind": "cancel", "id": "9"})
    assert page.answers == []
    assert error_of(page.ask(id="9"))[0] == "cancelled"
    assert asked == []
    assert page.ask(id="9")["ok"]


def test_a_cancel_for_what_was_answered_is_harmless() -> None:
    page = Page()
    page.ask(id="5")
    for _ in range(3000):
        page.dispatcher.receive({"v": 1, "kind": "cancel", "id": "5"})
    assert len(page.answers) == 1


def test_an_answer_that_is_too_large_is_refused() -> None:
    page = Page(lambda _: Reply({}, (bytes(MAX_ANSWER_BYTES + 1),)))
    assert "ask for less" in error_of(page.ask())[1]


def test_handlers_outside_the_protocol_are_refused() -> None:
    with pytest.raises(ValueError, match="not methods"):
        Dispatcher({"eval": lambda _: Reply({})}, lambda _answer, _buffers: None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
nearly = st.fixed_dictionaries(
    {},
    optional={
        "v": st.sampled_from([1, 1, 1, 2, "1"]) | json_values,
        "kind": st.sampled_from(["req", "req", "res", "changed"]) | json_values.filter(lambda x: x != "cancel"),
        "id": st.text(max_size=5) | json_values,
        "method": st.sampled_from(list(METHODS)) | json_values,
        "params": json_values,
    },
)


@given(nearly | json_values)
@settings(max_examples=300)
def test_any_json_gets_exactly_one_answer(message: object) -> None:
    page = Page()
    page.dispatcher.receive(message)
    assert len(page.answers) == 1
    answer = page.answers[0]
    assert answer["ok"] is (answer["error"] is None)
