"""When the session of a request is written: while headers can still be sent."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final

from pikku_http.http.auth.session_cookie import seconds_of

if TYPE_CHECKING:
    from pikku_core import Next, Sessions
    from pikku_core.services import Clock, Signer
    from pikku_http.http.auth.session_cookie import Held, SessionCookie
    from pikku_http.http.http import Http

UNCHANGED: Final = object()

log: Final = logging.getLogger("pikku.http.auth")


class SessionWriter(ABC):
    """Writes what an invocation has made of its session: before a stream is opened, or else when it has returned.

    It is told `http` and does not hold it, which holds it: no invocation leaves a circle of objects behind.

    Attributes:
        held: What the request's cookie holds.
        known: Whether that has said who calls.
        began: When the session that is written began: with this request, unless there was one.
    """

    def __init__(
        self,
        cookie: SessionCookie,
        held: Held | None,
        *,
        clock: Clock,
        sessions: Sessions[Any],
        signer: Signer,
    ) -> None:
        self.cookie = cookie
        self.held = held
        self.known = sessions.current is not None
        self.began = seconds_of(clock) if held is None or not self.known else held.began
        self.clock = clock
        self.signer = signer
        self._sessions = sessions
        self._is_written = False
        self._written: bytes | object | None = UNCHANGED

    async def around(self, next: Next, http: Http, where: str) -> Any:
        """Runs what is inside, and writes the session in time.

        Args:
            where: The wiring, for the log.

        Raises:
            ServiceUnavailableError: The store cannot be reached.
        """
        http.before_stream(self._write)
        http.keeps_session = True
        result = await next()
        if not self._is_written:
            await self._write(http)
        elif self._sessions.changed and self._content() != self._written:
            await self._write_late(where)
        return result

    @abstractmethod
    async def change(self, http: Http, content: bytes | None) -> None:
        """Writes a session that has changed; None: there is none any more."""

    @abstractmethod
    async def renew(self, http: Http, held: Held) -> None:
        """Lets a session that has not changed hold for another lifetime."""

    @abstractmethod
    async def end(self) -> bool:
        """Ends the session once headers have been sent; returns whether that can be done."""

    def write_cookie(self, http: Http, content: bytes) -> None:
        """Gives the client the cookie."""
        self.cookie.write(http, self.signer, self.clock, content, began=self.began)

    async def _write(self, http: Http) -> None:
        self._is_written = True
        held = self.held
        if self._sessions.changed:
            self._written = content = self._content()
            await self.change(http, content)
        elif held is not None and self.known and self.cookie.is_due(held, self.clock):
            await self.renew(http, held)

    async def _write_late(self, where: str) -> None:
        if self._sessions.current is None and await self.end():
            return
        log.error(
            'The session was changed after the headers of the stream of "%s" had been sent: that is lost. Change it before '
            "the first item.",
            where,
        )

    def _content(self) -> bytes | None:
        """The session as it is written: of two that are equal one may say more."""
        current = self._sessions.current
        return None if current is None else self.cookie.codec.write_json(current)


async def unwritten(next: Next, http: Http, sessions: Sessions[Any], where: str) -> Any:
    """Runs what is inside where the session was found further out; what becomes of it is lost unless it is written there.

    Args:
        where: The wiring, for the log.
    """
    result = await next()
    if sessions.changed and not http.keeps_session:
        log.error(
            'The session that "%s" has changed came from no cookie, and goes into none: unless middleware further out keeps it, '
            "the change is lost.",
            where,
        )
    return result
