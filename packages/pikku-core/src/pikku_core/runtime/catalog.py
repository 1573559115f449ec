"""What an App consists of, wherever it was read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pikku_core.declaration import Declaration, Wiring
    from pikku_core.environment.record import DefinitionRecord
    from pikku_core.runtime.handles import DeclarationHandle, WiringHandle
    from pikku_core.runtime.records import FunctionRecord, Needs, ServiceRecord


class Catalog(Protocol):
    """The parts of an App: given by hand, or generated."""

    @property
    def functions(self) -> Sequence[str]:
        """The ids of all functions, sorted."""
        ...

    @property
    def services(self) -> Mapping[str, ServiceRecord]:
        """All services, by id."""
        ...

    @property
    def required(self) -> Sequence[str]:
        """The services that something needs, those that they ask for in turn included."""
        ...

    @property
    def definitions(self) -> Sequence[DefinitionRecord]:
        """The secrets and variables."""
        ...

    @property
    def secret_keys(self) -> AbstractSet[str]:
        """The keys of all declared secrets, those that a filter left out too."""
        ...

    @property
    def rpc_names(self) -> Mapping[str, str]:
        """The attribute chain of each function under `rpc`, with its id."""
        ...

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds that have wirings or declarations, sorted."""
        ...

    def function(self, function: str) -> FunctionRecord:
        """The record of a function; raises KeyError for an unknown id."""
        ...

    def needs_of(self, call: Callable[..., Any]) -> Needs:
        """What a middleware or a permission asks for."""
        ...

    def wirings(self, kind: str) -> Sequence[WiringHandle[Wiring]]:
        """The wirings of a kind."""
        ...

    def declarations(self, kind: str) -> Sequence[DeclarationHandle[Declaration]]:
        """The declarations of a kind that name no function."""
        ...

    def loaded(self, kind: str) -> Sequence[Declaration]:
        """The declarations of a kind, made."""
        ...

    def needed_by(self, service: str) -> str:
        """Who needs a service, for an error message: `function "create_user"`."""
        ...
