"""The server without another one round it: its own path, its metadata, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_mcp.metadata import WELL_KNOWN, ProtectedResource, answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pikku_mcp.mount import ASGIApp, Receive, Scope, Send


class Alone:
    """Answers at the path of the server and at that of its metadata, and 404 elsewhere."""

    def __init__(self, endpoint: ASGIApp, settings: Mapping[str, Any]) -> None:
        self._endpoint = endpoint
        self._path = settings["path"]
        self._metadata = ProtectedResource(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path == self._path:
            await self._endpoint(scope, receive, send)
        elif path == f"{WELL_KNOWN}{self._path}":
            await self._metadata(scope, receive, send)
        else:
            await answer(send, 404, {"error": f"MCP is at {self._path}."})
