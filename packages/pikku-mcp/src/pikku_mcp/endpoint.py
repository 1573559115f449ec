"""One URL for clients of both eras: who may come in, and what the SDK makes of their requests."""

from __future__ import annotations

from contextlib import asynccontextmanager
from hashlib import sha256
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from pikku_core import UnauthorizedError
from pikku_core.runtime import error_facts, is_outcome
from pikku_mcp.changes import Changes
from pikku_mcp.metadata import answer, metadata_url
from pikku_mcp.server import rows_of, server_of
from pikku_mcp.visibility import Callers
from pikku_mcp.wire import SESSION

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from pikku_core import App
    from pikku_mcp.mount import ASGIApp, Receive, Scope, Send

LOCAL: Final = ("127.0.0.1", "localhost", "[::1]")
"""What this machine is called by itself."""


@asynccontextmanager
async def opened(app: App, settings: Mapping[str, Any]) -> AsyncGenerator[ASGIApp]:
    """What answers requests while the context lasts.

    Raises:
        DeclarationError: See `server_of`.
    """
    changes = Changes()
    callers = Callers(app, changes)
    server = server_of(app, callers=callers, changes=changes, page_size=settings["page_size"])
    # Who has nothing to say before the answer answers with JSON, at half the cost of a stream.
    manager = StreamableHTTPSessionManager(
        app=server,
        security_settings=security(settings),
        json_response=not rows_of(app).get("talks", True),
    )
    async with manager.run():
        try:
            yield Door(manager.asgi_app, callers, settings)
        finally:
            changes.listen.close()


def security(settings: Mapping[str, Any]) -> TransportSecuritySettings:
    """Whom a request may name, and which pages may send one.

    A page of another site could have its own name resolve to this machine (DNS rebinding): so only known names are taken.
    """
    hosts = [*LOCAL, *(f"{host}:*" for host in LOCAL), *settings["allowed_hosts"]]
    local = [f"{scheme}://{host}" for scheme in ("http", "https") for host in LOCAL]
    origins = [*local, *(f"{origin}:*" for origin in local), *settings["allowed_origins"]]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True, allowed_hosts=hosts, allowed_origins=origins
    )


class Door:
    """Lets requests in: those whose caller is known, where a session is required, and none whose token is refused."""

    def __init__(self, inner: ASGIApp, callers: Callers, settings: Mapping[str, Any]) -> None:
        self._inner = inner
        self._callers = callers
        self._settings = settings
        self._is_required = settings["auth"] == "required"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        _trim(scope)
        if self._is_required or (self._callers.are_known and _names_caller(scope)):
            try:
                session = scope[SESSION] = await self._session(scope)
            except BaseException as error:
                if not is_outcome(error):
                    raise
                await self._refuse(error, scope, send)
                return
            if session is not None:
                scope["user"] = _user_of(session)
        await self._inner(scope, receive, send)

    async def _session(self, scope: Scope) -> Any:
        """The session of who sends a request; raises what says that there is none."""
        context: Any = SimpleNamespace(request=SimpleNamespace(scope=scope), meta=None)
        wire = await self._callers.wire(context)
        if wire.session is None and self._is_required:
            raise UnauthorizedError
        return wire.session

    async def _refuse(self, error: BaseException, scope: Scope, send: Send) -> None:
        facts = error_facts(error, "")
        headers: list[tuple[bytes, bytes]] = []
        if facts.status == 401:
            challenge = facts.challenge or "Bearer"
            if self._settings["authorization_servers"]:
                url = metadata_url(scope, self._settings)
                separator = ", " if " " in challenge else " "
                challenge += f'{separator}resource_metadata="{url}"'
            headers.append((b"www-authenticate", challenge.encode("latin-1", "replace")))
        error_body = {"code": facts.mcp_code, "message": facts.message}
        body = {"jsonrpc": "2.0", "id": None, "error": error_body}
        await answer(send, facts.status, body, headers)


def _user_of(session: Any) -> AuthenticatedUser:
    """Who the SDK is told a request is from: it lets nobody else use the connection that it opens."""
    known = sha256(repr(session).encode()).hexdigest()
    return AuthenticatedUser(AccessToken(token="", client_id=known, scopes=[]))


def _trim(scope: Scope) -> None:
    """Takes the white space from round the values of headers, which is no part of them (RFC 9110, 5.5)."""
    if any(value != value.strip(b" \t") for _, value in scope["headers"]):
        scope["headers"] = [(name, value.strip(b" \t")) for name, value in scope["headers"]]


def _names_caller(scope: Scope) -> bool:
    return any(name == b"authorization" for name, _ in scope["headers"])
