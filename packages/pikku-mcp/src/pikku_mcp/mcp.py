"""The wire thing `mcp`: what a function can know of the client that called it, tell it meanwhile, and ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from pikku_core import DeclarationError
from pikku_mcp.question import Elicit, Elicited, ListRoots, Question, Root, Sample, Sampled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mcp.server.context import ServerRequestContext

    from pikku_mcp.changes import Changes
    from pikku_mcp.content import Message
    from pikku_mcp.rounds import Round

T = TypeVar("T")

Level: TypeAlias = Literal[
    "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"
]
"""How grave a message is (RFC 5424)."""
LEVELS: tuple[Level, ...] = (
    "debug",
    "info",
    "notice",
    "warning",
    "error",
    "critical",
    "alert",
    "emergency",
)


class Mcp:
    """The call of a client.

    Async functions ask for it by name; `mcp: Mcp | None = None` where other transports call them too.

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

    __slots__ = ("_changes", "_context", "_round")

    def __init__(
        self, context: ServerRequestContext[Any, Any], round: Round | None, changes: Changes
    ) -> None:
        self._context = context
        self._round = round
        self._changes = changes

    @property
    def protocol(self) -> str:
        """The revision of the protocol that the client speaks: `2025-11-25`."""
        return self._context.protocol_version

    @property
    def client(self) -> tuple[str, str] | None:
        """The name and version of the client; None where it does not say."""
        params = self._context.session.client_params
        return None if params is None else (params.client_info.name, params.client_info.version)

    def supports(self, capability: Literal["elicitation", "roots", "sampling"]) -> bool:
        """Whether the client says that it can be asked for something."""
        capabilities = self._context.session.client_capabilities
        return capabilities is not None and getattr(capabilities, capability) is not None

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
        from mcp.server.connection import allowed_log_levels
        from mcp_types import LoggingMessageNotification, LoggingMessageNotificationParams

        context = self._context
        allowed = allowed_log_levels(context.protocol_version, context.meta)
        if level not in allowed or not self._changes.wants(context, level):
            return
        params = LoggingMessageNotificationParams(level=level, data=data, logger=logger)
        await context.session.send_notification(
            LoggingMessageNotification(params=params), related_request_id=context.request_id
        )

    async def elicit(self, message: str, form: type[T], *, key: str = "") -> Elicited[T]:
        """Asks the person in front of the client to fill in a form.

        Clients of revision 2026-07-28 are asked by the answer of the call, and send the call again with what the person
        said: the function then runs from its start, and gets the answer here. So what comes before must do no harm twice.

        ```python
        said = await mcp.elicit("Which city?", City)
        if said.data is None:
            return "Never mind."
        ```

        Args:
            message: For the person.
            form: A model or dataclass with fields of text, numbers, bools and enums, and nothing nested.
            key: What identifies the question among those of the call. Default: its number.

        Raises:
            ClientLacksError: The client cannot ask.
        """
        answer: Elicited[T] = (await self._ask({self._key(key): Elicit(message, form)}))[0]
        return answer

    async def sample(
        self, messages: list[Message], *, max_tokens: int = 1000, system: str = "", key: str = ""
    ) -> Sampled:
        """Has the model of the client go on with a conversation.

        Args:
            messages: The conversation so far.
            max_tokens: How long the answer may be.
            system: What the model is told of its part.
            key: See `elicit`.

        Raises:
            ClientLacksError: The client gives no model away.
        """
        question = Sample(messages, max_tokens=max_tokens, system=system)
        answer: Sampled = (await self._ask({self._key(key): question}))[0]
        return answer

    async def roots(self, *, key: str = "") -> list[Root]:
        """The folders that the client works in.

        Raises:
            ClientLacksError: The client has none.
        """
        answer: list[Root] = (await self._ask({self._key(key): ListRoots()}))[0]
        return answer

    async def ask(self, questions: Mapping[str, Question]) -> list[Any]:
        """Asks several things at once; the answers come in the same order.

        ```python
        said, roots = await mcp.ask({"city": Elicit("Which city?", City), "roots": ListRoots()})
        ```

        Raises:
            ClientLacksError: The client cannot be asked one of them.
        """
        return await self._ask(questions)

    async def resource_updated(self, uri: str) -> None:
        """Says that a resource is another one now, to all clients of this server that subscribed to it."""
        await self._changes.resource_updated(uri)

    async def list_changed(self, what: Literal["prompts", "resources", "tools"]) -> None:
        """Says that there are other tools, resources or prompts, to all clients of this server that want to know."""
        await self._changes.list_changed(what)

    async def _ask(self, questions: Mapping[str, Question]) -> list[Any]:
        if self._round is None:
            raise DeclarationError("Only tools, resources and prompts may ask their client.")
        return await self._round.ask(self._context, questions)

    def _key(self, key: str) -> str:
        return key or ("" if self._round is None else self._round.next_key())
