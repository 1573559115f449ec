"""What a call that failed is answered with: an answer of a tool, or an error of the protocol."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextContent
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from pikku_core import InvalidDataError
from pikku_core.runtime import error_facts
from pikku_mcp.question import ClientLacksError

if TYPE_CHECKING:
    from pikku_core.error_facts import ErrorFacts
    from pikku_mcp.wire import McpWire

log: Final = logging.getLogger("pikku.mcp")

INVALID_PARAMS: Final = -32602
RESOURCE_NOT_FOUND: Final = -32002
"""Up to revision 2025-11-25; since then it is a wrong parameter (SEP-2164)."""


def failed_tool(error: BaseException, wire: McpWire) -> CallToolResult:
    """The answer of a tool that failed: what its caller may know, for a model to mend its call by.

    Raises:
        MCPError: The client lacks what the tool needs: that no model can mend.
    """
    facts = _facts(error, wire)
    if isinstance(error, ClientLacksError):
        raise _error(facts) from error
    text = facts.message
    if isinstance(error, InvalidDataError):
        text += "".join(f"\n{_place(one.location)}: {one.message}" for one in facts.details)
    elif facts.status >= 500:
        text += f" (trace id {facts.trace_id})"
    return CallToolResult(content=[TextContent(text=text)], is_error=True)


def failed(error: BaseException, wire: McpWire) -> MCPError:
    """The error of a resource, prompt or completion that failed."""
    facts = _facts(error, wire)
    if facts.status == 404 and wire.context.method == "resources/read":
        return not_found(wire.context.protocol_version, str(wire.arguments.get("uri", "")))
    return _error(facts)


def not_found(protocol: str, uri: str) -> MCPError:
    """The error of a resource that there is not."""
    code = INVALID_PARAMS if protocol in MODERN_PROTOCOL_VERSIONS else RESOURCE_NOT_FOUND
    return MCPError(code, f'There is no resource "{uri}".', {"uri": uri})


def _facts(error: BaseException, wire: McpWire) -> ErrorFacts:
    facts = error_facts(error, wire.trace_id)
    if facts.status >= 500:
        log.error('"%s" failed (trace id %s).', wire.wiring, facts.trace_id, exc_info=error)
    return facts


def _error(facts: ErrorFacts) -> MCPError:
    shown = facts.as_dict()
    data: dict[str, Any] = {key: shown[key] for key in ("code", "trace_id")}
    data |= {key: shown[key] for key in ("details",) if key in shown} | dict(facts.payload or {})
    return MCPError(facts.mcp_code, facts.message, data)


def _place(location: tuple[str | int, ...]) -> str:
    return ".".join(map(str, location)) or "data"
