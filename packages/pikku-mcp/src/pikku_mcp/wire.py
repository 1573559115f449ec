"""The wire thing `mcp`: what a function can know of the client that called it, and tell it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from pikku_core import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mcp.server.context import ServerRequestContext

Level: TypeAlias = Literal[
    "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"
]
"""How grave a message is (RFC 5424)."""


class Mcp:
    """The call of a client.

    Functions ask for it by name; `mcp: Mcp | None = None` where other transports call them too.

    ```python
    @pikku_func(mcp=True)
    async def reindex(*, catalogue: Catalogue, mcp: Mcp | None = None) -> int:
        for number, article in enumerate(catalogue.articles):
            await catalogue.index(article)
            if mcp is not None:
                await mcp.progress(number + 1, total=len(catalogue.articles))
        return len(catalogue.articles)
    ```
    """

    __slots__ = ("_context",)

    def __init__(self, context: ServerRequestContext[Any, Any]) -> None:
        self._context = context

    @property
    def protocol(self) -> str:
        """The revision of the protocol that the client speaks: `2025-11-25`."""
        return self._context.protocol_version

    async def progress(
        self, progress: float, *, total: float | None = None, message: str = ""
    ) -> None:
        """Says how far the call is; a client that did not ask for it is told nothing.

        Args:
            progress: More than what was said before.
            total: What it will be in the end, where that is known.
            message: For people.
        """
        token = (self._context.meta or {}).get("progress_token")
        if token is None:
            return
        from mcp_types import ProgressNotification, ProgressNotificationParams

        params = ProgressNotificationParams(
            progress_token=token, progress=progress, total=total, message=message or None
        )
        await self._context.session.send_notification(
            ProgressNotification(params=params), related_request_id=self._context.request_id
        )

    async def log(self, level: Level, data: Any, *, logger: str | None = None) -> None:
        """Sends the client a message of its log: anything that is JSON. What it did not ask for is not sent."""
        from mcp_types import LoggingMessageNotification, LoggingMessageNotificationParams

        params = LoggingMessageNotificationParams(level=level, data=data, logger=logger)
        await self._context.session.send_notification(
            LoggingMessageNotification(params=params), related_request_id=self._context.request_id
        )


class McpWire(Wire):
    """One call of a client.

    Attributes:
        context: The SDK's.
        arguments: What the call brought.
    """

    __slots__ = ("_mcp", "arguments", "context")

    kind: ClassVar[str] = "mcp"
    carries_session: ClassVar[bool] = False

    def __init__(
        self,
        wiring: str,
        function: str,
        context: ServerRequestContext[Any, Any],
        arguments: Mapping[str, Any],
    ) -> None:
        Wire.__init__(self, wiring, function)
        self.context = context
        self.arguments = arguments
        self._mcp: Mcp | None = None

    def make_mcp(self) -> Mcp:
        """The wire thing `mcp`, the same for all who ask."""
        if self._mcp is None:
            self._mcp = Mcp(self.context)
        return self._mcp

    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"mcp": make_mcp}
