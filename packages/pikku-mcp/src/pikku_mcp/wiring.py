"""What users call to declare tools: a pure function that returns a frozen declaration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core import DeclarationError, Middleware, PermissionGroup, Wiring
from pikku_core.declaration import listed, names, refuse_function

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}")
"""What a tool may be called (revision 2025-11-25, server/tools, "Tool Names"), and here a prompt too."""

HINTS: Final = ("readonly", "destructive", "idempotent", "open_world")
"""What a wiring may say of effects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class McpTool(Wiring):
    """A function that agents may call; what `wire_mcp_tool` returns.

    Attributes:
        name: What clients call it by.
        title, description: For people and models; empty takes the function's own.
        readonly, destructive, idempotent, open_world: What clients are told of its effects; None takes what the function
            says, or says nothing.
    """

    kind: ClassVar[str] = "mcp"
    name: str
    title: str = ""
    description: str = ""
    readonly: bool | None = None
    destructive: bool | None = None
    idempotent: bool | None = None
    open_world: bool | None = None

    @property
    def id(self) -> str:
        """`mcp:tool:<name>`."""
        return tool_id(self.name)


def wire_mcp_tool(
    *,
    func: Callable[..., Any],
    name: str,
    title: str = "",
    description: str = "",
    readonly: bool | None = None,
    destructive: bool | None = None,
    idempotent: bool | None = None,
    open_world: bool | None = None,
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> McpTool:
    """Declares that agents may call a function: by another name than its own, or with more rules than `mcp=True` has.

    ```python
    wire_mcp_tool(name="search", func=search_articles, readonly=True)
    ```

    Clients get its input and output schema from its types, and its effects from its options: see `pikku_func`.

    Args:
        func: A function decorated with `pikku_func` or `pikku_sessionless_func`.
        name: What clients call it by: letters, digits, `_`, `-` and `.`, 128 at most.
        title: For people. Default: the function's.
        description: For models: what it does, and when to use it. Default: the function's.
        readonly: Whether it changes nothing. Default: what the function says, as for the next two.
        destructive: Whether it may take away or overwrite something.
        idempotent: Whether a second call with the same data changes nothing more.
        open_world: Whether it reaches beyond what the project knows, as a search of the web does. Default: not said.
        auth: True asks for a session although the function does not.
        scopes: Scopes that the session must hold, beside the function's own.
        permissions: Checks beside the function's own.
        middleware: Runs inside global, MCP and tag middleware, outside the function's own.
        tags: Labels for filters and tag middleware.

    Raises:
        DeclarationError: The name or an option is not well-formed.
    """
    refuse("tool", name, permissions)
    return McpTool(
        func=func,
        name=name,
        title=title,
        description=description,
        readonly=readonly,
        destructive=destructive,
        idempotent=idempotent,
        open_world=open_world,
        auth=auth,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        tags=names("tags", tags),
    )


def tool_id(name: str) -> str:
    """The identity of a tool's wiring."""
    return f"mcp:tool:{name}"


def name_problem(what: str, name: str) -> str:
    """What is wrong with the name of a tool or prompt, or nothing."""
    if NAME.fullmatch(name):
        return ""
    return (
        f'The {what} "{name}" must be called by letters, digits, "_", "-" and "." alone (1 to 128).'
    )


def refuse(what: str, name: str, permissions: PermissionGroup | None) -> None:
    """Raises `DeclarationError` for a name that is not well-formed, or permissions that are one function."""
    problem = name_problem(what, name)
    if problem:
        raise DeclarationError(problem)
    if permissions is not None:
        refuse_function("permissions", permissions)
