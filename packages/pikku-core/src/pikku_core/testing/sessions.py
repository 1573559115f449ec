"""A fake of the wire thing `sessions`."""

from __future__ import annotations

from typing import Generic, TypeVar

S = TypeVar("S")


class FakeSessions(Generic[S]):
    """The session of a caller, which a function or a middleware may change; see `pikku_core.Sessions`.

    ```python
    sessions = FakeSessions[Session]()
    await login(Login(name="ada"), sessions=sessions)
    assert sessions.current == Session(user_id="1")
    ```

    Args:
        current: Who calls. Default: nobody that is known.

    Attributes:
        current: The session as it is now.
        changed: Whether it was set or cleared.
    """

    def __init__(self, current: S | None = None) -> None:
        self.current = current
        self.changed = False

    def set(self, session: S) -> None:
        """Makes `session` the caller's."""
        self.current = session
        self.changed = True

    def clear(self) -> None:
        """Leaves the caller without a session."""
        self.current = None
        self.changed = True
