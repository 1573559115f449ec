"""Paths and operation ids: what tells one operation from another."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

from pikku_http.http.route import Parameter, parse_route

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pikku_core.plugin import WiringModel
    from pikku_http.http.route import Route


def route_of(wiring: WiringModel) -> Route:
    """The route of a wiring."""
    return parse_route(str(wiring.meta["route"]))


def path_shape(route: Route) -> str:
    """What OpenAPI tells paths apart by: their text, whatever the parameters are called or take."""
    return route.shape.replace("{:path}", "{}")


def operation_ids(wirings: Sequence[WiringModel]) -> Mapping[str, str]:
    """The operation id of each wiring, by its id.

    It is the id of the function. Where a function has several routes, the first of them keeps it, and the others
    have method and route behind it: `find_user_get_users_id`.
    """
    counts: Counter[str] = Counter()
    ids: dict[str, str] = {}
    # What a function is exposed by comes after what is written for it.
    for wiring in sorted(wirings, key=lambda wiring: wiring.implied):
        counts[wiring.function] += 1
        ids[wiring.id] = wiring.function
        if counts[wiring.function] > 1:
            route = re.sub(r"[^A-Za-z0-9]+", "_", f"{wiring.meta['method']} {wiring.meta['route']}")
            ids[wiring.id] = f"{wiring.function}_{route.strip('_')}"
    taken: set[str] = set()
    for key in sorted(ids, key=lambda key: (ids[key], key)):
        while ids[key] in taken:
            ids[key] += "_"
        taken.add(ids[key])
    return ids


def path_names(routes: Iterable[Route]) -> dict[str, tuple[str, ...]]:
    """What the parameters of each shape of path are called: routes of one shape are one path, by one name."""
    names: dict[str, tuple[str, ...]] = {}
    for route in sorted(routes, key=lambda route: route.text):
        names.setdefault(path_shape(route), route.names)
    return names


def path_of(route: Route, names: Sequence[str]) -> str:
    """The path of a route, with these names of its parameters."""
    left = iter(names)
    return "".join(
        f"/{{{next(left)}}}" if isinstance(segment, Parameter) else f"/{quote(segment)}"
        for segment in route.segments
    )
