"""Suites that every transport, store and service passes: subclass one, say how to make what it tests, run pytest.

```python
class TestMemorySessionStore(SessionStoreConformance):
    @asynccontextmanager
    async def store(self, clock: Clock) -> AsyncIterator[SessionStore]:
        yield MemorySessionStore(clock=clock)
```

The tests need no plugin of pytest: each runs in an event loop of its own and ends after a minute at the latest.
"""

from __future__ import annotations

from pikku_core.testing.conformance.rate_limit_stores import RateLimitStoreConformance
from pikku_core.testing.conformance.services import ServiceConformance
from pikku_core.testing.conformance.serving import serving
from pikku_core.testing.conformance.session_stores import SessionStoreConformance
from pikku_core.testing.conformance.transport import Answer, Call, Caller, TransportConformance

__all__ = [
    "Answer",
    "Call",
    "Caller",
    "RateLimitStoreConformance",
    "ServiceConformance",
    "SessionStoreConformance",
    "TransportConformance",
    "serving",
]
