"""What the middleware of a route says of how callers say who they are, read from the calls that make it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pikku_core.plugin import WiringModel
from pikku_core.plugin.expression import Constant
from pikku_core.tags import ancestry
from pikku_http.http.wiring import pattern_regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pikku_core.plugin import DeclarationModel, Project
    from pikku_core.plugin.expression import Call

ROOM: Final = "pikku_http.http.auth"

RATE_LIMIT: Final = "pikku_http.http.rate_limit:rate_limit"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say who calls.

    Attributes:
        place: Where the credentials stand: `scheme` (of `Authorization`), `header`, `query` or `cookie`.
        name: The scheme, or the name of the header, parameter or cookie.
    """

    place: str
    name: str

    @property
    def key(self) -> Way:
        """The same for every spelling that means the same: schemes and headers have no case (RFC 9110, 5.1 and 11.1)."""
        return Way(self.place, self.name.lower()) if self.place in {"scheme", "header"} else self

    @property
    def label(self) -> str:
        """What the document calls it: `bearer`, `x-api-key`; `session` for the cookie `__Host-session`."""
        text = self.name.lower() if self.place == "scheme" else self.name
        return re.sub(r"[^A-Za-z0-9._-]", "-", re.sub(r"^__(Host|Secure)-", "", text))


class UnreadError(Exception):
    """An option of a factory is no literal, so what it says is not known."""

    def __init__(self, option: str) -> None:
        self.option = option
        super().__init__(option)


class FactoryCalls:
    """Knows the calls of factories whose middleware runs round the wirings of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        # Wirings are declarations too, and many.
        round_others = (one for one in project.declarations if not isinstance(one, WiringModel))
        self._declarations = sorted(
            (one for one in round_others if one.factory_calls), key=lambda one: (one.kind, one.id)
        )

    def of(self, wiring: WiringModel) -> list[Call]:
        """Those round a wiring."""
        function = self._project.functions[wiring.function]
        tags = frozenset(ancestry((*wiring.tags, *function.tags)))
        route = str(wiring.meta["route"])
        found = [one.factory_calls for one in self._declarations if _covers(one, route, tags)]
        return [
            call
            for calls in (*found, wiring.factory_calls, function.factory_calls)
            for call in calls
        ]


def ways_of(call: Call) -> Sequence[Way]:
    """The ways that a call of a factory opens; none where it is none of ours.

    Raises:
        UnreadError: An option that says it is no literal.
    """
    read = READERS.get(str(call.function))
    return () if read is None else read(call)


def is_call_of(call: Call, factory: str) -> bool:
    """Whether a call makes what `pikku_http` has under a name."""
    return str(call.function) == f"{ROOM}.{factory}:{factory}"


def limits_of(calls: Iterable[Call]) -> list[Call]:
    """Those of `rate_limit`; middleware of the project's own that limits is not known."""
    return [call for call in calls if str(call.function) == RATE_LIMIT]


def may_refuse_uncounted(limit: Call) -> bool:
    """Whether a limit refuses calls while the store cannot count; what cannot be read may."""
    try:
        return bool(_option(limit, "outage", "allow") != "allow")
    except UnreadError:
        return True


def _covers(declaration: DeclarationModel, route: str, tags: frozenset[str]) -> bool:
    if declaration.kind == "middleware":
        return not declaration.tag or declaration.tag in tags
    if declaration.kind != "http" or declaration.meta["type"] != "middleware":
        return False
    return pattern_regex(str(declaration.meta["pattern"])).fullmatch(route) is not None


def _option(call: Call, name: str, default: Any) -> Any:
    """The value of an option that is given by keyword, or by `**options`, which nobody can read."""
    for word, value in call.keywords:
        if word is None or (word == name and not isinstance(value, Constant)):
            raise UnreadError(name)
        if word == name and isinstance(value, Constant):
            return value.value
    return default


def _bearer(call: Call) -> Sequence[Way]:
    return [Way("scheme", str(_option(call, "scheme", "Bearer")))]


def _api_key(call: Call) -> Sequence[Way]:
    from pikku_http.http.auth.api_key import HEADER

    header, query = _option(call, "header", None), _option(call, "query", None)
    given = (("header", header), ("query", query))
    ways = [Way(place, str(name)) for place, name in given if name is not None]
    return ways or [Way("header", HEADER)]


def _cookie(call: Call) -> Sequence[Way]:
    from pikku_http.http.auth.session_cookie import default_name

    name = _option(call, "name", None)
    secure = bool(_option(call, "secure", default=True)) if name is None else True
    return [Way("cookie", default_name(secure=secure) if name is None else str(name))]


READERS: Final[dict[str, Callable[[Call], Sequence[Way]]]] = {
    f"{ROOM}.bearer:bearer": _bearer,
    f"{ROOM}.api_key:api_key": _api_key,
    f"{ROOM}.cookie_session:cookie_session": _cookie,
    f"{ROOM}.stored_session:stored_session": _cookie,
}
