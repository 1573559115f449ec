"""What users call to declare prompts, and what their arguments are completed by: `wire_mcp_prompt`, `wire_mcp_completion`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pikku_core import DeclarationError, Middleware, PermissionGroup, Wiring
from pikku_core.declaration import listed, names, refuse_function
from pikku_mcp.wiring import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class McpPrompt(Wiring):
    """Messages that people begin a conversation with; what `wire_mcp_prompt` returns.

    Attributes:
        name: What clients call it by.
        title, description: For people; empty takes the function's own.
    """

    kind: ClassVar[str] = "mcp"
    name: str
    title: str = ""
    description: str = ""

    @property
    def id(self) -> str:
        """`mcp:prompt:<name>`."""
        return prompt_id(self.name)


def wire_mcp_prompt(
    *,
    func: Callable[..., Any],
    name: str,
    title: str = "",
    description: str = "",
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> McpPrompt:
    """Declares a prompt: the function makes its messages.

    ```python
    @pikku_sessionless_func
    async def draft(data: Topic) -> list[Message]:
        return [Message(f"Write an article about {data.topic}.")]


    wire_mcp_prompt(name="draft", func=draft)
    ```

    Its arguments are the fields of the function's data, which is an object: clients send text, and it is converted. A `str`
    is one message of the user; a `Message` has a role and any content.

    Args:
        func: A function decorated with `pikku_func` or `pikku_sessionless_func`.
        name: What clients call it by: letters, digits, `_`, `-` and `.`, 128 at most.
        title: For people. Default: the function's.
        description: For people: what it is good for. Default: the function's.
        auth: True asks for a session although the function does not.
        scopes: Scopes that the session must hold, beside the function's own.
        permissions: Checks beside the function's own.
        middleware: Runs inside global, MCP and tag middleware, outside the function's own.
        tags: Labels for filters and tag middleware.

    Raises:
        DeclarationError: The name or an option is not well-formed.
    """
    refuse("prompt", name, permissions)
    return McpPrompt(
        func=func,
        name=name,
        title=title,
        description=description,
        auth=auth,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        tags=names("tags", tags),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class McpCompletion(Wiring):
    """What proposes values of an argument; what `wire_mcp_completion` returns.

    Attributes:
        of: The name of a prompt, or the template of a resource.
        argument: The argument, or variable.
    """

    kind: ClassVar[str] = "mcp"
    of: str
    argument: str

    @property
    def id(self) -> str:
        """`mcp:completion:<of>:<argument>`."""
        return completion_id(self.of, self.argument)


def wire_mcp_completion(
    *,
    of: str,
    argument: str,
    func: Callable[..., Any],
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> McpCompletion:
    """Declares what proposes values while somebody types an argument of a prompt, or a variable of a resource.

    ```python
    @pikku_sessionless_func
    async def complete_topic(data: Typed) -> list[str]:
        return [topic for topic in TOPICS if topic.startswith(data.value)]


    wire_mcp_completion(of="draft", argument="topic", func=complete_topic)
    ```

    An argument whose type is a `Literal` or an enum needs none.

    Args:
        of: The name of a prompt, or the template of a resource as it is wired.
        argument: The argument, or variable.
        func: A function of `Typed` that returns a list of texts, the likeliest first; clients get 100 of them at most.
        auth: True asks for a session although the function does not.
        scopes: Scopes that the session must hold, beside the function's own.
        permissions: Checks beside the function's own.
        middleware: Runs inside global, MCP and tag middleware, outside the function's own.
        tags: Labels for filters and tag middleware.

    Raises:
        DeclarationError: `of` or `argument` is empty, or an option is not well-formed.
    """
    if not of or not argument:
        raise DeclarationError('A completion needs "of" and "argument".')
    if permissions is not None:
        refuse_function("permissions", permissions)
    return McpCompletion(
        func=func,
        of=of,
        argument=argument,
        auth=auth,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        tags=names("tags", tags),
    )


def prompt_id(name: str) -> str:
    """The identity of a prompt's wiring."""
    return f"mcp:prompt:{name}"


def completion_id(of: str, argument: str) -> str:
    """The identity of a completion's wiring."""
    return f"mcp:completion:{of}:{argument}"
