"""What clients read to find out where to log in: the metadata of a protected resource (RFC 9728)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_mcp.mount import Receive, Scope, Send

WELL_KNOWN = "/.well-known/oauth-protected-resource"


class ProtectedResource:
    """Answers with the metadata; 404 where no authorization server is named.

    Args:
        settings: Those of MCP.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or runs the lifespan."""
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        servers = self._settings["authorization_servers"]
        is_read = scope["method"] in {"GET", "HEAD"}
        if not servers or not is_read:
            await answer(send, 404 if not servers else 405, {})
            return
        url = resource_url(scope, self._settings)
        metadata = {
            "resource": url,
            "authorization_servers": list(servers),
            "bearer_methods_supported": ["header"],
        }
        more = [(b"access-control-allow-origin", b"*"), (b"cache-control", b"max-age=3600")]
        await answer(send, 200, metadata, more)


def resource_url(scope: Scope, settings: Mapping[str, Any]) -> str:
    """The URL by which clients reach the server."""
    return settings["resource"] or f"{_origin(scope)}{settings['path']}"


def metadata_url(scope: Scope, settings: Mapping[str, Any]) -> str:
    """Where the metadata is: the well-known path comes between the host and the path of the resource."""
    scheme, _, rest = resource_url(scope, settings).partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}{WELL_KNOWN}{slash}{path}"


async def answer(
    send: Send, status: int, body: Mapping[str, Any], more: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Answers with JSON."""
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(content)),
        *(more or ()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _origin(scope: Scope) -> str:
    host = next((value for name, value in scope["headers"] if name == b"host"), b"localhost")
    return f"{scope.get('scheme', 'http')}://{host.decode('latin-1')}"
