"""What load balancers and orchestrators ask: whether the process lives, and whether it takes requests."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError
from pikku_http.http.answer import JSON, Answer, send_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_http.http.asgi import Header, Receive, Scope, Send
    from pikku_http.http.health.readiness import Check
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle

HEALTH: Final = "/healthz"
READINESS: Final = "/readyz"
RETRY_AFTER: Final[Header] = (b"retry-after", b"5")
HEADERS: Final[tuple[Header, ...]] = (
    JSON,
    (b"cache-control", b"no-store"),
)


class Health:
    """The state of an application, and what answers who asks for it.

    Args:
        health: The path that says whether the process lives; empty: none does.
        readiness: The path that says whether it takes requests; empty: none does.

    Raises:
        DeclarationError: Both are the same.
    """

    def __init__(self, health: str, readiness: str) -> None:
        if health and health == readiness:
            raise DeclarationError(
                f'Both "health" and "readiness" of HTTP are "{health}": give each a path.'
            )
        self._health = health
        self._readiness = readiness
        self._checks: tuple[Check, ...] = ()
        self._is_open = False
        self._is_draining = False

    @property
    def handles(self) -> Mapping[str, Handle]:
        """What answers GET, by path."""
        handles = {self._readiness: self._answer_readiness, self._health: self._answer_health}
        return {path: handle for path, handle in handles.items() if path}

    def open(self, checks: Iterable[Check]) -> None:
        """Says from now on that requests are taken, as long as the checks hold."""
        self._checks = tuple(checks)
        self._is_open = True

    def drain(self) -> None:
        """Says from now on that no requests are taken."""
        self._is_draining = True

    def close(self) -> None:
        """Says that no requests are taken, until it is opened anew."""
        self._is_open = self._is_draining = False
        for check in self._checks:
            check.cancel()
        self._checks = ()

    async def _answer_health(
        self, _scope: Scope, _receive: Receive, send: Send, _values: Values
    ) -> None:
        await _send(send, {"status": "alive"}, is_well=True)

    async def _answer_readiness(
        self, _scope: Scope, _receive: Receive, send: Send, _values: Values
    ) -> None:
        if not self._is_open:
            return await _send(send, {"status": "not open"}, is_well=False)
        if self._is_draining:
            return await _send(send, {"status": "draining"}, is_well=False)
        results = await asyncio.gather(*(check.result() for check in self._checks))
        found = {check.service: result for check, result in zip(self._checks, results, strict=True)}
        is_well = all(result == "ok" for result in results)
        body: dict[str, Any] = {"status": "ready" if is_well else "not ready"}
        return await _send(send, body | ({"checks": found} if found else {}), is_well=is_well)


async def _send(send: Send, facts: Mapping[str, Any], *, is_well: bool) -> None:
    from pydantic_core import to_json

    status, headers = (200, HEADERS) if is_well else (503, (*HEADERS, RETRY_AFTER))
    await send_answer(send, Answer(status, headers, to_json(facts)), status, None)
