"""Routes: `/users/{id}`, `/files/{rest:path}`.

A route is a run of segments. A segment is literal text or a whole parameter; `{name:path}` takes all that is left and
comes last. Routes are written decoded (`/café`, not `/caf%C3%A9`), are case-sensitive, and a trailing slash counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

PARAMETER: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(:path)?\}")
PLAIN: Final = re.compile(r"(?!\.{1,2}\Z)[^\x00-\x20\x7f{}?#*%\\]+")
"""A segment of text in which nothing is wrong."""
FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f{}?#*%\\]")


class RouteError(ValueError):
    """A route that is not well-formed; the message says where."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A segment that is taken from the path.

    Attributes:
        name: The field it fills.
        rest: Whether it takes all that is left of the path, slashes included.
    """

    name: str
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A route that has been read.

    Attributes:
        text: As it was written.
        segments: What stands between the slashes; a trailing slash gives an empty last one.
    """

    text: str
    segments: tuple[str | Parameter, ...]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters, in order."""
        return tuple(one for one in self.segments if isinstance(one, Parameter))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parameters, in order."""
        return tuple([one.name for one in self.segments if isinstance(one, Parameter)])

    @property
    def shape(self) -> str:
        """The route without the names of its parameters: two routes of one shape match the same paths."""
        return "".join(
            f"/{one}" if isinstance(one, str) else "/{:path}" if one.rest else "/{}"
            for one in self.segments
        )


@cache  # A run asks for each route in every step.
def parse_route(text: str) -> Route:
    """Reads a route.

    Raises:
        RouteError: It does not begin with a slash, a segment is empty, mixes text and a parameter or holds a
            character that no path has, a name is repeated, or something follows `{name:path}`.
    """
    if not text.startswith("/"):
        raise RouteError(f'The route "{text}" must begin with "/".')
    parts = text[1:].split("/")
    last = len(parts) - 1
    segments = [
        part if PLAIN.fullmatch(part) else _segment(part, text, last=at == last)
        for at, part in enumerate(parts)
    ]
    names = [one.name for one in segments if isinstance(one, Parameter)]
    if len(names) > len(set(names)):
        repeated = min(name for name in names if names.count(name) > 1)
        raise RouteError(f'The route "{text}" has two parameters "{repeated}".')
    return Route(text, tuple(segments))


def mount_prefix_problem(prefix: str) -> str:
    """What is wrong with the prefix of what is mounted, or nothing."""
    if prefix == "/":
        return ""
    try:
        route = parse_route(prefix)
    except RouteError as error:
        return str(error).replace("The route", "The prefix", 1)
    if any(isinstance(one, Parameter) for one in route.segments):
        return f'The prefix "{prefix}" has a parameter: it is one path and what is below it.'
    return f'The prefix "{prefix}" must not end with "/".' if prefix.endswith("/") else ""


def _segment(part: str, text: str, *, last: bool) -> str | Parameter:
    """A segment that is a parameter, or has something wrong with it; an empty one where it may be."""
    if not part and not last:
        raise RouteError(f'The route "{text}" has an empty segment.')
    if part in {".", ".."}:
        raise RouteError(f'The route "{text}" has the segment "{part}", which clients never send.')
    if "{" in part or "}" in part:
        parameter = PARAMETER.fullmatch(part)
        if parameter is None:
            raise RouteError(
                f'In the route "{text}" the segment "{part}" must be "{{name}}", "{{name:path}}" or plain text.'
            )
        if parameter[2] and not last:
            raise RouteError(f'In the route "{text}" nothing can follow "{part}".')
        return Parameter(parameter[1], rest=bool(parameter[2]))
    character = FORBIDDEN.search(part)
    if character:
        raise RouteError(
            f'The route "{text}" has the character {character[0]!r}: write routes decoded and without a query.'
        )
    return part
