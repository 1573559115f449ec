"""What several transports and many projects share: the clock, stores of sessions.

```python
@pikku_sessionless_func
async def today(*, clock: Clock) -> date:
    return clock.now().date()
```
"""

from __future__ import annotations

from pikku_core.services.clock import Clock, SystemClock, system_clock
from pikku_core.services.session_store import MemorySessionStore, SessionStore

__all__ = ["Clock", "MemorySessionStore", "SessionStore", "SystemClock", "system_clock"]
