"""The router: paths that are routes by themselves in a dict, the others in a tree of segments.

What a request costs depends on the length of its path, not on how many routes there are. Where several routes match,
the first difference decides: text stands before a parameter, a parameter before `{rest:path}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar
from urllib.parse import unquote_to_bytes

from pikku_core import BadRequestError

if TYPE_CHECKING:
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

    def add(self, route: Route, target: T) -> None:
        """Adds a route; one of the same shape is replaced."""
        if not route.names:
            self.static[route.text] = target
            return
        node = self.root
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

    def match(self, segments: list[str]) -> tuple[T, list[str]] | None:  # noqa: C901 - one loop without calls is fast
        """What answers a path by a route with parameters.

        Args:
            segments: The decoded path, split at its slashes: the first is empty.
        """
        node = self.root
        size = len(segments)
        index = 1
        values: list[str] = []
        # The ways left behind: the node, the position, how many values there were, and how many of the node's three
        # ways (text, parameter, rest) are done with.
        left: list[tuple[Node[T], int, int, int]] = []
        done = 0
        while True:
            if index == size:
                if node.leaf is not None:
                    return node.leaf, values
            else:
                segment = segments[index]
                if not done:
                    below = node.text.get(segment)
                    if below is not None:
                        if node.parameter is not None or node.rest is not None:
                            left.append((node, index, len(values), 1))
                        node = below
                        index += 1
                        continue
                if done < 2 and node.parameter is not None and segment:
                    if node.rest is not None:
                        left.append((node, index, len(values), 2))
                    values.append(segment)
                    node = node.parameter
                    index += 1
                    done = 0
                    continue
                if node.rest is not None and (segment or index + 1 < size):
                    values.append("/".join(segments[index:]))
                    return node.rest, values
            if not left:
                return None
            node, index, kept, done = left.pop()
            del values[kept:]


def decoded_segments(raw_path: bytes, root_path: str) -> list[str]:
    """The segments of a path that has percent-encoded characters, each decoded by itself.

    An encoded slash stays within its segment; servers give it in `scope["path"]` as if it were one.

    Raises:
        BadRequestError: A segment is not UTF-8 once it is decoded.
    """
    rest = raw_path.removeprefix(root_path.encode())
    raw = rest if rest.startswith(b"/") else raw_path
    try:
        return [unquote_to_bytes(segment).decode() for segment in raw.split(b"/")]
    except UnicodeDecodeError:
        raise BadRequestError("The path is not valid UTF-8 once it is decoded.") from None


def below(path: str, root_path: str) -> str:
    """The path below a mount point; servers and frameworks differ in whether they take it off."""
    rest = path.removeprefix(root_path)
    return rest if rest.startswith("/") or not rest else path
