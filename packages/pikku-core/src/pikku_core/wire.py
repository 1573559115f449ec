"""The wire: what one invocation knows of how it was called."""

from __future__ import annotations

from os import urandom
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Wire:
    """One invocation. Each transport has a subclass that holds its event and knows its wire things.

    Attributes:
        wiring: The id of the wiring, such as `http:post:/users`; `rpc` calls carry the function's.
        function: The id of the function.
        session: The session, which does not change once it is resolved; None until then, and for a caller without one.
        origin: The wire of the invocation that called this one through `rpc`; None on the outermost.
        depth: How many calls through `rpc` led here: 0 on the outermost.
        state: The runtime's own (live session, call services, thread); transports leave it alone.
    """

    __slots__ = (
        "_trace_id",
        "depth",
        "function",
        "origin",
        "session",
        "state",
        "wiring",
    )

    kind: ClassVar[str] = "rpc"
    """The transport."""

    carries_session: ClassVar[bool] = True
    """Whether `session` may be set before middleware has run: by a socket that was opened with one, by a caller through
    `rpc`. A transport whose sessions come from middleware alone says False; its plainest wirings then need no wire."""

    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    """The wire things this transport gives, each a function of the wire. It is called whenever the thing is asked for:
    one that makes something keeps it on the wire."""

    def __init__(self, wiring: str, function: str, *, origin: Wire | None = None) -> None:
        self.wiring = wiring
        self.function = function
        self.origin = origin
        self.depth: int = 0 if origin is None else origin.depth + 1
        self.session: Any = None
        self.state: Any = None
        self._trace_id: str | None = None

    @property
    def trace_id(self) -> str:
        """The id that logs and error answers carry, the outermost invocation's: 32 hex digits, or what the caller sent."""
        if self._trace_id is None:
            self._trace_id = self.make_trace_id() if self.origin is None else self.origin.trace_id
        return self._trace_id

    def make_trace_id(self) -> str:
        """A new trace id; transports that receive one override this."""
        return urandom(16).hex()

    def thing(self, name: str) -> Any:
        """The wire thing `name` of this invocation or of the nearest that called it; None where none gives it."""
        make = type(self).things.get(name)
        if make is not None:
            return make(self)
        return None if self.origin is None else self.origin.thing(name)
