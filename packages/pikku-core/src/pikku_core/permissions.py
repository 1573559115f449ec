"""Permissions: checks on the validated data and the session, before the function runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias, TypeVar, overload

from pikku_core.declaration import Declaration, attach, refuse_function
from pikku_core.errors import DeclarationError

Permission: TypeAlias = Callable[..., Awaitable[bool] | bool]
"""A function of the data (first, if it takes one) and keyword-only services that says whether the call may go on."""

PermissionGroup: TypeAlias = Mapping[str, Permission | Sequence[Permission]] | Sequence[Permission]
"""Keys of a mapping are alternatives (OR, in order, the first that passes wins); what stands in a list must hold
together (AND). A plain list is one AND."""

EMPTY: Final = '"{}" was given no permission, and would guard nothing: name one, or leave it out.'

P = TypeVar("P", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionConfig:
    """What `pikku_permission` attaches to a function."""

    name: str | None = None
    description: str | None = None


@overload
def pikku_permission(func: P, /) -> P: ...
@overload
def pikku_permission(
    *, name: str | None = None, description: str | None = None
) -> Callable[[P], P]: ...
def pikku_permission(
    func: P | None = None, /, *, name: str | None = None, description: str | None = None
) -> P | Callable[[P], P]:
    """Marks a function as a permission.

    The first positional parameter is the data of the call (leave it out where it does not matter), keyword-only
    parameters are singleton services and wire things. A false answer is a `ForbiddenError`; an error that it raises
    is the answer of the call. A factory is a plain function that returns a decorated one.

    ```python
    @pikku_permission
    async def is_author(data: ArticleRef, *, session: Session, database: Database) -> bool:
        return await database.author_of(data.slug) == session.user_id
    ```
    """
    return attach(PermissionConfig(name=name, description=description), func)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionsDeclaration(Declaration):
    """Permissions for every function, or for every function and wiring that carries a tag."""

    kind: ClassVar[str] = "permissions"
    permissions: PermissionGroup
    tag: str | None = None


def global_permissions(permissions: PermissionGroup) -> PermissionsDeclaration:
    """Declares permissions that must hold before any function runs, beside its own.

    Raises:
        DeclarationError: There is none.
    """
    refuse_empty("global_permissions", permissions)
    return PermissionsDeclaration(permissions=permissions)


def tag_permissions(tag: str, permissions: PermissionGroup) -> PermissionsDeclaration:
    """Declares permissions for functions and wirings tagged `tag` or below it (`admin` covers `admin:users`).

    Raises:
        DeclarationError: There is none.
    """
    refuse_empty("tag_permissions", permissions)
    return PermissionsDeclaration(permissions=permissions, tag=tag)


def refuse_empty(declares: str, permissions: PermissionGroup) -> None:
    """Lets permissions pass that ask something.

    Args:
        declares: The function that was given them.

    Raises:
        DeclarationError: There is none, or it is a function itself.
    """
    refuse_function("permissions", permissions)
    if not permissions:
        raise DeclarationError(EMPTY.format(declares))
