"""Services: what functions work with, built once per process or once per invocation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar, overload

from pikku_core.declaration import attach

F = TypeVar("F", bound=Callable[..., Any])

Scope: TypeAlias = Literal["singleton", "call"]
"""How long a service lives: as long as the App, or as long as one invocation."""


class HasBlockingTwin(ABC):
    """A service or wire thing whose methods are coroutines, and which has another form for sync functions.

    Sync functions, permissions and services that ask for it by name are given what `blocking_twin` returns, so that
    they never hold a coroutine which nothing awaits.
    """

    @abstractmethod
    def blocking_twin(self) -> Any:
        """The same with methods that block the thread which calls them.

        A service is asked in the event loop, once for each who needs it; a wire thing in the thread of the function.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfig:
    """What `pikku_service` attaches to a factory."""

    name: str | None = None
    scope: Scope = "singleton"


@overload
def pikku_service(factory: F, /) -> F: ...
@overload
def pikku_service(*, name: str | None = None, scope: Scope = "singleton") -> Callable[[F], F]: ...
def pikku_service(
    factory: F | None = None, /, *, name: str | None = None, scope: Scope = "singleton"
) -> F | Callable[[F], F]:
    """Marks a factory of a service.

    The factory takes keyword-only services and returns the service, or yields it once: what follows the `yield` is
    the teardown. It may be sync or async. A singleton is started when the App starts and only if a selected function
    needs it; a `call` service is a context manager round one invocation, and an error of the function is thrown in at
    the `yield`, so that a unit of work rolls back. The factory may raise another error in its place; catching it and
    raising none changes nothing: a call that failed stays one.

    Sync singletons are started and stopped in one thread of the App. Sync call services run in the thread of a sync
    function, and in that of the event loop for an async one.

    ```python
    @pikku_service
    async def database(*, config: Config) -> AsyncIterator[Database]:
        async with connect(config.database_url) as pool:
            yield Database(pool)
    ```

    Args:
        name: What functions ask for. Default: the factory's own name.
        scope: `singleton` (default) or `call`.
    """
    return attach(ServiceConfig(name=name, scope=scope), factory)
