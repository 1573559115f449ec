"""Functions that are exposed: clients call them by name, with `POST /rpc/{name}`.

Each has a wiring of its own, as if `wire_http(method="post", route="/rpc/create_user", func=create_user)` stood
somewhere. A function that is not exposed has none, so it cannot be told from one that does not exist.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pikku_core import DeclarationError
from pikku_core.version import newest_versions
from pikku_http.http.route import mount_prefix_problem
from pikku_http.http.wiring import HttpWiring, wire_http

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pikku_core import App
    from pikku_core.runtime.handles import WiringHandle


def exposed_wirings(app: App, prefix: str) -> list[WiringHandle[HttpWiring]]:
    """The wirings of the exposed functions of an App that was put together by hand; none without a prefix.

    Raises:
        DeclarationError: The prefix, or the name of a function, cannot stand in a path.
    """
    if not prefix:
        return []
    problem = prefix_problem(prefix)
    if problem:
        raise DeclarationError(f'The option "rpc" must be {problem}')
    from pikku_core.runtime.assembly import itself
    from pikku_core.runtime.handles import WiringHandle

    exposed = [each for each in app.functions() if app.record(each).config.expose]
    wired = {each.id for each in app.wirings("http")}
    handles: list[WiringHandle[HttpWiring]] = []
    for route, identity in routes_of(exposed, app.functions(), prefix):
        wiring = wire_http(method="post", route=route, func=app.record(identity).func)
        if wiring.id in wired:
            raise DeclarationError(
                f'"{wiring.id}" is wired, and "{identity}" is exposed there too: keep one of the two.'
            )
        handles.append(
            WiringHandle(id=wiring.id, meta={}, load=partial(itself, wiring), function=identity)
        )
    return handles


def routes_of(
    exposed: Iterable[str], functions: Iterable[str], prefix: str
) -> Iterator[tuple[str, str]]:
    """The route of each exposed function, with its id; of one that has versions the name without one means the newest.

    Args:
        functions: The ids of all functions, those that are hidden too.
    """
    if not prefix:
        return
    found = sorted(exposed)
    newest = {base: each for base, each in newest_versions(functions).items() if each in found}
    for name, identity in [*((each, each) for each in found), *newest.items()]:
        yield f"{prefix}/{name}", identity


def prefix_problem(prefix: str) -> str:
    """What a prefix must be, and is not, as the end of a sentence; empty where it is well-formed."""
    if not prefix or (prefix != "/" and not mount_prefix_problem(prefix)):
        return ""
    return f'empty or a path such as "/rpc", and is "{prefix}".'
