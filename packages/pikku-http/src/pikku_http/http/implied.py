"""The wirings of functions that are exposed, as the scan adds them to those of a project."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, cast

from pikku_core import Wiring
from pikku_core.plugin.diagnostics import Diagnostic
from pikku_core.plugin.expression import Call, Constant, Name
from pikku_core.plugin.model import WiringModel
from pikku_http.http.exposed import routes_of
from pikku_http.http.route import RouteError, parse_route
from pikku_http.http.wiring import HttpWiring, wiring_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin.model import Json, Project
    from pikku_core.settings import Settings


def read_exposed(project: Project, settings: Settings) -> Iterator[WiringModel | Diagnostic]:
    """The wirings of a project's exposed functions; none where the setting `http.rpc` is empty."""
    prefix = str(settings.plugins.get("http", {}).get("rpc", "/rpc"))
    defaults = _defaults()
    wire, post = Name("pikku_http", "wire_http"), Constant("post")
    exposed = [function.id for function in project.functions.values() if function.expose]
    for route, identity in routes_of(exposed, project.functions, prefix):
        function = project.functions[identity]
        try:
            parse_route(route)
        except RouteError as error:
            yield Diagnostic(
                code="PKU741",
                message=f'"{identity}" is exposed, and cannot be: {error}',
                location=function.location,
                hint="Give it a name that can stand in a path.",
            )
            continue
        call = Call(
            wire,
            keywords=(("method", post), ("route", Constant(route)), ("func", function.origin)),
        )
        yield WiringModel(
            kind="http",
            id=wiring_id("post", route),
            location=function.location,
            function=identity,
            call=call,
            meta=defaults | {"method": "post", "route": route},
            implied=True,
        )


def _defaults() -> dict[str, Json]:
    """What `wire_http` says where it is given nothing, as its scan rule writes it."""
    common = {each.name for each in fields(Wiring)}
    given = {each.name: each.default for each in fields(HttpWiring) if each.name not in common}
    meta: dict[str, Json] = {
        name: list(cast("tuple[Json, ...]", value)) if isinstance(value, tuple) else value
        for name, value in given.items()
        if value is not MISSING
    }
    return {"type": "wiring", **meta}
