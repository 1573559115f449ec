"""Layers: what stands round whole routes, outside the pipeline, and sees every answer that leaves.

Middleware runs inside an invocation. A layer sees what never becomes one as well: requests that no route matches, other
applications below a prefix, errors as they are sent. What a layer costs is paid by the routes that it stands round alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from pikku_core import Declaration, DeclarationError
from pikku_http.http.wiring import pattern_regex

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Sequence

    from pikku_http.http.asgi import Scope
    from pikku_http.http.runner import Handle


class Layer(Protocol):
    """Stands round what answers requests."""

    def around(self, handle: Handle, route: str, /) -> Handle:
        """What answers in place of `handle`.

        Args:
            route: The route as it was declared; empty where none matches, as for a 404 or another application.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerContext:
    """What a layer is made with when the application opens.

    Attributes:
        variables: Those of the App.
        methods_at: The methods, in upper case, of the routes at the path of a request; None where another application
            answers, which alone knows them.
    """

    variables: Any
    methods_at: Callable[[Scope], frozenset[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLayer(Declaration, ABC):
    """The declaration of a layer for the routes that a pattern chooses.

    Of several of one class the one with the longest pattern stands round a route. The requests that no route matches have
    the layers that a route at their path would have; where it is the method that does not match, those of the route there.

    Attributes:
        rank: Which stand outside which: 0 is outermost.
    """

    kind: ClassVar[str] = "http"
    rank: ClassVar[int] = 0
    pattern: str = "*"

    @abstractmethod
    def layer(self, context: LayerContext) -> Layer:
        """The layer, made once when the application opens.

        Raises:
            DeclarationError: What the environment says does not go with the declaration.
        """
        ...


NO_CONTEXT: Final = LayerContext(variables=None, methods_at=lambda _: frozenset())
"""Of an application without routes."""


class Layers:
    """The layers of an application.

    Args:
        everywhere: Those round every request, outermost first; they stand outside the declared ones.
        declarations: What chooses routes by patterns.
        context: What the declared ones are made with.

    Raises:
        DeclarationError: Two declarations of one class have the same pattern, or one cannot be honoured.
    """

    def __init__(
        self,
        everywhere: Sequence[Layer] = (),
        declarations: Iterable[Any] = (),
        context: LayerContext = NO_CONTEXT,
    ) -> None:
        self._everywhere = tuple(everywhere)
        self._declared: dict[type[HttpLayer], list[tuple[re.Pattern[str], Layer]]] = {}
        declared = [one for one in declarations if isinstance(one, HttpLayer)]
        seen: set[tuple[type[HttpLayer], str]] = set()
        for one in sorted(declared, key=lambda each: (each.rank, -len(each.pattern))):
            key = (type(one), one.pattern)
            if key in seen:
                raise DeclarationError(
                    f'The pattern "{one.pattern}" has two of "{type(one).__name__}": keep one of them.'
                )
            seen.add(key)
            chosen = self._declared.setdefault(type(one), [])
            chosen.append((pattern_regex(one.pattern), one.layer(context)))

    def around(self, handle: Handle, route: str) -> Handle:
        """A route's handler with its layers round it."""
        return self._around(handle, route, route)

    def around_path(self, handle: Handle, path: str) -> Handle:
        """The handler of a request that is for no route, with the layers that this path or route would have."""
        return self._around(handle, path, "")

    def _around(self, handle: Handle, matched: str, route: str) -> Handle:
        for layer in reversed([*self._everywhere, *self._chosen(matched)]):
            handle = layer.around(handle, route)
        return handle

    def _chosen(self, matched: str) -> Iterable[Layer]:
        for declared in self._declared.values():
            for pattern, layer in declared:
                if pattern.fullmatch(matched):
                    yield layer
                    break
