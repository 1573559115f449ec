"""The schedules' store in Redis, beside the jobs' ledger.

A schedule is a hash, `pikku:schedule:<name>`, a lease a text that Redis forgets by itself, `pikku:schedule-lease:<group>`. Moments are
written as Python writes them and compared as text, so that none is rounded on the way. The client repeats a script whose answer is lost:
each may run twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pikku_queue.queue.celery.calls import answered
from pikku_queue.scheduler.store import ScheduleState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_queue.scheduler.store import Advance

HOLD: Final = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
RELEASE: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
"""
# The moment, and the spec of each.
BEGIN: Final = """
for i, key in ipairs(KEYS) do
  local spec = ARGV[i + 1]
  if redis.call('HGET', key, 'spec') ~= spec then redis.call('HSET', key, 'spec', spec, 'last', ARGV[1]) end
end
return 0
"""
# Of each what `last` was, is, and the job. Returns which were moved.
ADVANCE: Final = """
local moved = {}
for i, key in ipairs(KEYS) do
  local was, last, job = ARGV[3 * i - 2], ARGV[3 * i - 1], ARGV[3 * i]
  if redis.call('HGET', key, 'last') == was then
    redis.call('HSET', key, 'last', last)
    if job ~= '' then redis.call('HSET', key, 'job', job) end
    moved[#moved + 1] = i - 1
  end
end
return moved
"""
RAN: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'job', ARGV[1]) end
return 0
"""
PAUSE: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HSETNX', KEYS[1], 'paused', '1')
"""
RESUME: Final = """
if redis.call('HDEL', KEYS[1], 'paused') == 0 then return 0 end
if tonumber(redis.call('HGET', KEYS[1], 'last')) < tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'last', ARGV[1]) end
return 1
"""


class RedisScheduleStore:
    """Schedules in Redis.

    Args:
        client: Of `redis.asyncio`; answers with bytes.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._scripts: dict[str, Any] = {}

    async def hold(self, group: str, holder: str, lease: float) -> bool:
        """Takes or renews the lease."""
        return bool(await self._run(HOLD, [_lease(group)], holder, int(lease * 1000)))

    async def release(self, group: str, holder: str) -> None:
        """Gives it back."""
        await self._run(RELEASE, [_lease(group)], holder)

    async def begin(self, specs: Mapping[str, str], now: float) -> None:
        """Makes the states that are not there."""
        if specs:
            await self._run(BEGIN, [_key(name) for name in specs], repr(now), *specs.values())

    async def states(self, names: Sequence[str]) -> Mapping[str, ScheduleState]:
        """The states that are there."""
        pipe: Any
        with answered():
            async with self._client.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.hgetall(_key(name))
                rows: Sequence[Mapping[bytes, bytes]] = await pipe.execute()
        return {name: _state(row) for name, row in zip(names, rows, strict=True) if row}

    async def advance(self, changes: Sequence[Advance]) -> Sequence[str]:
        """Moves `last` on."""
        if not changes:
            return ()
        values = [text for one in changes for text in (repr(one.was), repr(one.last), one.job)]
        moved: Sequence[int] = await self._run(
            ADVANCE, [_key(one.name) for one in changes], *values
        )
        return [changes[number].name for number in moved]

    async def ran(self, name: str, job: str) -> None:
        """Notes a job."""
        await self._run(RAN, [_key(name)], job)

    async def pause(self, name: str) -> bool:
        """Lets a schedule fire no more."""
        return bool(await self._run(PAUSE, [_key(name)]))

    async def resume(self, name: str, now: float) -> bool:
        """Lets it fire again."""
        return bool(await self._run(RESUME, [_key(name)], repr(now)))

    async def _run(self, text: str, keys: Sequence[str], *values: Any) -> Any:
        script = self._scripts.get(text)
        if script is None:
            script = self._scripts[text] = self._client.register_script(text)
        with answered():
            return await script(keys=keys, args=values)


def _key(name: str) -> str:
    return f"pikku:schedule:{name}"


def _lease(group: str) -> str:
    return f"pikku:schedule-lease:{group}"


def _state(row: Mapping[bytes, bytes]) -> ScheduleState:
    return ScheduleState(
        spec=row[b"spec"].decode(),
        last=float(row[b"last"]),
        job=row.get(b"job", b"").decode(),
        is_paused=b"paused" in row,
    )
