"""The page under `/line` of the HTTP server: what there is to call. It knows ASGI and nothing of the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

from acme_line.runner import Runner

if TYPE_CHECKING:
    from pikku_core import App

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Scope]]
Send: TypeAlias = Callable[[Scope], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


def mount(app: App) -> tuple[str, ASGIApp]:
    """What the HTTP transport asks of a mount: the prefix, and the ASGI application below it."""
    lines = (f"{route.verb} {route.example}\n" for route in Runner(app).routes.values())
    page = "".join(lines).encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(page)),
    ]

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": page})

    return "/line", serve
