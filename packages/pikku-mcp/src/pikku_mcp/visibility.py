"""Who may use what: a client is not told of tools, resources and prompts that it may not use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core import PikkuError
from pikku_core.runtime.gates import compile_gate
from pikku_mcp.middleware import McpMiddleware
from pikku_mcp.wire import McpWire, wire_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from mcp.server.context import ServerRequestContext

    from pikku_core import App, Middleware, Wire, Wiring
    from pikku_core.runtime import FunctionRecord
    from pikku_mcp.changes import Changes

    class Guarded(Protocol):
        """Something that not everybody may use."""

        @property
        def gate(self) -> Gate:
            """Raises where the session of a wire may not."""
            ...


Gate: TypeAlias = "Callable[[Wire], None]"


def gate_of(wiring: Wiring, record: FunctionRecord) -> Gate:
    """What a call must pass before its data is looked at: a session, scopes, and that it may change something."""
    return compile_gate(
        resolves=False,
        needs_session=record.config.needs_session or wiring.auth is True,
        readonly=record.config.readonly,
        scopes=(*wiring.scopes, *record.config.scopes),
    )


def middleware_of(app: App) -> list[Middleware]:
    """What `mcp_middleware` declares, in order."""
    loaded = [one.load() for one in app.declarations("mcp")]
    return [layer for one in loaded if isinstance(one, McpMiddleware) for layer in one.middleware]


class Callers:
    """Finds out who calls where no function runs."""

    def __init__(self, app: App, changes: Changes) -> None:
        self._wire = wire_class(app)
        self._changes = changes
        self._find = app.caller(self._wire, middleware_of(app))

    @property
    def are_known(self) -> bool:
        """Whether some middleware may know them."""
        return self._find is not None

    async def wire(self, context: ServerRequestContext[Any, Any]) -> McpWire:
        """A wire with the session of who sent a request.

        Raises:
            UnauthorizedError: What it says of itself is refused.
        """
        wire = self._wire("mcp:caller", "", context, changes=self._changes)
        if self._find is not None and wire.session is None:
            await self._find(wire)
        return wire


def visible(wire: Wire, all_of_them: Iterable[Any]) -> list[Any]:
    """Those that the caller of a wire may use, permissions aside: those may ask for data."""
    return [one for one in all_of_them if _passes(one, wire)]


def _passes(one: Guarded, wire: Wire) -> bool:
    try:
        one.gate(wire)
    except PikkuError:
        return False
    return True
