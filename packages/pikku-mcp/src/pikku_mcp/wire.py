"""One call of a client, as the pipeline sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core import Wire
from pikku_core.plugin.target import resolve
from pikku_mcp.mcp import Mcp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mcp.server.context import ServerRequestContext

    from pikku_core import App
    from pikku_mcp.changes import Changes
    from pikku_mcp.rounds import Round

SESSION: Final = "pikku.mcp.session"
"""Where the scope of a request has the session of who sent it, where that is known already."""
TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class McpWire(Wire):
    """One call of a client.

    Attributes:
        context: The SDK's.
        arguments: What the call brought.
        round: What the client was asked before, and said; None for calls that may not ask.
        changes: Who is told of changes.
    """

    __slots__ = ("arguments", "changes", "context", "made", "round")

    kind: ClassVar[str] = "mcp"
    carries_session: ClassVar[bool] = False

    def __init__(
        self,
        wiring: str,
        function: str,
        context: ServerRequestContext[Any, Any],
        *,
        changes: Changes,
        arguments: Mapping[str, Any] | None = None,
        round: Round | None = None,
    ) -> None:
        Wire.__init__(self, wiring, function)
        self.context = context
        self.changes = changes
        self.arguments = arguments or {}
        self.round = round
        self.made: dict[str, Any] = {}
        scope = self.scope
        if scope is not None:
            self.session = scope.get(SESSION)

    @property
    def scope(self) -> Mapping[str, Any] | None:
        """The ASGI scope of the request that brought the call; None over stdio."""
        request = self.context.request
        return None if request is None else request.scope

    def make_trace_id(self) -> str:
        """The id that the call brought (W3C Trace Context, in `_meta`), or a new one."""
        given = (self.context.meta or {}).get("traceparent")
        found = TRACEPARENT.fullmatch(given) if isinstance(given, str) else None
        return super().make_trace_id() if found is None else found[1]

    def make_mcp(self) -> Mcp:
        """The wire thing `mcp`, the same for all who ask."""
        mcp: Mcp | None = self.made.get("mcp")
        if mcp is None:
            mcp = self.made["mcp"] = Mcp(self.context, self.round, self.changes)
        return mcp

    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"mcp": make_mcp}


def wire_class(app: App) -> type[McpWire]:
    """The class of an App's wires: they give the things of the HTTP server that they came by, too."""
    things = {name: _made_of_scope(name, target) for name, target in app.scope_things.items()}
    namespace = {"__slots__": (), "things": {**McpWire.things, **things}}
    return type("McpWire", (McpWire,), namespace)


def _made_of_scope(name: str, target: str) -> Callable[[McpWire], Any]:
    def make(wire: McpWire) -> Any:
        if name not in wire.made:
            scope = wire.scope
            wire.made[name] = None if scope is None else resolve(target)(scope)
        return wire.made[name]

    return make
