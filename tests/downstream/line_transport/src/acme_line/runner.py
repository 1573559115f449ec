"""A line in, the function that it names called, a line out."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from operator import attrgetter
from secrets import token_hex
from typing import TYPE_CHECKING, Any, ClassVar, Final

from acme_line.line import Connection, Line
from acme_line.protocol import PING, failure, parse, success
from acme_line.wiring import LineWiring
from pikku_core import BadRequestError, DeclarationError, NotFoundError, Wire
from pikku_core.runtime import NO_DATA, Read, error_facts, is_outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_core import App, PikkuError
    from pikku_core.runtime import FunctionRecord, Plan, WiringHandle

logger: Final = logging.getLogger(__name__)


class LineWire(Wire):
    """One line being answered."""

    __slots__ = ("data", "line")

    kind = "line"
    carries_session = False
    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"line": attrgetter("line")}

    def __init__(self, route: Route, line: Line, data: bytes) -> None:
        super().__init__(route.id, route.plan.function.id)
        self.line = line
        self.data = data


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What a verb leads to.

    Attributes:
        id: The wiring's id.
        example: The wiring's example as JSON text; empty where it has none.
    """

    id: str
    verb: str
    example: str
    plan: Plan


class Runner:
    """Answers the lines of a started App. Everything that a line does not change is worked out here, once.

    Raises:
        DeclarationError: A wiring and its function do not go together.
    """

    def __init__(self, app: App) -> None:
        routes = [_route(app, handle) for handle in app.wirings("line", LineWiring)]
        self.routes: Final = {
            route.verb: route for route in sorted(routes, key=lambda one: one.verb)
        }
        self._pong: Final = success(json.dumps({"verbs": list(self.routes)}).encode())

    async def answer(self, text: bytes, connection: Connection) -> bytes:
        """The answer to a line; both end with a line break. It never raises for what the line or the function does."""
        try:
            verb, data = parse(text)
        except BadRequestError as error:
            return refusal(error)
        if verb == PING:
            return self._pong
        route = self.routes.get(verb)
        if route is None:
            return refusal(NotFoundError(f'Nothing answers to "{verb}".'))
        wire = LineWire(route, Line(verb=verb, connection=connection), data)
        try:
            answer: bytes = await route.plan.invoke(wire)
        except BaseException as error:
            if not is_outcome(error):
                raise
            shown = error_facts(error, wire.trace_id)
            if shown.status >= 500:
                logger.exception("%s failed (trace id %s)", verb, wire.trace_id)
            return failure(shown)
        return answer


def refusal(error: PikkuError) -> bytes:
    """The line that answers one which calls nothing."""
    return failure(error_facts(error, token_hex(16)))


def _route(app: App, handle: WiringHandle[LineWiring]) -> Route:
    wiring = handle.load()
    record = app.record(handle.function)
    if record.is_stream:
        raise DeclarationError(
            f'"{wiring.verb}" cannot be answered by "{record.id}", which yields: a line has one answer.'
        )
    plan = app.plan(
        handle.function,
        wiring=wiring,
        wire=LineWire,
        read=_reader(record),
        write=_writer(record),
    )
    example = b""
    if wiring.example is not None and record.data is not None:
        example = record.data.write_json(wiring.example)
    return Route(id=handle.id, verb=wiring.verb, example=example.decode(), plan=plan)


def _reader(record: FunctionRecord) -> Read | None:
    codec = record.data
    if codec is None:
        return None
    read_json, optional = codec.read_json, record.default is not NO_DATA

    def read(wire: LineWire) -> Any:
        if optional and not wire.data:
            return NO_DATA
        return read_json(wire.data or b"{}")

    return Read(read)


def _writer(record: FunctionRecord) -> Callable[[Any], bytes]:
    write_json = record.result.write_json

    def write(result: Any) -> bytes:
        return success(write_json(result))

    return write
