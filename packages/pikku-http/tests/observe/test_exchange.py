"""What becomes of an answer, whoever sends it and however it ends."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from pikku_http.http.observe.exchange import Exchange
from pikku_http.http.observe.layer import Observing
from pikku_http.http.trace import TRACE_ID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_http.http.asgi import Message, Receive, Scope, Send
    from pikku_http.http.router import Values

START: Message = {"type": "http.response.start", "status": 200, "headers": []}
PART: Message = {"type": "http.response.body", "body": b"ab", "more_body": True}
LAST: Message = {"type": "http.response.body", "body": b"c"}
FILE: Message = {"type": "http.response.pathsend", "path": "/tmp/x"}
LEFT: Message = {"type": "http.disconnect"}


class Kept:
    """Keeps what became of each answer."""

    def __init__(self) -> None:
        self.outcomes: list[tuple[str, int | None, int]] = []
        self.left = 0

    def begin(self, exchange: Exchange, /) -> None: ...

    def end(self, exchange: Exchange, /) -> None:
        self.outcomes.append((exchange.outcome, exchange.status, exchange.body_size))

    def leave(self, _exchange: Exchange, /) -> None:
        self.left += 1


async def outcome_of(
    sends: Sequence[Message],
    *,
    receives: Sequence[Message] = (),
    raises: BaseException | None = None,
    breaks: bool = False,
) -> tuple[str, int | None, int]:
    """What becomes of an answer that consists of these messages."""
    kept, left = Kept(), list(receives)

    async def handle(_scope: Scope, receive: Receive, send: Send, _values: Values) -> None:
        for _ in receives:
            await receive()
        for message in sends:
            await send(message)
        if raises is not None:
            raise raises

    async def receive() -> Message:
        return left.pop(0)

    async def send(_message: Message) -> None:
        if breaks:
            raise OSError("The client has left.")

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": []}
    layered = Observing(observers=(kept,)).around(handle, "/")
    if raises is None and not breaks:
        await layered(scope, receive, send, ())
    else:
        with pytest.raises(OSError if breaks else type(raises or Exception())):
            await layered(scope, receive, send, ())
    assert set(scope) == {"type", "method", "path", "headers", TRACE_ID}
    assert kept.left == 1
    (outcome,) = kept.outcomes
    return outcome


async def test_an_answer_that_leaves_whole_is_answered() -> None:
    assert await outcome_of([START, PART, LAST]) == ("answered", 200, 3)
    assert await outcome_of([START, FILE]) == ("answered", 200, 0)


async def test_one_that_is_not_finished_is_cut() -> None:
    assert await outcome_of([START, PART]) == ("cut", 200, 2)
    assert await outcome_of([START], raises=RuntimeError()) == ("cut", 200, 0)


async def test_one_whose_last_part_cannot_be_sent_is_cut() -> None:
    kept = Kept()

    async def handle(_scope: Scope, _receive: Receive, send: Send, _values: Values) -> None:
        await send(START)
        await send(LAST)

    async def receive() -> Message:
        return LEFT

    async def send(message: Message) -> None:
        if message is LAST:
            raise RuntimeError("no")

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(RuntimeError, match="no"):
        await Observing(observers=(kept,)).around(handle, "/")(scope, receive, send, ())
    assert kept.outcomes == [("cut", 200, 1)]


async def test_none_at_all_has_failed() -> None:
    assert await outcome_of([], raises=RuntimeError()) == ("failed", None, 0)
    assert await outcome_of([], raises=KeyboardInterrupt()) == ("failed", None, 0)


async def test_a_client_that_leaves_is_gone() -> None:
    assert await outcome_of([START, PART], receives=[LEFT]) == ("client_gone", 200, 2)
    assert await outcome_of([], receives=[LEFT]) == ("client_gone", None, 0)
    assert await outcome_of([START], breaks=True) == ("client_gone", 200, 0)
    assert await outcome_of([LAST], breaks=True) == ("client_gone", None, 1)


class Failing(Kept):
    """Fails whenever it is told something."""

    def begin(self, _exchange: Exchange, /) -> None:
        raise RuntimeError("begin")

    def end(self, _exchange: Exchange, /) -> None:
        raise RuntimeError("end")

    def leave(self, _exchange: Exchange, /) -> None:
        raise RuntimeError("leave")


async def test_an_observer_that_fails_harms_neither_answer_nor_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = Kept()
    sent: list[Message] = []

    async def handle(_scope: Scope, _receive: Receive, send: Send, _values: Values) -> None:
        await send(START)
        await send(LAST)

    async def receive() -> Message:
        return LEFT

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": []}
    layered = Observing(observers=(Failing(), kept, Failing())).around(handle, "/")
    await layered(scope, receive, send, ())
    assert sent == [START, LAST]
    assert kept.outcomes == [("answered", 200, 1)]
    assert "RuntimeError: leave" in capsys.readouterr().err


async def test_a_request_that_fails_leaves_no_circle_of_objects() -> None:
    async def handle(scope: Scope, _receive: Receive, _send: Send, _values: Values) -> None:
        raise RuntimeError

    async def receive() -> Message:
        return LEFT

    async def send(_message: Message) -> None: ...

    layered = Observing(observers=(Kept(),)).around(handle, "/")
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            with suppress(RuntimeError):
                await layered(
                    {"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send, ()
                )
        assert not [one for one in gc.get_objects() if isinstance(one, Exchange)]
    finally:
        gc.enable()
