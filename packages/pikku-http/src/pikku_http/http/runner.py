"""From a request to an answer: one handler per wiring, put together once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core import DeclarationError
from pikku_core.runtime import is_outcome
from pikku_http.http.answer import JSON, Content, alternatives, send_answer, writer_of
from pikku_http.http.asgi import Receive, Scope, Send
from pikku_http.http.body import read_body
from pikku_http.http.files.answer import FileAnswer, file_writer
from pikku_http.http.http import HttpWire
from pikku_http.http.router import Values
from pikku_http.http.source import Source, source_of

if TYPE_CHECKING:
    from pikku_core import App, Middleware, PermissionGroup
    from pikku_core.runtime.plan import Read
    from pikku_core.runtime.records import FunctionRecord
    from pikku_http.http.bodies.limits import BodyLimits
    from pikku_http.http.errors import ErrorResponder
    from pikku_http.http.route import Route
    from pikku_http.http.streams.event_streams import EventStreams
    from pikku_http.http.wiring import HttpWiring

Handle: TypeAlias = Callable[[Scope, Receive, Send, Values], Awaitable[None]]
"""Answers one request of a wiring; the values are those of its route's parameters."""

Direct: TypeAlias = Callable[..., Awaitable[Any]]
Serialize: TypeAlias = Callable[[Any], Content]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Makes the handlers of an App.

    Each handler sends by itself what `send_answer` would for a plain result: most answers are, and each awaited call
    less is felt.

    Attributes:
        errors: Answers what goes wrong.
        limits: What the body of a request may hold.
        streams: Those of events, which are ended when the server drains.
    """

    app: App
    errors: ErrorResponder
    limits: BodyLimits
    streams: EventStreams

    def handler(
        self,
        wiring: HttpWiring,
        route: Route,
        function: str,
        middleware: Sequence[Middleware],
        permissions: Sequence[PermissionGroup] = (),
    ) -> Handle:
        """The handler of a wiring; the App must have been started.

        Args:
            function: The id of the function.
            middleware, permissions: What patterns chose for the wiring, in order.

        Raises:
            DeclarationError: The wiring and its function do not go together.
        """
        record = self.app.record(function)
        limits = self.limits.with_body(wiring.max_body)
        source = source_of(wiring, route, record, limits)
        handle = self._handler(record, source, wiring, middleware, permissions)
        if source.spools:
            from pikku_http.http.bodies.raw import spooled

            return spooled(handle, limits)
        return handle

    def _handler(
        self,
        record: FunctionRecord,
        source: Source,
        wiring: HttpWiring,
        middleware: Sequence[Middleware],
        permissions: Sequence[PermissionGroup],
    ) -> Handle:
        function, limit = record.id, self.limits.with_body(wiring.max_body).body
        if record.is_stream or wiring.sse:
            return self._stream(record, source, wiring, middleware, permissions)
        write = writer_of(record, wiring.status)
        has_files = FileAnswer in alternatives(record.result.type)
        plan = self.app.plan(
            function,
            wiring=wiring,
            wire=HttpWire,
            pattern_middleware=middleware,
            pattern_permissions=permissions,
            read=_read(source, limit),
            write=file_writer(write) if has_files else write,
        )
        if has_files:
            from pikku_http.http.files.runner import file_handler

            return file_handler(plan.invoke, wiring, function, self.errors)
        if plan.direct is None or source.reads is not None:
            return self._through_plan(plan.invoke, wiring, function)
        return self._direct(plan.direct, source, write, wiring, limit)

    def _stream(
        self,
        record: FunctionRecord,
        source: Source,
        wiring: HttpWiring,
        middleware: Sequence[Middleware],
        permissions: Sequence[PermissionGroup],
    ) -> Handle:
        from pikku_http.http.streams.event_runner import EventRunner
        from pikku_http.http.streams.event_stream import EventWire
        from pikku_http.http.streams.form import form_of
        from pikku_http.http.streams.runner import StreamRunner, watched
        from pikku_http.http.streams.stream import StreamWire, emit

        if source.streams:
            raise DeclarationError(
                f'"{wiring.id}" is answered with a stream, before which its body must have been read: take "bytes" or '
                'an "UploadFile" in place of the "BodyStream".'
            )
        wire = EventWire if wiring.sse else StreamWire
        compile_plan = partial(
            self.app.plan,
            record.id,
            wiring=wiring,
            wire=wire,
            pattern_middleware=middleware,
            pattern_permissions=permissions,
            read=watched(_read(source, self.limits.with_body(wiring.max_body).body)),
        )
        runner = StreamRunner(
            wiring=wiring,
            function=record.id,
            errors=self.errors,
            reads_body=source.with_body is not None or source.reads is not None,
            wire=wire,
        )
        if not wiring.sse:
            form = form_of(record, wiring.status)
            return runner.handler(compile_plan(write=form.write, emit=emit).invoke, form)
        return EventRunner(
            record=record,
            runner=runner,
            compile=compile_plan,
            answer=lambda invoke: self._through_plan(invoke, wiring, record.id, EventWire),
            streams=self.streams,
        ).handler()

    def _through_plan(
        self,
        invoke: Callable[[Any], Awaitable[Content]],
        wiring: HttpWiring,
        function: str,
        make: type[HttpWire] = HttpWire,
    ) -> Handle:
        status, name, respond = wiring.status, wiring.id, self.errors.respond

        async def handle(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
            wire = make(name, function, scope, receive, values)
            try:
                content = await invoke(wire)
            except BaseException as error:
                if not is_outcome(error):
                    raise
                return await respond(
                    error, scope, send, where=name, http=wire.http, trace_id=wire.trace_id
                )
            http = wire.http
            if type(content) is not bytes or (http is not None and not http.plain):
                return await send_answer(send, content, status, http)
            length = (b"content-length", b"%d" % len(content))
            headers = [JSON, length] if http is None else [JSON, *http.added, length]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            return await send({"type": "http.response.body", "body": content})

        return handle

    def _direct(
        self, call: Direct, source: Source, write: Serialize, wiring: HttpWiring, limit: int
    ) -> Handle:
        status, name, respond = wiring.status, wiring.id, self.errors.respond
        plain, with_body = source.plain, source.with_body

        async def handle(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
            try:
                if plain is not None:
                    content = write(await call(plain(scope, values)))
                elif with_body is not None:
                    body = await read_body(scope, receive, limit)
                    content = write(await call(with_body(body, scope, values)))
                else:
                    content = write(await call())
            except BaseException as error:
                if not is_outcome(error):
                    raise
                return await respond(error, scope, send, where=name)
            if type(content) is not bytes:
                return await send_answer(send, content, status, None)
            length = (b"content-length", b"%d" % len(content))
            await send({"type": "http.response.start", "status": status, "headers": [JSON, length]})
            return await send({"type": "http.response.body", "body": content})

        return handle


def _read(source: Source, limit: int) -> Read | None:
    """The source as core's pipeline asks for it, which calls it once the gates are passed."""
    from pikku_core.runtime.plan import Read

    plain, with_body, reads = source.plain, source.with_body, source.reads
    if plain is not None:
        return Read(lambda wire: plain(wire.scope, wire.values))
    if reads is not None:
        return Read(lambda wire: reads(wire.scope, wire.receive, wire.values), is_async=True)
    if with_body is None:
        return None

    async def read(wire: HttpWire) -> Any:
        body = await read_body(wire.scope, wire.receive, limit)
        return with_body(body, wire.scope, wire.values)

    return Read(read, is_async=True)
