"""Middleware for all that clients of MCP ask for: `mcp_middleware`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pikku_core import Declaration, Middleware
from pikku_core.declaration import listed

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class McpMiddleware(Declaration):
    """Middleware of MCP's wirings; what `mcp_middleware` returns."""

    kind: ClassVar[str] = "mcp"
    middleware: tuple[Middleware, ...]


def mcp_middleware(middleware: Sequence[Middleware]) -> McpMiddleware:
    """Declares middleware for all tools, resources and prompts, inside global middleware and outside that of tags.

    ```python
    mcp_middleware([bearer(session_of)])
    ```

    Global middleware and this also find out who calls where nothing runs: when tools are listed, and before a request is
    read whose `Authorization` may be refused.

    Args:
        middleware: In order, outermost first. What asks for `http` gets it over HTTP, and None over stdio.

    Raises:
        DeclarationError: It is one function, without the list.
    """
    return McpMiddleware(middleware=listed("middleware", middleware))
