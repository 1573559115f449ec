"""What a server asks before it says that it is ready: `http_readiness("database", answers)`."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from inspect import isawaitable, iscoroutinefunction
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core import Declaration, DeclarationError, MissingServiceError
from pikku_core.runtime import is_outcome
from pikku_http.http.errors import log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pikku_core import App

TIMEOUT: Final = 2.0
"""Seconds that a check may take; who asks is impatient too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReadiness(Declaration):
    """A check of a service; what `http_readiness` returns."""

    kind: ClassVar[str] = "http"
    service: str
    check: Callable[[Any], Any]
    timeout: float = TIMEOUT


def http_readiness(
    service: str, check: Callable[[Any], Any], *, timeout: float = TIMEOUT
) -> HttpReadiness:
    """Declares that the server is ready only while a service is.

    A process that does not run the service does without the check. Where it fails, the path of the setting
    `http.readiness` answers 503, and names the service; why it failed is logged, and not shown.

    ```python
    async def answers(database: Database) -> None:
        await database.execute("select 1")


    http_readiness("database", answers, timeout=1.0)
    ```

    Args:
        service: The name of a singleton service.
        check: A function of the service; one that is not async runs in a thread of its own. That it raises, or returns
            False, means no.
        timeout: Seconds after which that it has not returned means no.

    Raises:
        DeclarationError: The time is none, or `check` is no function.
    """
    problem = readiness_problem(service, timeout)
    if problem:
        raise DeclarationError(problem)
    if not callable(check):
        raise DeclarationError(f'The check of "{service}" is no function.')
    return HttpReadiness(service=service, check=check, timeout=timeout)


def readiness_problem(service: str, timeout: float) -> str:
    """What is wrong with a check, or nothing."""
    if 0 < timeout <= 60:
        return ""
    return f'The timeout of the check of "{service}" must be more than 0 and up to 60, and is {timeout}.'


class Check:
    """A check of a service that runs.

    However many ask, it runs once at a time: who asks meanwhile gets the same answer.
    """

    def __init__(self, declaration: HttpReadiness, service: object) -> None:
        self.service = declaration.service
        self._declaration = declaration
        self._instance = service
        self._running: asyncio.Task[bool] | None = None
        self._is_in_thread = False

    async def result(self) -> str:
        """`ok`, `failed` or `timed out`."""
        running = self._running
        if running is None:
            running = self._running = asyncio.create_task(self._run())
        await asyncio.wait({running}, timeout=self._declaration.timeout)
        if not running.done():
            # A thread goes on, and is waited for by the next who asks.
            if self._running is running and not self._is_in_thread:
                self.cancel()
            log.warning('The check of the service "%s" timed out.', self.service)
            return "timed out"
        if self._running is running:
            self._running = None
        if running.cancelled():
            return "timed out"  # for who had asked before
        return "ok" if running.result() else "failed"

    def cancel(self) -> None:
        """Ends it, where it runs."""
        if self._running is not None:
            self._running.cancel()
        self._running = None

    async def _run(self) -> bool:
        try:
            found = await self._found()
        except BaseException as error:
            if not is_outcome(error):
                raise
            log.warning('The check of the service "%s" failed: %r.', self.service, error)
            return False
        return found is not False

    async def _found(self) -> Any:
        """What the check returns; one that is no coroutine function may give something to be awaited all the same."""
        check = self._declaration.check
        if iscoroutinefunction(check):
            return await check(self._instance)
        self._is_in_thread = True
        try:
            found, error = await in_daemon(check, self._instance)
        finally:
            self._is_in_thread = False
        if error is not None:
            raise error
        return await found if isawaitable(found) else found


def in_daemon(
    call: Callable[[Any], Any], argument: object
) -> asyncio.Future[tuple[Any, BaseException | None]]:
    """What a call returns or raises in a thread that is waited for by nobody when the process ends.

    A thread of the loop's executor would be: a check that hangs could not be stopped, nor the server.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()

    def settle(outcome: tuple[Any, BaseException | None]) -> None:
        if not future.done():
            future.set_result(outcome)

    def run() -> None:
        outcome: tuple[Any, BaseException | None]
        try:
            outcome = call(argument), None
        except BaseException as error:  # noqa: BLE001 - who waits raises it
            outcome = None, error
        with suppress(RuntimeError):  # The loop has ended, and who asked with it.
            loop.call_soon_threadsafe(settle, outcome)

    Thread(target=copy_context().run, args=(run,), name="pikku-readiness", daemon=True).start()
    return future


def checks_of(app: App) -> Iterable[Check]:
    """The checks of the services that run in a started App; the others are not even imported.

    Raises:
        DeclarationError: A service has two.
    """
    seen: set[str] = set()
    for handle in app.declarations("http"):
        if handle.meta.get("type", "readiness") != "readiness":
            continue
        if handle.meta and not _runs(app, handle.meta["service"]):
            continue
        declaration = handle.load()
        if isinstance(declaration, HttpReadiness) and _runs(app, declaration.service):
            if declaration.service in seen:
                raise DeclarationError(
                    f'The service "{declaration.service}" has two checks: keep one of them.'
                )
            seen.add(declaration.service)
            yield Check(declaration, app.service(declaration.service))


def _runs(app: App, service: str) -> bool:
    try:
        app.service(service)
    except MissingServiceError:
        return False
    return True
