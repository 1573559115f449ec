"""An App's parts when they are given by hand: read from live callables and declarations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pikku_core.config import ConfigConfig
from pikku_core.declaration import Declaration, Wiring, config_of
from pikku_core.definition import Definition
from pikku_core.environment.record import DefinitionRecord
from pikku_core.errors import DeclarationError
from pikku_core.rpc import attribute_chain
from pikku_core.runtime.arguments import CORE_THINGS
from pikku_core.runtime.handles import DeclarationHandle, WiringHandle
from pikku_core.runtime.inspection import (
    function_config,
    function_record,
    identity,
    needs_of,
    place,
    service_record,
)
from pikku_core.runtime.records import FunctionRecord, Needs, ServiceRecord
from pikku_core.version import newest_versions, split_version

if TYPE_CHECKING:
    from pikku_core.permissions import PermissionGroup
    from pikku_core.schema import CodecAdapter


class Assembly:
    """A catalog of what a program gives an App.

    Raises:
        DeclarationError: Two different functions, services or wirings of one name; something that is not decorated.
    """

    def __init__(
        self,
        declarations: Iterable[Declaration | Iterable[Declaration]],
        functions: Iterable[Callable[..., Any]],
        services: Iterable[Callable[..., Any]],
        instances: Iterable[str],
        adapters: Sequence[CodecAdapter],
    ) -> None:
        self._adapters = adapters
        self._declarations = list(flat(declarations))
        self._functions = dict[str, Callable[..., Any]]()
        self._records = dict[str, FunctionRecord]()
        self._needs = dict[int, tuple[Callable[..., Any], Needs]]()
        self.services: dict[str, ServiceRecord] = {}
        for func in functions:
            self._add_function(func)
        self._wirings = self._index_wirings()
        self._refuse_unversioned()
        for factory in services:
            self._add_service(factory)
        self._askers: dict[str, list[str]] = {"secrets": [], "variables": []}
        self._users = self._find_users(frozenset(instances))
        self.definitions: Sequence[DefinitionRecord] = list(self._index_definitions())
        self.secret_keys = frozenset(one.key for one in self.definitions if one.is_secret)
        self.functions: Sequence[str] = sorted(self._functions)
        self.required: Sequence[str] = sorted(self._users)
        self.rpc_names = rpc_names(self.functions)
        self.kinds: Sequence[str] = sorted({each.kind for each in self._declarations})

    def function(self, function: str) -> FunctionRecord:
        """The record of a function; its types are read now."""
        if function not in self._records:
            self._records[function] = function_record(self._functions[function], self._adapters)
        return self._records[function]

    def needs_of(self, call: Callable[..., Any]) -> Needs:
        """What a middleware or a permission asks for."""
        known = self._needs.get(id(call))
        if known is None:
            known = self._needs[id(call)] = (call, needs_of(call))
        return known[1]

    def wirings(self, kind: str) -> Sequence[WiringHandle[Wiring]]:
        """The wirings of a kind."""
        return [handle for handle, of in self._wirings.values() if of == kind]

    def declarations(self, kind: str) -> Sequence[DeclarationHandle[Declaration]]:
        """The declarations of a kind that name no function."""
        return [
            DeclarationHandle(id=f"{kind}#{number}", meta={}, load=partial(itself, each))
            for number, each in enumerate(self.loaded(kind), 1)
        ]

    def loaded(self, kind: str) -> Sequence[Declaration]:
        """The same without handles."""
        return [
            each
            for each in self._declarations
            if each.kind == kind and not isinstance(each, Wiring)
        ]

    def needed_by(self, service: str) -> str:
        """Who needs a service, for an error message."""
        return self._users.get(service, "the program")

    def _add_function(self, func: Callable[..., Any]) -> str:
        name = identity(func)
        if self._functions.setdefault(name, func) is not func:
            another = '"version"' if split_version(name)[1] else '"name"'
            raise DeclarationError(
                f'Two functions are called "{name}": "{place(self._functions[name])}" and "{place(func)}". Give one of '
                f"them another {another}."
            )
        return name

    def _refuse_unversioned(self) -> None:
        for base, newest in newest_versions(self._functions).items():
            if base in self._functions:
                raise DeclarationError(
                    f'"{place(self._functions[base])}" states no version although there is "{newest}": give it one.'
                )

    def _add_service(self, factory: Callable[..., Any]) -> None:
        record = service_record(factory)
        if record.id in CORE_THINGS and not isinstance(config_of(factory), ConfigConfig):
            raise DeclarationError(
                f'The service "{place(factory)}" is called "{record.id}", which every invocation has already: give it '
                'another "name".'
            )
        if record.id in self.services:
            first = self.services[record.id].factory()
            raise DeclarationError(
                f'Two services are called "{record.id}": "{place(first)}" and "{place(factory)}". Give one of them a "name".'
            )
        self.services[record.id] = record

    def _index_wirings(self) -> dict[str, tuple[WiringHandle[Wiring], str]]:
        found: dict[str, tuple[WiringHandle[Wiring], str]] = {}
        for each in self._declarations:
            if isinstance(each, Wiring):
                if each.id in found:
                    raise DeclarationError(
                        f'Two wirings are "{each.id}": one for the function "{found[each.id][0].function}" and one for '
                        f'"{identity(each.func)}".'
                    )
                handle = WiringHandle(
                    id=each.id,
                    meta={},
                    load=partial(itself, each),
                    function=self._add_function(each.func),
                )
                found[each.id] = handle, each.kind
        return found

    def _index_definitions(self) -> Iterator[DefinitionRecord]:
        """The secrets and variables: whoever asks for some may read all."""
        found: dict[tuple[str, str], Definition] = {}
        for each in self._declarations:
            if isinstance(each, Definition):
                same = found.setdefault((each.kind, each.name), each)
                if same != each:
                    raise DeclarationError(
                        f'Two different {each.kind} are called "{each.name}": rename one of them.'
                    )
        secrets = {one.key.upper(): one.name for one in found.values() if one.kind == "secrets"}
        for definition in found.values():
            if definition.kind == "variables" and definition.key.upper() in secrets:
                raise DeclarationError(
                    f'The variable "{definition.name}" would show the secret "{secrets[definition.key.upper()]}", '
                    f'for both are read from "{definition.key}": give it another key.'
                )
            users = list(dict.fromkeys(self._askers[definition.kind]))
            yield DefinitionRecord(
                is_secret=definition.kind == "secrets",
                name=definition.name,
                key=definition.key,
                optional=definition.optional,
                needed_by={"": users},
                load=partial(itself, definition),
            )

    def _find_users(self, instances: frozenset[str]) -> Mapping[str, str]:
        """The services that are needed, each with the first who needs it."""
        users: dict[str, str] = {}

        def visit(needs: Needs, who: str) -> None:
            for service in needs.parameters.values():
                if service in self._askers:
                    self._askers[service].append(who)
                if service in self.services and service not in instances and service not in users:
                    users[service] = who
                    visit(self.services[service].needs, f'service "{service}"')

        for name, func in sorted(self._functions.items()):
            visit(needs_of(func), f'function "{name}"')
            config = function_config(func)
            for each in (*config.middleware, *members(config.permissions)):
                visit(self.needs_of(each), f'"{place(each)}" of the function "{name}"')
        for declaration in self._declarations:
            runner = Needs(kind="async", parameters={each: each for each in declaration.needs})
            visit(runner, f'wirings of the kind "{declaration.kind}"')
            if declaration.variables:
                self._askers["variables"].append(f'"{type(declaration).__name__}"')
            middleware: Iterable[Any] = getattr(declaration, "middleware", ())
            for each in (*middleware, *members(getattr(declaration, "permissions", None))):
                visit(self.needs_of(each), f'"{place(each)}"')
        return users


def itself(declaration: Any) -> Any:
    """What a handle loads: the declaration is there already."""
    return declaration


def flat(declarations: Iterable[Declaration | Iterable[Declaration]]) -> Iterator[Declaration]:
    """Declarations one by one: a call may return several."""
    for each in declarations:
        if isinstance(each, Declaration):
            yield each
        else:
            yield from each


def members(group: PermissionGroup | None) -> list[Any]:
    """All permissions of a group."""
    if group is None:
        return []
    values = group.values() if isinstance(group, Mapping) else group
    return [each for value in values for each in ([value] if callable(value) else value)]


def rpc_names(functions: Iterable[str]) -> dict[str, str]:
    """The attribute chains under `rpc`: `acme:send` is `acme.send`, `create-card@v2` is `create_card_v2`.

    A function that has versions is its newest by the chain without one, `create_card`. Where two ids would be one chain
    neither has one: `rpc.invoke` calls them.
    """
    functions = list(functions)
    chains: dict[str, list[str]] = {}
    for name, function in [
        *zip(functions, functions, strict=True),
        *newest_versions(functions).items(),
    ]:
        chains.setdefault(attribute_chain(name), []).append(function)
    return {chain: ids[0] for chain, ids in sorted(chains.items()) if len(ids) == 1}
