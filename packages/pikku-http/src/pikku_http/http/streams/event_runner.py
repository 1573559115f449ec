"""From a request to events, or to JSON for a client that does not accept them."""

from __future__ import annotations

import typing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core import DeclarationError
from pikku_core.schema import codec_for
from pikku_http.http.answer import JSON, Answer, alternatives, writer_of
from pikku_http.http.files.answer import FileAnswer
from pikku_http.http.redirect import Redirect
from pikku_http.http.streams.event import ServerSentEvent, framed, wants_events
from pikku_http.http.streams.stream import StreamForm, emit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_core.runtime.plan import Plan
    from pikku_core.runtime.records import FunctionRecord
    from pikku_http.http.answer import Write
    from pikku_http.http.asgi import Header, Receive, Scope, Send
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle
    from pikku_http.http.streams.event_streams import EventStreams
    from pikku_http.http.streams.runner import StreamRunner

    Compile = Callable[..., Plan]

VARY: Final[Header] = (b"vary", b"accept")
EVENTS: Final[tuple[Header, ...]] = (
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would collect events before it passes them on
    VARY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRunner:
    """Makes the handler of a wiring with `sse=True`.

    Attributes:
        runner: For answers that are streams.
        compile: `App.plan` with all that does not depend on the form of the answer.
        answer: Makes a handler of an invocation that is answered at once.
    """

    record: FunctionRecord
    runner: StreamRunner
    compile: Compile
    answer: Callable[[Callable[[Any], Awaitable[Any]]], Handle]
    streams: EventStreams

    def handler(self) -> Handle:
        """The handler, which looks at what each client accepts.

        Raises:
            DeclarationError: The function has no events, or they are no JSON.
        """
        record = self.record
        kinds = alternatives(record.result.type)
        if {bytes, Redirect, FileAnswer}.intersection(kinds):
            raise DeclarationError(
                f'The events of "{record.id}" are JSON, and it gives bytes, files or redirects.'
            )
        if record.is_stream:
            events, plain = self._of_generator()
        elif record.needs.is_sync or "channel" not in record.needs.parameters.values():
            raise DeclarationError(
                f'The function "{record.id}" has no events for "sse=True": let it yield them, or, where it is async, ask '
                'for "channel".'
            )
        else:
            events, plain = self._of_channel()

        def handle(scope: Scope, receive: Receive, send: Send, values: Values) -> Awaitable[None]:
            chosen = events if wants_events(scope) else plain
            return chosen(scope, receive, send, values)

        return handle

    def _of_generator(self) -> tuple[Handle, Handle]:
        write_frame, write_data = writers(self.record)
        form = StreamForm(headers=EVENTS, write=write_frame)
        array = StreamForm(
            headers=(JSON, VARY), write=write_data, begin=b"[", between=b",", end=b"]"
        )
        return (
            self._events(self.compile(write=form.write, emit=emit), form),
            self.runner.handler(self.compile(write=array.write, emit=emit).invoke, array),
        )

    def _of_channel(self) -> tuple[Handle, Handle]:
        form = StreamForm(headers=EVENTS, write=self.record.result.write_json)
        return (
            self._events(self.compile(write=form.write), form),
            self.answer(self.compile(write=varying(writer_of(self.record, 200))).invoke),
        )

    def _events(self, plan: Plan, form: StreamForm) -> Handle:
        return self.runner.handler(plan.invoke, form, self.streams.begin)


def varying(write: Write) -> Write:
    """Says of each answer that it depends on what the client accepts."""

    def write_varying(result: Any) -> Answer:
        content = write(result)
        if isinstance(content, bytes):
            return Answer(200, (JSON, VARY), content)
        return replace(content, headers=(*content.headers, VARY))

    return write_varying


def writers(record: FunctionRecord) -> tuple[Callable[[Any], bytes], Callable[[Any], bytes]]:
    """What makes an event, and what makes the JSON of its data, of an item.

    Raises:
        DeclarationError: Some of the items are `ServerSentEvent`s, and others are not.
    """
    kinds = alternatives(record.result.type)
    data = [data_of(kind) for kind in kinds if origin_of(kind) is ServerSentEvent]
    if not data:
        write_item = record.result.write_json
        return lambda item: framed(write_item(item)), write_item
    if len(data) != len(kinds):
        raise DeclarationError(
            f'The function "{record.id}" yields "ServerSentEvent" and something else: yield that as its data.'
        )
    write_data = codec_for(typing.Union[tuple(data)]).write_json  # noqa: UP007 - of types that are not known here
    check = record.result.check_result

    def event_of(item: Any) -> ServerSentEvent[Any]:
        return cast("ServerSentEvent[Any]", item if type(item) is ServerSentEvent else check(item))

    def write_event(item: Any) -> bytes:
        event = event_of(item)
        return framed(write_data(event.data), event.event, event.id, event.retry)

    return write_event, lambda item: write_data(event_of(item).data)


def origin_of(kind: Any) -> Any:
    """The class of a type, without its arguments."""
    return typing.get_origin(kind) or kind


def data_of(kind: Any) -> Any:
    """The type of the data of a `ServerSentEvent`."""
    return next(iter(typing.get_args(kind)), Any)
