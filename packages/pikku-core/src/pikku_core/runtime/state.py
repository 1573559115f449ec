"""What the runtime keeps about one invocation while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_core.runtime.lane import Lane
    from pikku_core.wire import Wire


class CallState:
    """The runtime's part of a wire; made when something first needs it.

    Attributes:
        resolved: Whether the session is settled; False only while middleware may still set it.
        sessions: The live session, once somebody asked for it.
        services: The call services that are open, by id.
        lane: The thread of a sync invocation.
        detached: Whether the thread of who called cannot serve this invocation.
        depth: How many middleware the invocation has entered.
        result, answer: The function's result and what was written of it, where middleware stands between.
    """

    __slots__ = (
        "answer",
        "depth",
        "detached",
        "lane",
        "resolved",
        "result",
        "services",
        "sessions",
    )

    def __init__(self) -> None:
        self.resolved = True
        self.sessions: LiveSessions | None = None
        self.services: dict[str, Any] = {}
        self.lane: Lane | None = None
        self.detached = False
        self.depth = 0
        self.result: Any = CallState
        self.answer: Any = None


class LiveSessions:
    """The wire thing `sessions`; see `pikku_core.session.Sessions`.

    It knows the wire of the caller but not its own, which holds it: an invocation must not leave a circle of objects
    behind that only the garbage collector can free.
    """

    __slots__ = ("_origin", "changed", "current", "settled")

    def __init__(self, session: Any, origin: Wire | None, *, settled: bool) -> None:
        self.current = session
        self.changed = False
        self.settled = settled
        self._origin = origin

    def set(self, session: Any) -> None:
        """Says who calls, or once that is settled, who will."""
        self.current = session
        if self.settled:
            self.spread(session)

    def clear(self) -> None:
        """Sets no session."""
        self.set(None)

    def spread(self, session: Any) -> None:
        """Changes the session of this invocation and of those that called it, so that the outermost can store it."""
        self.changed = True
        self.current = session
        if self._origin is not None:
            live_sessions(self._origin).spread(session)


def state_of(wire: Wire) -> CallState:
    """The state of a wire, made now where there is none."""
    state: CallState | None = wire.state
    if state is None:
        state = wire.state = CallState()
    return state


def live_sessions(wire: Wire) -> LiveSessions:
    """The wire thing `sessions` of an invocation."""
    state = state_of(wire)
    if state.sessions is None:
        state.sessions = LiveSessions(wire.session, wire.origin, settled=state.resolved)
    return state.sessions


def current_session(wire: Wire) -> Any:
    """The session: resolved, or as middleware has set it so far."""
    state: CallState | None = wire.state
    if state is None or state.resolved or state.sessions is None:
        return wire.session
    return state.sessions.current


def resolve_session(wire: Wire) -> None:
    """Makes `wire.session` what middleware has set; it does not change after that."""
    state: CallState = wire.state
    if state.sessions is not None:
        wire.session = state.sessions.current
        state.sessions.settled = True
    state.resolved = True


def open_service(wire: Wire, service: str) -> Any:
    """The call service of an invocation or of the nearest that called it; `CallState` itself where none is open."""
    at: Wire | None = wire
    while at is not None:
        state: CallState | None = at.state
        if state is not None and service in state.services:
            return state.services[service]
        at = at.origin
    return CallState


def lane_of(wire: Wire) -> Lane | None:
    """The thread that an invocation or the nearest that called it holds."""
    at: Wire | None = wire
    while at is not None:
        state: CallState | None = at.state
        if state is not None and (state.lane is not None or state.detached):
            return state.lane
        at = at.origin
    return None


def is_waited_for(wire: Wire) -> bool:
    """Whether one of those that called this invocation holds a thread: it may wait there for this one."""
    at = wire.origin
    while at is not None:
        state: CallState | None = at.state
        if state is not None and state.lane is not None:
            return True
        at = at.origin
    return False
