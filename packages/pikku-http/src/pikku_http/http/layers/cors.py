"""Which pages of other origins may call routes from a browser: `http_cors`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from pikku_core import DeclarationError
from pikku_core.declaration import names
from pikku_http.http.header import TOKEN
from pikku_http.http.layers.layer import HttpLayer
from pikku_http.http.layers.origins import ANY, origins_problem
from pikku_http.http.wiring import METHODS, pattern_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pikku_http.http.layers.layer import Layer, LayerContext
    from pikku_http.http.wiring import Method

SEPARATOR: Final = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCors(HttpLayer):
    """Which pages of other origins may call some routes; what `http_cors` returns."""

    rank: ClassVar[int] = 0
    origins: tuple[str, ...]
    origins_from: str
    methods: tuple[Method, ...] | None
    headers: tuple[str, ...]
    expose: tuple[str, ...]
    credentials: bool
    max_age: int
    private_network: bool

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that it reads."""
        return (self.origins_from,) if self.origins_from else ()

    def layer(self, context: LayerContext) -> Layer:
        """What answers preflights and writes the headers.

        Raises:
            DeclarationError: The variable holds what is no list of origins.
        """
        from pikku_http.http.layers.cors_layer import CorsLayer

        origins = self.origins
        if self.origins_from:
            origins = (*origins, *self._found(context))
        return CorsLayer(self, origins, context.methods_at)

    def _found(self, context: LayerContext) -> tuple[str, ...]:
        try:
            origins = origins_of(getattr(context.variables, self.origins_from))
        except AttributeError:
            raise DeclarationError(
                f'There is no variable "{self.origins_from}", which "http_cors" for "{self.pattern}" takes origins from: '
                f'declare it, define_variable("{self.origins_from}", list[str]).'
            ) from None
        problem = (
            "It must be a list of origins, or a text of them with commas between."
            if origins is None
            else origins_problem((*self.origins, *origins), credentials=self.credentials)
        )
        if problem or origins is None:
            raise DeclarationError(
                f'The variable "{self.origins_from}" does not go with "http_cors" for "{self.pattern}": {problem}'
            )
        return origins


def http_cors(
    pattern: str = "*",
    *,
    origins: Sequence[str] = (),
    origins_from: str = "",
    methods: Sequence[Method] | None = None,
    headers: Sequence[str] = (ANY,),
    expose: Sequence[str] = (),
    credentials: bool = False,
    max_age: int = 600,
    private_network: bool = False,
) -> HttpCors:
    """Declares which pages of other origins may call routes from a browser, as the Fetch Standard says (CORS).

    ```python
    http_cors("/api/*", origins=["https://app.example", "https://*.preview.example"])
    http_cors("/shop/*", origins_from="web_origins", credentials=True)
    ```

    Preflights are answered for every route that the pattern chooses, with the methods that there are, before anything
    else runs. Of several declarations the one with the longest pattern holds.

    Args:
        pattern: The routes; `*` stands for any run of characters.
        origins: `https://app.example` as browsers write it; with `*.` before the host whatever is below it; `"*"`: all;
            `"null"`: frames and files that have none.
        origins_from: The variable (`define_variable`) that holds further ones: a list, or a text with commas between.
        methods: Those that may be called. Default: all that a route has.
        headers: Names of request headers that may be sent. Default: any.
        expose: Names of answer headers that scripts may read, beside those that they always may.
        credentials: Whether cookies may be sent, and `Authorization` that the browser itself knows.
        max_age: Seconds for which browsers may keep the answer to a preflight; 0: not at all. They keep it for two
            hours (Chromium) or a day (Firefox) at most.
        private_network: Whether pages of public networks may call when the server is in a private one.

    Raises:
        DeclarationError: There are no origins, one of these is none, all are let in with `credentials`, or a list of
            names is not well-formed.
    """
    given = HttpCors(
        pattern=pattern,
        origins=names("origins", origins),
        origins_from=origins_from,
        methods=None if methods is None else tuple(methods),
        headers=names("headers", headers),
        expose=names("expose", expose),
        credentials=credentials,
        max_age=max_age,
        private_network=private_network,
    )
    problem = pattern_problem(pattern) or cors_problem(given)
    if problem:
        raise DeclarationError(problem)
    return given


def cors_problem(cors: HttpCors) -> str:
    """What is wrong with a declaration, or nothing."""
    if not cors.origins and not cors.origins_from:
        return f'"http_cors" for "{cors.pattern}" names no origin: give it "origins", or a variable by "origins_from".'
    if cors.origins == (ANY,) and cors.origins_from:
        return 'The origin "*" stands for all: leave "origins_from" out.'
    if cors.max_age < 0:
        return (
            f'The "max_age" of "http_cors" is {cors.max_age}: it is a number of seconds, 0 or more.'
        )
    return (
        origins_problem(cors.origins, credentials=cors.credentials)
        or _methods_problem(cors.methods)
        or _names_problem("headers", cors.headers)
        or _names_problem("expose", cors.expose)
        or _expose_problem(cors)
    )


def _methods_problem(methods: tuple[str, ...] | None) -> str:
    for method in methods or ():
        if method not in METHODS:
            return f'The method "{method}" in "methods" of "http_cors" is none of {", ".join(METHODS)}.'
    if methods == ():
        return 'The "methods" of "http_cors" are none at all: leave it out for those that each route has.'
    return ""


def _names_problem(option: str, given: tuple[str, ...]) -> str:
    for name in given:
        if not TOKEN.fullmatch(name):
            return f'"{name}" in "{option}" of "http_cors" is no name of a header.'
    if ANY in given and len(given) > 1:
        return f'The "*" in "{option}" of "http_cors" stands for all: leave the others out, or leave it out.'
    return ""


def _expose_problem(cors: HttpCors) -> str:
    if cors.credentials and ANY in cors.expose:
        return 'With "credentials" browsers take "*" in "expose" of "http_cors" for a name: write the names out.'
    return ""


def origins_of(value: Any) -> tuple[str, ...] | None:
    """The origins that a variable holds; None where it holds something else.

    >>> origins_of("https://a.example, https://b.example")
    ('https://a.example', 'https://b.example')
    """
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(one for one in SEPARATOR.split(value) if one)
    if not isinstance(value, list | tuple | set | frozenset):
        return None
    listed = list(cast("Iterable[Any]", value))
    return tuple(sorted(listed)) if all(isinstance(one, str) for one in listed) else None
