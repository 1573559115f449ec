"""The router: paths that are routes by themselves in a dict, the others in a tree of segments.

What a request costs depends on the length of its path, not on how many routes there are. Where several routes match,
the first difference decides: text stands before a parameter, a parameter before `{rest:path}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar
from urllib.parse import unquote_to_bytes

from pikku_core import BadRequestError

if TYPE_CHECKING:
    from pikku_http.http.asgi import Scope
    from pikku_http.http.route import Route

T = TypeVar("T")

Values: TypeAlias = "tuple[str, ...] | list[str]"
"""What the parameters of a route stand for, in the order of the route."""

NO_VALUES: Final[tuple[str, ...]] = ()


class Node(Generic[T]):
    """What may follow a run of segments."""

    __slots__ = ("leaf", "parameter", "rest", "text")

    def __init__(self) -> None:
        self.text: dict[str, Node[T]] = {}
        self.parameter: Node[T] | None = None
        self.rest: T | None = None
        self.leaf: T | None = None


class Routes(Generic[T]):
    """The routes of one method."""

    __slots__ = ("root", "static")

    def __init__(self) -> None:
        self.static: dict[str, T] = {}
        self.root: Node[T] = Node()
        """What may follow nothing: the empty text in front of the first slash."""

    def add(self, route: Route, target: T) -> None:
        """Adds a route; one of the same shape is replaced."""
        if not route.names:
            self.static[route.text] = target
            return
        node = self.root.text.setdefault("", Node())
        for segment in route.segments:
            if isinstance(segment, str):
                node = node.text.setdefault(segment, Node())
            elif segment.rest:
                node.rest = target
                return
            else:
                node.parameter = node.parameter or Node()
                node = node.parameter
        node.leaf = target

    def find(self, segments: list[str]) -> tuple[T, Values] | None:
        """What answers a path, whatever characters its segments hold."""
        if not any("/" in segment for segment in segments):
            target = self.static.get("/".join(segments))
            if target is not None:
                return target, NO_VALUES
        return self.match(segments)

    def match(self, segments: list[str]) -> tuple[T, list[str]] | None:
        """What answers a path by a route with parameters.

        Args:
            segments: The decoded path, split at its slashes: the first is empty.
        """
        node = self.root
        values: list[str] = []
        for segment in segments:
            following = node.text.get(segment)
            if following is None:
                following = node.parameter
                if following is None or not segment:
                    return self._search(segments)
                values.append(segment)
            node = following
        return self._search(segments) if node.leaf is None else (node.leaf, values)

    def _search(self, segments: list[str]) -> tuple[T, list[str]] | None:
        """What `match` finds where the first way was not the right one, or ends in `{rest:path}`."""
        size = len(segments)
        # The ways still to be tried, the best on top: a node, the position it is asked about, the values so far.
        ways: list[tuple[Node[T], int, list[str]]] = [(self.root, 0, [])]
        while ways:
            node, index, values = ways.pop()
            if index == size:
                if node.leaf is not None:
                    return node.leaf, values
                continue
            if index > size:
                assert node.rest is not None
                return node.rest, values
            segment = segments[index]
            if node.rest is not None and (segment or index + 1 < size):
                ways.append((node, size + 1, [*values, "/".join(segments[index:])]))
            if node.parameter is not None and segment:
                ways.append((node.parameter, index + 1, [*values, segment]))
            if segment in node.text:
                ways.append((node.text[segment], index + 1, values))
        return None


def decoded_segments(raw_path: bytes, root_path: str) -> list[str]:
    """The segments of a path that has percent-encoded characters, each decoded by itself.

    An encoded slash stays within its segment; servers give it in `scope["path"]` as if it were one.

    Raises:
        BadRequestError: A segment is not UTF-8 once it is decoded.
    """
    try:
        segments = [unquote_to_bytes(segment).decode() for segment in raw_path.split(b"/")]
    except UnicodeDecodeError:
        raise BadRequestError("The path is not valid UTF-8 once it is decoded.") from None
    above = root_path.split("/")
    if segments[: len(above)] != above:
        return segments
    return ["", *segments[len(above) :]] if segments != above else ["", ""]


def segments_of(scope: Scope) -> list[str]:
    """The segments of the path of a request, below where the application is mounted.

    Raises:
        BadRequestError: One is not UTF-8 once it is decoded.
    """
    root_path: str = scope.get("root_path", "")
    raw_path: bytes | None = scope.get("raw_path")
    if raw_path is not None and b"%" in raw_path:
        return decoded_segments(raw_path, root_path)
    return below(scope["path"], root_path).split("/")


def below(path: str, root_path: str) -> str:
    """The path below a mount point; servers and frameworks differ in whether they take it off."""
    rest = path.removeprefix(root_path)
    if not rest:
        return "/"
    return rest if rest.startswith("/") else path
