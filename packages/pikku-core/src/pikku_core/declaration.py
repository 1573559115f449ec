"""What a project declares: frozen values that touch no global.

A decorator attaches its configuration to the function (`config_of` reads it) and a `wire_*` call returns a
`Declaration`. Nothing is registered anywhere: the scanner finds declarations in the source, and an `App` is given them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

from pikku_core.errors import DeclarationError

if TYPE_CHECKING:
    from pikku_core.middleware import Middleware
    from pikku_core.permissions import PermissionGroup

F = TypeVar("F", bound=Callable[..., Any])

CONFIG_ATTRIBUTE = "__pikku__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The base of everything that a `wire_*` call returns."""

    kind: ClassVar[str]
    """The wiring kind that understands it: `http`, `middleware` …"""
    needs: ClassVar[tuple[str, ...]] = ()
    """Services that whatever runs it asks the App for: those of its `WiringKind`, for Apps that are put together by hand."""

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the declared variables that it takes values from, when the App starts."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring(Declaration):
    """The base of declarations that let a transport call a function.

    Attributes:
        func: The function that runs.
        auth: True asks for a session although the function does not; None leaves it to the function. False is
            meaningful only where the kind asks for sessions by itself, and never opens a session-bound function.
        scopes: Scopes that the session must hold, beside the function's own.
        permissions: Checks beside the function's own.
        middleware: Runs inside global, pattern and tag middleware, outside the function's own.
        tags: Labels for filters and tag middleware, beside the function's own.
    """

    func: Callable[..., Any]
    auth: bool | None = None
    scopes: tuple[str, ...] = ()
    permissions: PermissionGroup | None = None
    middleware: tuple[Middleware, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The identity of the wiring in its project, such as `http:post:/users`; each kind's class gives it."""
        raise DeclarationError(
            f'The wiring class "{type(self).__name__}" has no identity: give it an "id" property.'
        )


@overload
def attach(config: object, func: F) -> F: ...
@overload
def attach(config: object, func: F | None) -> F | Callable[[F], F]: ...
def attach(config: object, func: F | None) -> F | Callable[[F], F]:
    """Puts `config` on `func` and returns `func` itself, or returns a decorator that does when `func` is None."""

    def decorate(target: F) -> F:
        setattr(target, CONFIG_ATTRIBUTE, config)
        return target

    return decorate if func is None else decorate(func)


def config_of(func: object) -> Any:
    """The configuration that a Pikku decorator attached to `func`, or None."""
    return getattr(func, CONFIG_ATTRIBUTE, None)


def names(option: str, value: Sequence[str]) -> tuple[str, ...]:
    """The names that an option lists.

    Raises:
        DeclarationError: It is one string, whose letters would count as the names.
    """
    if isinstance(value, str):
        raise DeclarationError(f'The option "{option}" must be a list of names: ["{value}"].')
    return tuple(value)


def listed(option: str, value: Sequence[F]) -> tuple[F, ...]:
    """The functions that an option lists.

    Raises:
        DeclarationError: It is one function, without the list.
    """
    refuse_function(option, value)
    return tuple(value)


def refuse_function(option: str, value: object) -> None:
    """Raises `DeclarationError` where an option that lists functions is one function itself."""
    if callable(value):
        name = getattr(value, "__name__", type(value).__name__)
        raise DeclarationError(f'The option "{option}" must be a list of functions: [{name}].')
