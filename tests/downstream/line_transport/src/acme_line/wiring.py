"""What users write: `wire_line` and the declaration that it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Literal, ParamSpec, TypeVar, overload

from acme_line.protocol import PING, VERB
from pikku_core import DeclarationError, Wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pikku_core import Middleware, PermissionGroup

Data = TypeVar("Data")
Services = ParamSpec("Services")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWiring(Wiring):
    """A function behind a verb.

    Attributes:
        verb: The verb, upper-case letters.
        example: Data that shows a caller what to send; None where there is none.
    """

    kind: ClassVar[str] = "line"
    verb: str
    example: Any = None

    @property
    def id(self) -> str:
        """The identity: `line:ADD`."""
        return f"line:{self.verb}"


@overload
def wire_line(
    *,
    verb: str,
    func: Callable[Concatenate[Data, Services], object],
    example: Data,
    auth: Literal[True] | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> LineWiring: ...
@overload
def wire_line(
    *,
    verb: str,
    func: Callable[..., object],
    auth: Literal[True] | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> LineWiring: ...
def wire_line(
    *,
    verb: str,
    func: Callable[..., object],
    example: Any = None,
    auth: Literal[True] | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> LineWiring:
    """Puts a function behind a verb.

    Args:
        verb: One or more of the letters A to Z; a project uses each once, and `PING` is the server's own.
        func: The function; its data is a JSON object.
        example: Data of the function's type, shown under `/line`.
        auth: True asks for a session although the function does not.
        scopes, permissions, middleware, tags: See `pikku_core.Wiring`.

    Raises:
        DeclarationError: The verb is none.
    """
    if not VERB.fullmatch(verb) or verb == PING:
        raise DeclarationError(f'"{verb}" is no verb: use upper-case letters, and not "{PING}".')
    return LineWiring(
        verb=verb,
        func=func,
        example=example,
        auth=auth,
        scopes=tuple(scopes),
        permissions=permissions,
        middleware=tuple(middleware),
        tags=tuple(tags),
    )
