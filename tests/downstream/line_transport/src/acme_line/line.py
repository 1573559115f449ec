"""The wire thing `line`: what a function can know of the line that called it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, kw_only=True)
class Connection:
    """A client's connection, which lasts over its lines.

    Attributes:
        user: The id of the user whose process connected, from the kernel; None where the system does not tell.
        process: The id of that process; None where the system does not tell.
        session: What `connection_session` keeps.
    """

    user: int | None = None
    process: int | None = None
    session: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line that is being answered.

    ```python
    @pikku_sessionless_func
    async def who(*, line: Line) -> str:
        return f"user {line.connection.user}"
    ```
    """

    verb: str
    connection: Connection
