"""What the runtime knows of each callable before it is called: read from generated literals, or from signatures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_core.function import FunctionConfig
    from pikku_core.schema import TypeCodec
    from pikku_core.service import Scope

Kind: TypeAlias = Literal["sync", "async", "sync_generator", "async_generator", "class"]
"""How a callable runs; the values of `pikku_core.plugin.model.CallableKind`."""


class NoData:
    """The type of `NO_DATA`."""

    def __repr__(self) -> str:
        return "NO_DATA"


NO_DATA: Final = NoData()
"""What a transport's `Read` returns for a call without data where the parameter has a default."""


class FunctionParts(NamedTuple):
    """What a generated factory of a function returns.

    Attributes:
        func: The function.
        data: The type of its data; None where it takes none.
        result: The type of its result: `NoneType` for None, `Any` where it is not annotated.
    """

    func: Callable[..., Any]
    data: Any
    result: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """How a callable runs and what it asks for.

    Attributes:
        parameters: Its keyword-only parameters, each with the id of a service or the name of a wire thing.
        optional: Those of them that have a default.
        data: Whether it takes a positional parameter: the data, a middleware's `next`.
    """

    kind: Kind
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    optional: frozenset[str] = frozenset()
    data: bool = False

    @property
    def is_sync(self) -> bool:
        """Whether it blocks the thread that it runs in."""
        return self.kind in {"sync", "sync_generator", "class"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRecord:
    """A function of the App.

    Attributes:
        id: `create_user`; an addon's `acme:send`.
        config: What its decorator says.
        data: The codec of its data; None where it takes none.
        default: The default of its data parameter; `NO_DATA` where it has none.
        result: The codec of its result.
    """

    id: str
    func: Callable[..., Any]
    config: FunctionConfig
    needs: Needs
    data: TypeCodec | None
    result: TypeCodec
    default: Any = NO_DATA

    @property
    def kind(self) -> Kind:
        """How it runs."""
        return self.needs.kind

    @property
    def is_stream(self) -> bool:
        """Whether its result is a stream of items."""
        return self.needs.kind in {"sync_generator", "async_generator"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """A service of the App: `factory` is imported only when the service is started."""

    id: str
    scope: Scope
    needs: Needs
    factory: Callable[[], Callable[..., Any]]
