"""A session that lasts as long as the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import pikku_middleware

if TYPE_CHECKING:
    from acme_line.line import Line
    from pikku_core import Next, Sessions


@pikku_middleware
async def connection_session(
    next: Next, *, sessions: Sessions[Any], line: Line | None = None
) -> Any:
    """Lets a client sign in once: a session that a function sets is there on the connection's next line.

    ```python
    global_middleware([connection_session])
    ```
    """
    if line is None:
        return await next()
    if line.connection.session is not None:
        sessions.set(line.connection.session)
    try:
        return await next()
    finally:
        line.connection.session = sessions.current
