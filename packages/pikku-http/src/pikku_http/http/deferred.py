"""A handler that its first request puts together: for processes that start often and answer few requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.runtime import is_outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_http.http.asgi import Receive, Scope, Send
    from pikku_http.http.errors import ErrorResponder
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle


def deferred(make: Callable[[], Handle], errors: ErrorResponder, wiring: str) -> Handle:
    """A handler like the one that `make` returns, which is called with the first request.

    What `make` raises is the answer of that request, and the next one tries again: a module of the project is imported, and
    may raise anything, even `SystemExit`.

    Args:
        wiring: The id of the wiring, for the log.
    """
    made: Handle | None = None

    async def handle(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
        nonlocal made
        if made is None:
            try:
                made = make()
            except BaseException as error:
                if not is_outcome(error):
                    raise
                return await errors.respond(error, scope, send, where=wiring)
        return await made(scope, receive, send, values)

    return handle
