"""What a server asks before it says that it is ready: `http_readiness("database", answers)`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core import Declaration, DeclarationError, MissingServiceError
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
        check: A function of the service, async or not. That it raises, or returns False, means no.
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
        self._running: asyncio.Task[Any] | None = None

    async def result(self) -> str:
        """`ok`, `failed` or `timed out`."""
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        running = self._running
        await asyncio.wait({running}, timeout=self._declaration.timeout)
        if not running.done():
            # A thread goes on, and is waited for by the next who asks.
            if self._is_async:
                self.cancel()
            log.warning('The check of the service "%s" timed out.', self.service)
            return "timed out"
        self._running = None
        error = None if running.cancelled() else running.exception()
        if error is not None:
            log.warning('The check of the service "%s" failed: %r.', self.service, error)
        failed = running.cancelled() or error is not None or running.result() is False
        return "failed" if failed else "ok"

    def cancel(self) -> None:
        """Ends it, where it runs."""
        if self._running is not None:
            self._running.cancel()
        self._running = None

    @property
    def _is_async(self) -> bool:
        return iscoroutinefunction(self._declaration.check)

    async def _run(self) -> Any:
        check = self._declaration.check
        if self._is_async:
            return await check(self._instance)
        return await asyncio.to_thread(check, self._instance)


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
