"""What several transports and many projects share: the clock, stores of sessions, tokens.

```python
@pikku_sessionless_func
async def today(*, clock: Clock) -> date:
    return clock.now().date()
```
"""

from __future__ import annotations

from pikku_core.services.clock import Clock, SystemClock, system_clock
from pikku_core.services.redis_session_store import RedisSessionStore
from pikku_core.services.session_store import MemorySessionStore, SessionStore
from pikku_core.services.signing import Signer
from pikku_core.services.static_tokens import StaticTokens
from pikku_core.services.tokens import (
    Algorithm,
    Claims,
    ExpiredTokenError,
    InvalidTokenError,
    TokenKey,
    TokenReader,
    Tokens,
)

__all__ = [
    "Algorithm",
    "Claims",
    "Clock",
    "ExpiredTokenError",
    "InvalidTokenError",
    "MemorySessionStore",
    "RedisSessionStore",
    "SessionStore",
    "Signer",
    "StaticTokens",
    "SystemClock",
    "TokenKey",
    "TokenReader",
    "Tokens",
    "system_clock",
]
