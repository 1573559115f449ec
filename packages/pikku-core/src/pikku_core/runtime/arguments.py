"""Arguments: what a callable of one invocation is given, worked out once."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core.errors import DeclarationError, MissingServiceError, UnauthorizedError
from pikku_core.runtime.container import form_for
from pikku_core.runtime.environment import THINGS
from pikku_core.runtime.state import current_session, live_sessions, open_service
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from pikku_core.runtime.container import Container
    from pikku_core.runtime.environment import Environment
    from pikku_core.runtime.records import Needs, ServiceRecord

Get: TypeAlias = Callable[[Wire], Any]

Give: TypeAlias = Callable[[Wire], dict[str, Any]]
"""Keyword arguments of one invocation."""

CORE_THINGS = frozenset(
    {"config", "logger", "rpc", "secrets", "session", "sessions", "variables", "wire"}
)
"""The names that mean the same to every function."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The keyword arguments of a callable.

    Attributes:
        constant: The same on every invocation.
        changing: Made from the wire, by parameter.
        calls: The ids of call services among them.
    """

    constant: Mapping[str, Any] = field(default_factory=dict[str, Any])
    changing: Mapping[str, Get] = field(default_factory=dict[str, Get])
    calls: tuple[str, ...] = ()

    def bind(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The callable with its constant arguments in place."""
        return functools.partial(func, **self.constant) if self.constant else func

    def giver(self) -> Give:
        """A function of the wire that makes the arguments which change."""
        items = tuple(self.changing.items())
        if len(items) == 1:
            name, get = items[0]
            return lambda wire: {name: get(wire)}
        return lambda wire: {name: get(wire) for name, get in items}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose arguments they are.

    Attributes:
        what: For error messages: `function "create_user"`.
        function: The id of the function that is invoked.
        wire: The class of its wires.
        calls: Whether call services may be asked for.
        secrets: Whether `secrets` may be asked for.
        blocking: Whether a sync callable may block its thread: it runs in a lane.
    """

    what: str
    function: str
    wire: type[Wire]
    calls: bool
    blocking: bool
    secrets: bool


class Supplier:
    """Finds out where each argument comes from.

    Args:
        services: All services, by id.
        container: The started singletons.
        environment: The secrets and variables.
        rpc: Makes the wire thing `rpc` of a wire; the flag asks for the blocking twin.
    """

    def __init__(
        self,
        services: Mapping[str, ServiceRecord],
        container: Container,
        environment: Environment,
        rpc: Callable[[Wire, bool], Any],
    ) -> None:
        self._services = services
        self._container = container
        self._environment = environment
        self._rpc = rpc

    def arguments(self, needs: Needs, owner: Owner) -> Arguments:
        """The arguments of a callable.

        Raises:
            DeclarationError: It asks for what invocations of this wiring do not have.
            MissingServiceError: A service that it asks for has not been started.
        """
        constant, changing, calls = dict[str, Any](), dict[str, Get](), list[str]()
        for name, provider in needs.parameters.items():
            optional = name in needs.optional
            if provider in self._container:
                constant[name] = form_for(needs, self._container[provider])
            elif provider in self._services:
                if self._services[provider].scope == "singleton":
                    constant[name] = form_for(needs, self._container[provider])
                    continue
                if not owner.calls:
                    raise DeclarationError(
                        f'The {owner.what} asks for the call service "{provider}", which is opened after it has run.'
                    )
                calls.append(provider)
                changing[name] = functools.partial(opened, provider)
            elif provider == "logger":
                constant[name] = logging.getLogger(f"pikku.{owner.function}")
            elif provider.rpartition(":")[2] in THINGS:
                constant[name] = self._environment_thing(provider, owner)
            elif (get := self._thing(provider, needs, owner, optional=optional)) is not None:
                changing[name] = get
        return Arguments(constant, changing, tuple(calls))

    def _environment_thing(self, provider: str, owner: Owner) -> Any:
        if provider.rpartition(":")[2] == "secrets" and not owner.secrets:
            raise DeclarationError(
                f'The {owner.what} asks for "secrets", which only services, middleware and the configuration may read: '
                "let a service do what needs the secret."
            )
        return self._environment.thing(provider)

    def _thing(self, provider: str, needs: Needs, owner: Owner, *, optional: bool) -> Get | None:
        if provider == "rpc":
            return self._caller(needs, owner)
        if provider == "session":
            return current_session if optional else required_session
        if provider in OWN:
            return OWN[provider]
        if provider in owner.wire.things:
            return in_form(needs, owner.wire.things[provider])
        if may_have(owner.wire, provider):
            get = functools.partial(thing, provider)
            if not optional:
                get = functools.partial(required_thing, provider, owner.what)
            return in_form(needs, get)
        if optional:
            return None
        raise DeclarationError(
            f'The {owner.what} asks for "{provider}", which neither a service nor wirings of the kind '
            f'"{owner.wire.kind}" give: declare the service, or give the parameter a default of None.'
        )

    def _caller(self, needs: Needs, owner: Owner) -> Get:
        make = self._rpc
        if not needs.is_sync:
            return lambda wire: make(wire, False)
        if not owner.blocking:
            raise DeclarationError(
                f'The sync {owner.what} asks for "rpc" where the function "{owner.function}" is async and would be '
                "blocked by it: make it async."
            )
        return lambda wire: make(wire, True)


def in_form(needs: Needs, get: Get) -> Get:
    """What gives a wire thing in the form that suits a callable."""
    return (lambda wire: form_for(needs, get(wire))) if needs.is_sync else get


def may_have(wire: type[Wire], provider: str) -> bool:
    """Whether wires of a class may give a thing; a call by name has those of whoever called."""
    return provider in wire.things or (wire.kind == "rpc" and provider not in CORE_THINGS)


def itself(wire: Wire) -> Wire:
    """The wire thing `wire`."""
    return wire


def required_session(wire: Wire) -> Any:
    """The wire thing `session` for who cannot do without (401)."""
    session = current_session(wire)
    if session is None:
        raise UnauthorizedError
    return session


def thing(name: str, wire: Wire) -> Any:
    """A wire thing of the transport; None where the invocation has none."""
    return wire.thing(name)


def required_thing(name: str, what: str, wire: Wire) -> Any:
    """A wire thing of the transport for who cannot do without."""
    value = wire.thing(name)
    if value is None:
        raise MissingServiceError(
            f'The {what} asks for "{name}", which this App was not given and the caller does not have. A service is '
            f"given so: App(..., services=[{name}])."
        )
    return value


def opened(service: str, wire: Wire) -> Any:
    """A call service; it is open when this is asked."""
    return open_service(wire, service)


OWN: Mapping[str, Get] = {"wire": itself, "sessions": live_sessions}
"""The wire things of every invocation that are the same for all who ask."""
