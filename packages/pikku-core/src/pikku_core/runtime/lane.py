"""Lanes: threads for sync functions.

The outermost sync invocation takes a lane and everything sync in it runs there: call services, permissions, the
function, the teardown. While the function waits for a call of its own through `rpc`, its thread runs the sync parts of
that call. So calls nested as deeply as one likes need one thread, and the number of lanes can be bounded without deadlock.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Coroutine

HERE: Final = threading.local()

Ended: TypeAlias = Callable[[], Any]
"""What a call ended in: gives its result, or raises."""


class Job:
    """One thing that a lane runs for somebody who waits on the loop.

    Attributes:
        settled: Whether it has ended; told on the loop.
        cancelled: Whether who waits was cancelled; the job itself cannot be interrupted.
        call: What the job waits for on the loop.
    """

    __slots__ = ("call", "cancelled", "context", "ended", "function", "outcome", "settled")

    def __init__(
        self, function: Callable[[], Any], outcome: asyncio.Future[Any], context: Context
    ) -> None:
        self.function = function
        self.outcome = outcome
        self.context = context
        self.settled = False
        self.cancelled = False
        self.call: asyncio.Task[Any] | None = None
        self.ended: asyncio.Future[None] | None = None

    def settle(self, result: Any, error: BaseException | None) -> None:
        """On the loop: tells who waits."""
        self.settled = True
        if self.ended is not None and not self.ended.done():
            self.ended.set_result(None)
        outcome = self.outcome
        # The frames in the traceback of an error hold the job, which must not hold the error.
        del self.outcome
        if outcome.done():
            return
        if error is None:
            outcome.set_result(result)
        else:
            outcome.set_exception(error)

    def cancel(self) -> None:
        """On the loop: cancels what the job waits for, now and from now on."""
        self.cancelled = True
        if self.call is not None:
            self.call.cancel()


class Lane:
    """A thread that runs one job after another, and jobs inside a job that waits for a call."""

    def __init__(self, loop: asyncio.AbstractEventLoop, name: str) -> None:
        self._loop = loop
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._job: Job | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, function: Callable[[], Any], context: Context | None = None) -> Any:
        """Runs a function in the lane. A cancellation is raised when the function has ended, never before.

        Args:
            context: The context variables of the function. Default: a copy of the caller's.
        """
        if context is None:  # An empty one is falsy.
            context = copy_context()
        job = Job(function, self._loop.create_future(), context)
        self._queue.put(lambda: self._run(job))
        try:
            return await job.outcome
        except asyncio.CancelledError:
            if not job.settled:
                job.cancel()
            while not job.settled:
                job.ended = self._loop.create_future()
                try:
                    await job.ended
                except asyncio.CancelledError:
                    continue
            raise

    def is_here(self) -> bool:
        """Whether this is the lane's thread, running a job."""
        return threading.current_thread() is self._thread and self._job is not None

    def wait(self, start: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """From sync code in the lane: runs a coroutine on the loop and returns its result.

        What the coroutine gives this lane is run meanwhile. In another thread, which cannot do that, it only waits.
        """
        if not self.is_here():
            return asyncio.run_coroutine_threadsafe(ending(start), self._loop).result()()
        assert self._job is not None
        job, context, ended = self._job, copy_context(), list[asyncio.Task[Ended]]()

        def begin() -> None:
            job.call = self._loop.create_task(ending(start), context=context)
            job.call.add_done_callback(end)
            if job.cancelled:
                job.call.cancel()

        def end(task: asyncio.Task[Ended]) -> None:
            job.call = None
            self._queue.put(lambda: ended.append(task))

        self._loop.call_soon_threadsafe(begin)
        while not ended:
            self._serve()
        return ended.pop().result()()

    def end(self) -> None:
        """Ends the thread when it has run what it was given."""
        self._queue.put(None)

    async def close(self) -> None:
        """Ends the thread, and waits for that."""
        ended: asyncio.Future[None] = self._loop.create_future()
        self._queue.put(lambda: self._tell(ended.set_result, None))
        self.end()
        await ended

    def _serve(self) -> None:
        if (work := self._queue.get()) is not None:
            work()

    def _work(self) -> None:
        HERE.lane = self
        while (work := self._queue.get()) is not None:
            work()

    def _run(self, job: Job) -> None:
        outer, self._job = self._job, job
        result: Any = None
        error: BaseException | None = None
        try:
            result = job.context.run(job.function)
        except (StopIteration, GeneratorExit) as signal:
            # They would mean something else to the coroutine that waits.
            error = RuntimeError(f"{type(signal).__name__} was raised in a sync function")
            error.__cause__ = signal
        except BaseException as raised:  # noqa: BLE001 -- it is raised again where the job is awaited
            error = raised
        finally:
            self._job = outer
        self._tell(job.settle, result, error)
        del error  # Its traceback holds this frame.

    def _tell(self, call: Callable[..., object], *arguments: object) -> None:
        self._loop.call_soon_threadsafe(call, *arguments)


def lane_here() -> Lane | None:
    """The lane whose thread this is; None in other threads."""
    lane: Lane | None = getattr(HERE, "lane", None)
    return lane


async def ending(start: Callable[[], Coroutine[Any, Any, Any]]) -> Ended:
    """What a call ends in. A task that raises `SystemExit` by itself would end the loop, and with it the server."""
    try:
        result = await start()
    except (KeyboardInterrupt, SystemExit) as error:
        return partial(reraise, error)
    return lambda: result


def reraise(error: BaseException) -> NoReturn:
    """Raises an error."""
    raise error


class LaneRunner:
    """Runs the sync parts of one invocation in its lane, one after another, with context variables in common.

    What one of them sets the next one sees, as it would on the loop; what is set on the loop in between it sees too.
    """

    __slots__ = ("_context", "_lane", "_seen")

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._seen = copy_context()
        self._context = self._seen.copy()

    async def run(self, function: Callable[[], Any]) -> Any:
        """Runs a function; see `Lane.run`."""
        now = copy_context()
        for variable, value in now.items():
            if variable not in self._seen or self._seen[variable] is not value:
                self._context.run(variable.set, value)
        self._seen = now
        return await self._lane.run(function, self._context)


class Lanes:
    """The lanes of an App: at most `capacity`, made when they are needed, kept for the next."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._made = 0
        self._closed = False
        self._idle: list[Lane] = []
        self._waiting: deque[asyncio.Future[Lane]] = deque()

    def open(self) -> None:
        """Keeps lanes from now on."""
        self._closed = False

    async def acquire(self, *, beyond: bool = False) -> Lane:
        """A lane of one's own; waits for one where all are taken.

        Args:
            beyond: Whether to take one beyond the capacity rather than wait: for a call that somebody who holds a
                lane waits for.
        """
        if self._idle:
            return self._idle.pop()
        loop = asyncio.get_running_loop()
        if beyond or self._made < self._capacity:
            self._made += 1
            return Lane(loop, f"pikku-{self._made}")
        turn: asyncio.Future[Lane] = loop.create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release(turn.result())
            raise

    def release(self, lane: Lane) -> None:
        """Gives a lane to who has waited longest, or keeps it; ends one beyond the capacity."""
        while self._waiting and self._made <= self._capacity:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(lane)
                return
        if self._closed or self._made > self._capacity:
            self._made -= 1
            lane.end()
        else:
            self._idle.append(lane)

    async def close(self) -> None:
        """Ends the threads of idle lanes, and those of the others when they are released."""
        self._closed = True
        idle, self._idle = self._idle, []
        for lane in idle:
            self._made -= 1
            await lane.close()
