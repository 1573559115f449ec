"""Functions: what a project is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload

from pikku_core.declaration import attach, listed, names, refuse_function
from pikku_core.version import checked_version

if TYPE_CHECKING:
    from pikku_core.middleware import Middleware
    from pikku_core.permissions import PermissionGroup

F = TypeVar("F", bound=Callable[..., Any])

DeployTarget: TypeAlias = Literal["server", "serverless"]
"""Where a function can be deployed: in a process that stays, or in one that is started for a call."""

Exposure: TypeAlias = bool | Literal["public"]
"""Whether clients may call a function by name; `public`: anybody, without any gate, and that is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionConfig:
    """What `pikku_func` and `pikku_sessionless_func` attach to a function.

    Attributes:
        needs_session: Whether a caller must have a session, on every transport.
        name: The identity of the function; None takes the function's own name.
        expose: Whether clients may call it by name.
        readonly: Whether a read-only session may call it.
        version: Which version of the function this is, from 1 on; None: it has no versions.
        deploy: Where it is deployed; None leaves that to its services, see the setting `deploy.default_target`.
        mcp: Whether it is a tool for agents, by its own name.
        destructive: Whether it may take away or overwrite something; None: not said.
        idempotent: Whether a second call with the same data changes nothing more; None: not said.
    """

    needs_session: bool
    name: str | None = None
    title: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    expose: Exposure = False
    readonly: bool = False
    scopes: tuple[str, ...] = ()
    permissions: PermissionGroup | None = None
    middleware: tuple[Middleware, ...] = ()
    version: int | None = None
    deploy: DeployTarget | None = None
    mcp: bool = False
    destructive: bool | None = None
    idempotent: bool | None = None


@overload
def pikku_func(func: F, /) -> F: ...
@overload
def pikku_func(
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    tags: Sequence[str] = (),
    expose: bool = False,
    readonly: bool = False,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    version: int | None = None,
    deploy: DeployTarget | None = None,
    mcp: bool = False,
    destructive: bool | None = None,
    idempotent: bool | None = None,
) -> Callable[[F], F]: ...
def pikku_func(
    func: F | None = None,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    tags: Sequence[str] = (),
    expose: bool = False,
    readonly: bool = False,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    version: int | None = None,
    deploy: DeployTarget | None = None,
    mcp: bool = False,
    destructive: bool | None = None,
    idempotent: bool | None = None,
) -> F | Callable[[F], F]:
    """Marks a function that only callers with a session may call, on every transport.

    The first positional parameter is the data (optional, one type); every keyword-only parameter is a service of the
    project or a wire thing (`session`, `rpc`, `logger` …). The function itself is returned, unwrapped: a test calls it
    with what it needs.

    Args:
        name: The identity of the function in the project. Default: its own name.
        title: A short name for people.
        description: What it does. Default: its docstring.
        tags: Labels for filters and tag middleware; `a:b` belongs to `a` too.
        expose: Whether clients may call it by name.
        readonly: Whether a read-only session may call it.
        scopes: All must be held by the session.
        permissions: Checks on data and session; see `PermissionGroup`.
        middleware: Runs nearest the function.
        version: Which version of the function this is, from 1 on: its id is then `name@v2`. A trailing `_v2` of its own
            name is not part of `name`.
        deploy: `server` or `serverless`, for `pikku --target`. Default: as its services allow.
        mcp: Whether it is a tool for agents, by its own name; needs pikku-mcp.
        destructive: Whether it may take away or overwrite something. Default: not said.
        idempotent: Whether a second call with the same data changes nothing more. Default: not said.
    """
    refuse_function("permissions", permissions)
    config = FunctionConfig(
        needs_session=True,
        name=name,
        title=title,
        description=description,
        tags=names("tags", tags),
        expose=expose,
        readonly=readonly,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        version=checked_version(version),
        deploy=deploy,
        mcp=mcp,
        destructive=destructive,
        idempotent=idempotent,
    )
    return attach(config, func)


@overload
def pikku_sessionless_func(func: F, /) -> F: ...
@overload
def pikku_sessionless_func(
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    tags: Sequence[str] = (),
    expose: Exposure = False,
    readonly: bool = False,
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    version: int | None = None,
    deploy: DeployTarget | None = None,
    mcp: bool = False,
    destructive: bool | None = None,
    idempotent: bool | None = None,
) -> Callable[[F], F]: ...
def pikku_sessionless_func(
    func: F | None = None,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    tags: Sequence[str] = (),
    expose: Exposure = False,
    readonly: bool = False,
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    version: int | None = None,
    deploy: DeployTarget | None = None,
    mcp: bool = False,
    destructive: bool | None = None,
    idempotent: bool | None = None,
) -> F | Callable[[F], F]:
    """Marks a function that anybody may call; a `session` parameter of it must be optional.

    The arguments are those of `pikku_func`, without `scopes`: a caller without a session holds none. `expose="public"` says
    that nothing guards the function and that this is meant; with `expose=True` and no permission `pikku check` fails.

    ```python
    @pikku_sessionless_func(title="Create a user", tags=["users"])
    async def create_user(data: CreateUser, *, database: Database) -> User:
        return await database.insert_user(data.name, data.email)
    ```
    """
    refuse_function("permissions", permissions)
    config = FunctionConfig(
        needs_session=False,
        name=name,
        title=title,
        description=description,
        tags=names("tags", tags),
        expose=expose,
        readonly=readonly,
        permissions=permissions,
        middleware=listed("middleware", middleware),
        version=checked_version(version),
        deploy=deploy,
        mcp=mcp,
        destructive=destructive,
        idempotent=idempotent,
    )
    return attach(config, func)
