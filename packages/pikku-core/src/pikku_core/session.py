"""Sessions: who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from pikku_core.declaration import attach

if TYPE_CHECKING:
    from collections.abc import Callable

S = TypeVar("S")
C = TypeVar("C", bound=type[Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConfig:
    """What `pikku_session` attaches to the session class of a project."""


@overload
def pikku_session(cls: C, /) -> C: ...
@overload
def pikku_session() -> Callable[[C], C]: ...
def pikku_session(cls: C | None = None, /) -> C | Callable[[C], C]:
    """Marks the class of the project's sessions; a project has at most one.

    Two attributes mean something to the framework where the class has them: `scopes` (strings, or
    one string with spaces between them) and `readonly` (a bool).
    """
    return attach(SessionConfig(), cls)


class Sessions(Protocol, Generic[S]):
    """The wire thing `sessions`: reads and changes the session of this invocation.

    In middleware, `set` says who is calling. Once the invocation has passed its auth gate `session` is a frozen
    snapshot, and `set` and `clear` change what the caller will be next time: cookies and stores act on `changed`.
    """

    @property
    def current(self) -> S | None:
        """The session as it is now, changes included."""
        ...

    @property
    def changed(self) -> bool:
        """Whether a function set or cleared it."""
        ...

    def set(self, session: S) -> None:
        """Makes `session` the caller's."""
        ...

    def clear(self) -> None:
        """Leaves the caller without a session."""
        ...
