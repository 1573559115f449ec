"""Where sessions are kept between calls."""

from __future__ import annotations

from collections import OrderedDict
from heapq import heapify, heappop, heappush
from typing import Protocol

from pikku_core.services.clock import Clock, SystemClock


class SessionStore(Protocol):
    """Keeps sessions by key, each for a limited time.

    It knows nothing of what a session is: whoever uses it makes bytes of sessions, and keys that nobody can guess.
    `pikku_core.testing.conformance.SessionStoreConformance` says what every store does.

    Where it cannot be reached, each of these raises `ServiceUnavailableError`: nobody is taken for a stranger because of that.
    """

    async def get(self, key: str) -> bytes | None:
        """The session; None where there is none, or its time is over."""
        ...

    async def set(self, key: str, session: bytes, *, ttl: float) -> None:
        """Keeps a session, in place of what had the key.

        Args:
            ttl: For how many seconds from now.

        Raises:
            ValueError: They are 0 or less.
        """
        ...

    async def extend(self, key: str, *, ttl: float) -> bool:
        """Keeps a session that there is for another time; returns whether there was one.

        A session that somebody clears meanwhile does not come back.

        Args:
            ttl: For how many seconds from now.

        Raises:
            ValueError: They are 0 or less.
        """
        ...

    async def clear(self, key: str) -> bool:
        """Forgets a session; returns whether there was one. Of several who clear one at once, one is told so."""
        ...


class MemorySessionStore:
    """Keeps sessions in this process: for development, tests, and servers that are one process.

    Args:
        clock: What time it is. Default: the machine's.
        max_sessions: How many there may be: the one that was set longest ago makes way. Default: as many as are set.
    """

    def __init__(self, *, clock: Clock | None = None, max_sessions: int | None = None) -> None:
        if max_sessions is not None and max_sessions < 1:
            raise ValueError(f'"max_sessions" is {max_sessions}: keep one session at least.')
        self._clock = SystemClock() if clock is None else clock
        self._max_sessions = max_sessions
        self._sessions: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._ends: list[tuple[float, str]] = []

    def __len__(self) -> int:
        self._drop_ended()
        return len(self._sessions)

    async def get(self, key: str) -> bytes | None:
        """The session; None where there is none, or its time is over."""
        session, end = self._sessions.get(key, (None, 0.0))
        return None if end <= self._clock.monotonic() else session

    async def set(self, key: str, session: bytes, *, ttl: float) -> None:
        """Keeps a session for `ttl` seconds."""
        check_ttl(ttl)
        self._drop_ended()
        end = self._clock.monotonic() + ttl
        self._sessions.pop(key, None)
        self._sessions[key] = session, end
        heappush(self._ends, (end, key))
        self._drop_replaced()
        if self._max_sessions is not None and len(self._sessions) > self._max_sessions:
            self._sessions.popitem(last=False)

    async def extend(self, key: str, *, ttl: float) -> bool:
        """Keeps a session that there is for `ttl` seconds from now; returns whether there was one."""
        check_ttl(ttl)
        session = await self.get(key)
        if session is None:
            return False
        end = self._clock.monotonic() + ttl
        self._sessions[key] = session, end
        heappush(self._ends, (end, key))
        self._drop_replaced()
        return True

    async def clear(self, key: str) -> bool:
        """Forgets a session; returns whether there was one."""
        return self._sessions.pop(key, (b"", 0.0))[1] > self._clock.monotonic()

    def _drop_replaced(self) -> None:
        """Forgets the ends of sessions that were set again or cleared, before they take more room than the others."""
        if len(self._ends) > 2 * len(self._sessions) + 16:
            self._ends = [(end, key) for key, (_, end) in self._sessions.items()]
            heapify(self._ends)

    def _drop_ended(self) -> None:
        """Forgets the sessions whose time is over, so that they take no room."""
        now = self._clock.monotonic()
        while self._ends and self._ends[0][0] <= now:
            end, key = heappop(self._ends)
            if self._sessions.get(key, (b"", 0.0))[1] == end:
                del self._sessions[key]


def check_ttl(ttl: float) -> None:
    """Raises `ValueError` for seconds that are no time."""
    if not ttl > 0:
        raise ValueError(f'A session cannot be kept for {ttl} seconds: "ttl" is more than 0.')
