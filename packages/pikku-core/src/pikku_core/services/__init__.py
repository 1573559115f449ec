"""What several transports and many projects share: the clock, stores of sessions, tokens, limits.

```python
@pikku_sessionless_func
async def today(*, clock: Clock) -> date:
    return clock.now().date()
```
"""

from __future__ import annotations

from pikku_core.services.clock import Clock, SystemClock, system_clock
from pikku_core.services.rate_limit import RateLimit, RateLimitState
from pikku_core.services.rate_limit_store import (
    MemoryRateLimitStore,
    RateLimitStore,
    memory_rate_limit_store,
)
from pikku_core.services.redis_rate_limit_store import RedisRateLimitStore
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
    "MemoryRateLimitStore",
    "MemorySessionStore",
    "RateLimit",
    "RateLimitState",
    "RateLimitStore",
    "RedisRateLimitStore",
    "RedisSessionStore",
    "SessionStore",
    "Signer",
    "StaticTokens",
    "SystemClock",
    "TokenKey",
    "TokenReader",
    "Tokens",
    "memory_rate_limit_store",
    "system_clock",
]
