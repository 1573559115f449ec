"""What a transport gets to see of the declarations of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pikku_core.declaration import Declaration, Wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

D_co = TypeVar("D_co", bound=Declaration, covariant=True)


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
class WiringHandle(DeclarationHandle[Wiring]):
    """A wiring that may not have been made yet.

    Attributes:
        function: The id of its function, for `App.record` and `App.plan`.
    """

    function: str
