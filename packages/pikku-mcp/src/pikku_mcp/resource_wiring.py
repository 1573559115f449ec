"""What users call to declare resources: `wire_mcp_resource`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pikku_core import DeclarationError, Middleware, PermissionGroup, Wiring
from pikku_core.declaration import listed, names, refuse_function
from pikku_mcp.uri import uri_problem, variables_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class McpResource(Wiring):
    """Something that clients may read; what `wire_mcp_resource` returns.

    Attributes:
        uri: The URI, or a template of URIs (RFC 6570).
        name, title, description: For programs, people and models; empty takes the function's own.
        mime_type: The type of what it gives; empty: `text/plain`, `application/json` or `application/octet-stream`, as the
            result is.
        size: Bytes, where that is known.
        paths: Variables that may hold what leads out of a folder.
    """

    kind: ClassVar[str] = "mcp"
    uri: str
    name: str = ""
    title: str = ""
    description: str = ""
    mime_type: str = ""
    size: int | None = None
    paths: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """`mcp:resource:<uri>`."""
        return resource_id(self.uri)


def wire_mcp_resource(
    uri: str,
    *,
    func: Callable[..., Any],
    name: str = "",
    title: str = "",
    description: str = "",
    mime_type: str = "",
    size: int | None = None,
    paths: Sequence[str] = (),
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> McpResource:
    """Declares that clients may read what a function gives.

    ```python
    wire_mcp_resource("articles://{slug}", func=read_article, mime_type="text/markdown")
    ```

    The variables of a template (RFC 6570: `{slug}`, `{+path}`, `{?page}` ...) are fields of the function's data. A `str`
    is read as text, `bytes` as what they are, `TextResource` and `BinaryResource` as they say, alone or in a list, and
    anything else as JSON. A value that leads out of a folder (`..`, an absolute path) is refused before the function is
    asked.

    Args:
        uri: With its scheme: `config://app`, or a template.
        func: A function decorated with `pikku_func` or `pikku_sessionless_func`.
        name: For programs. Default: the function's name.
        title: For people. Default: the function's.
        description: For models. Default: the function's.
        mime_type: The type of what it gives. Default: as the result is.
        size: Bytes, where that is known.
        paths: Variables that may hold `..` or an absolute path: the function checks them itself.
        auth: True asks for a session although the function does not.
        scopes: Scopes that the session must hold, beside the function's own.
        permissions: Checks beside the function's own.
        middleware: Runs inside global, MCP and tag middleware, outside the function's own.
        tags: Labels for filters and tag middleware.

    Raises:
        DeclarationError: The URI or an option is not well-formed.
    """
    allowed = names("paths", paths)
    problem = uri_problem(uri) or paths_problem(uri, allowed)
    if problem:
        raise DeclarationError(problem)
    if permissions is not None:
        refuse_function("permissions", permissions)
    return McpResource(
        func=func,
        uri=uri,
        name=name,
        title=title,
        description=description,
        mime_type=mime_type,
        size=size,
        paths=allowed,
        auth=auth,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        tags=names("tags", tags),
    )


def resource_id(uri: str) -> str:
    """The identity of a resource's wiring."""
    return f"mcp:resource:{uri}"


def paths_problem(uri: str, paths: Sequence[str]) -> str:
    """What is wrong with the option `paths`, or nothing."""
    unknown = sorted(set(paths) - set(variables_of(uri)))
    return f'The resource "{uri}" has no variable "{unknown[0]}".' if unknown else ""
