"""What a transport gets to see of the declarations of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pikku_core.declaration import Declaration, Wiring
from pikku_core.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

D_co = TypeVar("D_co", bound=Declaration, covariant=True)
W_co = TypeVar("W_co", bound=Wiring, covariant=True)
W = TypeVar("W", bound=Wiring)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationHandle(Generic[D_co]):
    """A declaration that may not have been made yet.

    Attributes:
        id: Its identity in its kind.
        meta: The literal row that the scan rule wrote; empty in an App built by hand, where only `load` tells.
        load: Makes the declaration, once: this imports the project's modules that it names.
    """

    id: str
    meta: Mapping[str, Any]
    load: Callable[[], D_co]


@dataclass(frozen=True, slots=True, kw_only=True)
class WiringHandle(DeclarationHandle[W_co]):
    """A wiring that may not have been made yet.

    Attributes:
        function: The id of its function, for `App.record` and `App.plan`.
    """

    function: str


def narrowed(handle: WiringHandle[Wiring], expected: type[W]) -> WiringHandle[W]:
    """The handle of a wiring that is of the class, or whose `load` says that it is not."""

    def load() -> W:
        wiring = handle.load()
        if isinstance(wiring, expected):
            return wiring
        raise DeclarationError(
            f'The wiring "{handle.id}" is of the kind "{wiring.kind}" and yet no "{expected.__name__}": give the class '
            f'"{type(wiring).__name__}" a kind of its own.'
        )

    return WiringHandle(id=handle.id, meta=handle.meta, load=load, function=handle.function)
