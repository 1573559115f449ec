"""Groups of routes: what several routes have in common is said once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, cast

from pikku_core import DeclarationError, Middleware, Permission, PermissionGroup
from pikku_core.declaration import listed, names, refuse_function
from pikku_http.http.route import Parameter, RouteError, parse_route
from pikku_http.http.wiring import HttpWiring, wire_http

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class HttpRoute:
    """A route of a group; what `http_route` returns. By itself it declares nothing."""

    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoutes:
    """A group of routes; what `define_http_routes` returns. By itself it declares nothing."""

    routes: tuple[HttpRoute | HttpRoutes, ...]
    base_path: str = ""
    auth: bool | None = None
    scopes: tuple[str, ...] = ()
    permissions: PermissionGroup | None = None
    middleware: tuple[Middleware, ...] = ()
    tags: tuple[str, ...] = ()


Routes: TypeAlias = Sequence[HttpRoute | HttpRoutes]


def _as_route(wire: Callable[P, HttpWiring]) -> Callable[P, HttpRoute]:
    signature = inspect.signature(wire)

    @wraps(wire)
    def http_route(*args: P.args, **options: P.kwargs) -> HttpRoute:
        signature.bind(*args, **options)
        return HttpRoute(options)

    http_route.__name__ = http_route.__qualname__ = "http_route"
    http_route.__module__ = __name__
    http_route.__doc__ = """A route of a group, with the options of `wire_http`; see `define_http_routes`.

    Its `route` is what follows the base path of the group: `/{slug}`, or empty for the base path itself.
    """
    return http_route


http_route = _as_route(wire_http)


def define_http_routes(
    *,
    routes: Routes,
    base_path: str = "",
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> HttpRoutes:
    """Says what several routes have in common. That registers nothing: `wire_http_routes` does.

    ```python
    articles = define_http_routes(
        base_path="/articles",
        tags=["articles"],
        routes=[
            http_route(method="get", route="", func=list_articles),
            http_route(method="get", route="/{slug}", func=get_article),
        ],
    )
    wire_http_routes(base_path="/api", middleware=[sign_in], routes=[articles])
    ```

    Args:
        routes: What `http_route` and `define_http_routes` returned.
        base_path: What stands before each route; the base paths of groups in groups are appended.
        auth: True asks for a session on all of them. What an outer group asks for no inner one, and no route, takes back.
        scopes: Scopes that the session must hold, beside those of groups in it and routes.
        permissions: Checks that must hold beside those of groups in it and routes.
        middleware: Runs outside that of groups in it and routes.
        tags: Labels of all of them.

    Raises:
        DeclarationError: The base path or a list of names is not well-formed, or an item is no route and no group.
    """
    problem = base_path_problem(base_path)
    if problem:
        raise DeclarationError(problem)
    for each in cast("Sequence[object]", routes):
        if not isinstance(each, HttpRoute | HttpRoutes):
            raise DeclarationError(
                f'A group of routes holds {each!r}: use "http_route" or "define_http_routes" in it.'
            )
    if permissions is not None:
        refuse_function("permissions", permissions)
    return HttpRoutes(
        routes=tuple(routes),
        base_path=base_path,
        auth=auth,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        tags=names("tags", tags),
    )


def wire_http_routes(
    *,
    routes: Routes,
    base_path: str = "",
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> tuple[HttpWiring, ...]:
    """Declares that functions answer requests: a wiring for each route of the groups, as `wire_http` makes one.

    Args: those of `define_http_routes`.

    Raises:
        DeclarationError: See `define_http_routes` and `wire_http`; or a route says `auth=False` in a group that asks for
            a session.
    """
    group = define_http_routes(
        routes=routes,
        base_path=base_path,
        auth=auth,
        scopes=scopes,
        permissions=permissions,
        middleware=middleware,
        tags=tags,
    )
    return tuple(_wirings(group, Common()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What the groups round a route say of it, the outermost first."""

    base_path: str = ""
    auth: bool | None = None
    scopes: tuple[str, ...] = ()
    permissions: PermissionGroup | None = None
    middleware: tuple[Middleware, ...] = field(default=())
    tags: tuple[str, ...] = ()

    def within(self, group: HttpRoutes) -> Common:
        """With what one more group says."""
        path = self.base_path + group.base_path
        return Common(
            base_path=path,
            auth=joined_auth(self.auth, group.auth, path),
            scopes=joined(self.scopes, group.scopes),
            permissions=joined_permissions(self.permissions, group.permissions),
            middleware=(*self.middleware, *group.middleware),
            tags=joined(self.tags, group.tags),
        )


def _wirings(group: HttpRoutes, outer: Common) -> Iterator[HttpWiring]:
    common = outer.within(group)
    for each in group.routes:
        if isinstance(each, HttpRoutes):
            yield from _wirings(each, common)
            continue
        own = each.options
        route = common.base_path + own["route"]
        options: dict[str, Any] = {
            **own,
            "route": route,
            "auth": joined_auth(common.auth, own.get("auth"), route),
            "scopes": joined(common.scopes, names("scopes", own.get("scopes", ()))),
            "permissions": joined_permissions(common.permissions, own.get("permissions")),
            "middleware": (*common.middleware, *listed("middleware", own.get("middleware", ()))),
            "tags": joined(common.tags, names("tags", own.get("tags", ()))),
        }
        yield wire_http(**options)


def joined(outer: Sequence[str], inner: Sequence[str]) -> tuple[str, ...]:
    """Names of a group and of what is in it, each once."""
    return tuple(dict.fromkeys((*outer, *inner)))


def joined_auth(outer: bool | None, inner: bool | None, where: str) -> bool | None:
    """Whether a session is asked for: what is inside may ask for one, and not do without.

    Raises:
        DeclarationError: It would do without one that is asked for outside.
    """
    if outer and inner is False:
        raise DeclarationError(auth_problem(where))
    return outer if inner is None else inner


def joined_permissions(
    outer: PermissionGroup | None, inner: PermissionGroup | None
) -> PermissionGroup | None:
    """Both of two groups of permissions: each alternative of the one with each of the other."""
    if not outer or not inner:
        return outer or inner
    if not isinstance(outer, Mapping) and not isinstance(inner, Mapping):
        return [*outer, *inner]
    return {
        " and ".join(filter(None, (first, second))): [*checks, *more]
        for first, checks in _alternatives(outer).items()
        for second, more in _alternatives(inner).items()
    }


def _alternatives(group: PermissionGroup) -> dict[str, list[Permission]]:
    if not isinstance(group, Mapping):
        return {"": list(group)}
    return {key: [each] if callable(each) else list(each) for key, each in group.items()}


def base_path_problem(base_path: str) -> str:
    """What is wrong with a base path, or nothing."""
    if not base_path:
        return ""
    if base_path.endswith("/"):
        return f'The base path "{base_path}" must not end with "/": routes begin with one.'
    try:
        route = parse_route(base_path)
    except RouteError as error:
        return (
            str(error).replace("The route", "The base path").replace("the route", "the base path")
        )
    if any(isinstance(one, Parameter) and one.rest for one in route.segments):
        return f'The base path "{base_path}" takes all that is left: nothing can follow.'
    return ""


def auth_problem(where: str) -> str:
    """That something is to do without the session that a group asks for."""
    return f'"auth=False" cannot open "{where}", for a group round it asks for a session.'
