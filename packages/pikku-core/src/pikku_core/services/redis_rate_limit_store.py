"""Limits that several processes share: counted in Redis, or another server that speaks its protocol."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from pikku_core.services.outage import Outage
from pikku_core.services.rate_limit import RateLimitState
from pikku_core.services.rate_limit_store import STEPS, check_cost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from redis.asyncio import Redis

    from pikku_core.services.clock import Clock
    from pikku_core.services.rate_limit import RateLimit

MICROSECONDS: Final = 1_000_000

PAUSE: Final = 1.0
"""The seconds for which a server that does not answer is not asked again: nobody waits for it in that time."""

TAKE: Final = """
local limit, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
local window, step, now = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000000 + time[2]
end
local total, counts = 0, {}
for moment, count in string.gmatch(redis.call('GET', KEYS[1]) or '', '(%d+):(%d+)') do
    -- A clock that was set back would make a moment to come of one that is over.
    moment, count = math.min(tonumber(moment), now), tonumber(count)
    if moment + window > now then
        total = total + count
        counts[#counts + 1] = {moment, count}
    end
end
local wait = 0
if total + cost > limit then
    local left = total
    for _, one in ipairs(counts) do
        left, wait = left - one[2], one[1] + window - now
        if left + cost <= limit then break end
    end
else
    total = total + cost
    local last = counts[#counts]
    if #counts >= tonumber(ARGV[6]) and math.floor(last[1] / step) == math.floor(now / step) then
        last[1], last[2] = now, last[2] + cost
    else
        counts[#counts + 1] = {now, cost}
    end
    local texts = {}
    for place, one in ipairs(counts) do
        texts[place] = string.format('%.0f:%.0f', one[1], one[2])
    end
    redis.call('SET', KEYS[1], table.concat(texts, ' '), 'PX', math.ceil(window / 1000))
end
return {limit - total, counts[1][1] + window - now, wait}
"""
"""What `pikku_core.services.rate_limit_store.Taken` does, in one step of the server; times are microseconds."""


class RedisRateLimitStore:
    """Counts in Redis; needs the extra `pikku-core[redis]`.

    ```python
    @pikku_service
    async def rate_limit_store(*, secrets: Secrets) -> AsyncIterator[RateLimitStore]:
        async with Redis.from_url(secrets.redis_url.reveal()) as client:
            yield RedisRateLimitStore(client)
    ```

    All processes that share a server and a prefix share their limits. Redis forgets a key when its window is over. Each
    call is one script, so no two see the same count.

    Where Redis does not answer, `take` raises `ServiceUnavailableError`, at once for the second after; that is logged when
    it begins and when it ends, not for each call.

    Args:
        client: Of `redis.asyncio`. The caller closes it.
        prefix: What stands before the keys, so that others may use the server too.
        clock: What time it is, for tests; `now` of it counts. Default: the server's, which all processes have in common.
        timeout: The seconds that an answer may take, whatever the client would wait.

    Raises:
        ValueError: The timeout is 0 or less.
    """

    def __init__(
        self,
        client: Redis,
        *,
        prefix: str = "rate-limit:",
        clock: Clock | None = None,
        timeout: float = 1.0,
    ) -> None:
        if not timeout > 0:
            raise ValueError(f'"timeout" is {timeout} seconds: more than 0.')
        self._run: Callable[..., Awaitable[Sequence[int]]] = client.register_script(TAKE)
        self._prefix = prefix
        self._clock = clock
        self._timeout = timeout
        self._outage = Outage("The rate limit store in Redis", pause=PAUSE, clock=clock)

    async def take(self, key: str, limit: RateLimit, cost: int = 1) -> RateLimitState:
        """Takes so much, or nothing where that would exceed the limit.

        Raises:
            ValueError: The cost is less than 1, or more than the limit.
            ServiceUnavailableError: Redis does not answer, or refuses.
        """
        from redis.exceptions import RedisError

        check_cost(cost, limit)
        self._outage.check()
        window = limit.window * MICROSECONDS
        now = "" if self._clock is None else int(self._clock.now().timestamp() * MICROSECONDS)
        arguments = (limit.limit, cost, window, window // STEPS, now, STEPS)
        try:
            async with asyncio.timeout(self._timeout):
                remaining, reset, retry = await self._run([self._prefix + key], arguments)
        except (RedisError, OSError) as error:
            raise self._outage.met(error) from error
        self._outage.over()
        return RateLimitState(
            allowed=retry == 0,
            remaining=remaining,
            reset_after=reset / MICROSECONDS,
            retry_after=retry / MICROSECONDS,
        )
