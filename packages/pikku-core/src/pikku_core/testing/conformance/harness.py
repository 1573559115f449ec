"""What the tests of a transport have in common: an App behind it, and a caller in front of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel

from pikku_core import App, global_middleware

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from pikku_core import Declaration, Middleware, Wiring


class Number(BaseModel):
    """The data and the result of most functions of the suite."""

    value: int
    label: str = "none"


@dataclass(frozen=True, slots=True)
class Caller:
    """The session of the suite's applications: who calls.

    Attributes:
        scopes, readonly: See `pikku_core.pikku_session`.
    """

    user: str
    scopes: tuple[str, ...] = ()
    readonly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a caller was answered.

    Attributes:
        text: All of it, as it was sent.
        value: The result, read as JSON; None for an error.
        code: The code of the error, such as `invalid_data`; empty for a result.
        message: That of the error.
        locations: The places of the values that an `invalid_data` complains of.
    """

    text: str
    value: Any = None
    code: str = ""
    message: str = ""
    locations: tuple[tuple[str | int, ...], ...] = ()


class Call(Protocol):
    """Calls the wiring of a name, from outside."""

    async def __call__(
        self, name: str, data: Mapping[str, Any] | None = None, *, caller: Caller | None = None
    ) -> Answer:
        """Sends data, or none, and waits for the answer."""
        ...


class TransportHarness(ABC):
    """What a transport says of itself to be tested."""

    def middleware(self) -> Sequence[Middleware]:
        """Middleware for all wirings that finds out who calls and sets a `Caller`. Default: none is needed."""
        return ()

    @abstractmethod
    def wire(self, name: str, func: Callable[..., Any], **options: Any) -> Wiring:
        """A wiring of the transport, by whose name callers reach a function.

        Args:
            name: Small letters, a to z.
            options: Of those that all wirings have: `auth`, `scopes`, `permissions`, `middleware`, `tags`.
        """

    @abstractmethod
    def serve(self, app: App) -> AbstractAsyncContextManager[Call]:
        """Serves a running App in this event loop, and gives the way to call it.

        Leaving the context stops serving: what is being answered then is answered still.
        """

    @asynccontextmanager
    async def running(
        self,
        *declarations: Declaration,
        functions: Iterable[Callable[..., Any]] = (),
        services: Iterable[Callable[..., Any]] = (),
    ) -> AsyncGenerator[Call]:
        """An App of declarations, served."""
        middleware = self.middleware()
        who = [global_middleware(middleware)] if middleware else []
        app = App([*who, *declarations], functions=functions, services=services)
        async with app, self.serve(app) as call:
            yield call
