"""Who is told of changes, and of what in logs: clients of either era, as each asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from weakref import WeakKeyDictionary

from mcp.server.subscriptions import (
    InMemorySubscriptionBus,
    ListenHandler,
    PromptsListChanged,
    ResourcesListChanged,
    ResourceUpdated,
    ToolsListChanged,
)
from mcp_types import (
    EmptyResult,
    PromptListChangedNotification,
    ResourceListChangedNotification,
    ResourceUpdatedNotification,
    ResourceUpdatedNotificationParams,
    ToolListChangedNotification,
)

from pikku_mcp.mcp import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcp.server.connection import Connection
    from mcp.server.context import ServerRequestContext
    from mcp.server.subscriptions import ServerEvent
    from mcp_types import (
        NotificationParams,
        ServerNotification,
        SetLevelRequestParams,
        SubscribeRequestParams,
        UnsubscribeRequestParams,
    )

    from pikku_mcp.mcp import Level

Context: TypeAlias = "ServerRequestContext[Any, Any]"
Listed: TypeAlias = Literal["prompts", "resources", "tools"]
CHANGED: Final[Mapping[Listed, tuple[ServerEvent, ServerNotification]]] = {
    "prompts": (PromptsListChanged(), PromptListChangedNotification()),
    "resources": (ResourcesListChanged(), ResourceListChangedNotification()),
    "tools": (ToolsListChanged(), ToolListChangedNotification()),
}
"""What clients of revision 2026-07-28 are sent, and those before it."""


@dataclass(slots=True)
class Wishes:
    """What a client up to revision 2025-11-25 asked for.

    Attributes:
        level: The least grave messages of the log that it wants.
        resources: The URIs that it subscribed to.
    """

    level: Level = "debug"
    resources: set[str] = field(default_factory=set[str])


class Changes:
    """The clients of one server. Those of revision 2026-07-28 hold a stream open, which `listen` answers."""

    def __init__(self) -> None:
        self._bus = InMemorySubscriptionBus()
        self._clients: WeakKeyDictionary[Connection, Wishes] = WeakKeyDictionary()
        self.listen = ListenHandler(self._bus)

    def wants(self, context: Context, level: Level) -> bool:
        """Whether the client of a call wants such messages, as far as this knows."""
        wishes = self._clients.get(connection_of(context))
        return wishes is None or LEVELS.index(level) >= LEVELS.index(wishes.level)

    async def resource_updated(self, uri: str) -> None:
        """Tells those that subscribed to a resource."""
        await self._bus.publish(ResourceUpdated(uri=uri))
        params = ResourceUpdatedNotificationParams(uri=uri)
        for connection, wishes in list(self._clients.items()):
            if uri in wishes.resources:
                await _tell(connection, ResourceUpdatedNotification(params=params))

    async def list_changed(self, what: Listed) -> None:
        """Tells all clients."""
        event, notification = CHANGED[what]
        await self._bus.publish(event)
        for connection in list(self._clients):
            await _tell(connection, notification)

    async def initialized(self, context: Context, params: NotificationParams | None) -> None:  # noqa: ARG002 - the SDK's signature
        """Remembers a client that will be told of changes."""
        self._wishes(context)

    async def subscribe(self, context: Context, params: SubscribeRequestParams) -> EmptyResult:
        """Answers `resources/subscribe`."""
        self._wishes(context).resources.add(str(params.uri))
        return EmptyResult()

    async def unsubscribe(self, context: Context, params: UnsubscribeRequestParams) -> EmptyResult:
        """Answers `resources/unsubscribe`."""
        self._wishes(context).resources.discard(str(params.uri))
        return EmptyResult()

    async def set_level(self, context: Context, params: SetLevelRequestParams) -> EmptyResult:
        """Answers `logging/setLevel`."""
        self._wishes(context).level = params.level
        return EmptyResult()

    def _wishes(self, context: Context) -> Wishes:
        return self._clients.setdefault(connection_of(context), Wishes())


def connection_of(context: Context) -> Connection:
    """The connection of a client, the same on each of its calls."""
    # The SDK has no public name for it, and sessions are made anew for each call.
    return context.session._connection  # noqa: SLF001 - see above  # pyright: ignore[reportPrivateUsage]  # see above


async def _tell(connection: Connection, notification: Any) -> None:
    data = notification.model_dump(by_alias=True, mode="json", exclude_none=True)
    await connection.outbound.notify(data["method"], data.get("params"))
