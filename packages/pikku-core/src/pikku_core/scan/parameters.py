"""Keyword-only parameters: which service or wire thing each of them asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pikku_core.nearest import nearest_name
from pikku_core.plugin.expression import Expression, Name, Subscript, Union
from pikku_core.plugin.model import CallableKind, Parameter
from pikku_core.scan.modules import EXTERNAL
from pikku_core.scan.nodes import line_of
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.scan.facts import DefFacts, Node, ParameterFacts
    from pikku_core.scan.marks import Marked
    from pikku_core.scan.report import Report
    from pikku_core.scan.resolve import Resolver

PROCESS_THINGS: Final = frozenset({"logger", "secrets", "variables"})
"""What core gives wherever it is asked for, outside an invocation too."""
CALL_THINGS: Final = frozenset({"session", "sessions", "wire", "rpc"})
"""What core gives to an invocation."""
RESERVED: Final = PROCESS_THINGS | CALL_THINGS | {"config"}
"""Names that a project's service may not have."""

OF_ADDONS: Final = frozenset({"secrets", "variables"})
"""Those of them that an addon has of its own: it asks for `acme:secrets`."""

_RPC: Final = (
    frozenset({"pikku_core:Rpc", "pikku_app:Rpc"}),
    frozenset({"pikku_core:SyncRpc", "pikku_app:SyncRpc"}),
)


@dataclass(slots=True, kw_only=True)
class Providers:
    """What can be asked for.

    Attributes:
        services: Ids of the services of the project and its addons.
        plugin_services: Factories of the plugins' services, by name.
        wire_things: The plugins' reserved parameters: the types for async and for sync functions.
        wanted: The plugin services that something asks for.
        lost: What may have been a service, had its decorator been there.
    """

    services: set[str] = field(default_factory=set[str])
    plugin_services: Mapping[str, str] = field(default_factory=dict[str, str])
    wire_things: Mapping[str, tuple[str, str | None]] = field(
        default_factory=dict[str, tuple[str, str | None]]
    )
    wanted: set[str] = field(default_factory=set[str])
    lost: set[str] = field(default_factory=set[str])

    def find(self, name: str, addon: str = "") -> str | None:
        """The id of what a parameter asks for: core's own things, then an addon's service, the project's, a plugin's, a transport's thing."""
        if addon and name in OF_ADDONS:
            return f"{addon}:{name}"
        if name in RESERVED:
            return name if name != "config" or name in self.services else None
        if addon and (own := f"{addon}:{name}") in self.services:
            return own
        if name in self.services:
            return name
        if name in self.plugin_services:
            self.wanted.add(name)
            return name
        return name if name in self.wire_things else None


class ParameterReader:
    """Reads the parameters of marked functions."""

    def __init__(self, resolver: Resolver, providers: Providers, report: Report) -> None:
        self._resolver = resolver
        self._providers = providers
        self._report = report
        self._twins = _twins_of(providers)

    def keyword_only(self, marked: Marked) -> tuple[Parameter, ...]:
        """The services and wire things of a function; what is wrong with them is reported."""
        facts = marked.facts
        for name, line in facts["variadic"]:
            self._report.add(
                "PKU707",
                f'"{facts["name"]}" takes "*{name}", so what it needs cannot be told.',
                marked.module.at(line),
                hint="Name every service as a keyword-only parameter.",
            )
        found: list[Parameter] = []
        known = marked.module.parameters
        for parameter in facts["keyword_only"]:
            node = parameter["annotation"]
            written = node[1] if node and node[0] == "n" else node
            key = (parameter["name"], parameter["default"], written)
            found.append(known.get(key) or self._parameter(marked, parameter, key))
        return tuple(found)

    def _parameter(self, marked: Marked, parameter: ParameterFacts, key: object) -> Parameter:
        facts, name, line = marked.facts, parameter["name"], parameter["line"]
        annotation = self.annotation(marked, parameter["annotation"], line)
        provider = self._providers.find(name, marked.module.owner_addon)
        found = Parameter(
            name=name,
            provider=provider or name,
            optional=parameter["default"],
            annotation=annotation,
        )
        if provider is None and (name in self._providers.lost or self._report.is_lost(name)):
            return found
        if provider is None and not parameter["default"]:
            self._missing(marked, name, marked.module.at(line))
        elif provider in self._twins:
            self._check_twin(facts, provider, annotation, marked.module.at(line))
        elif annotation is not None:
            # Nothing is wrong with it in any function that writes the same.
            marked.module.parameters[key] = found
        return found

    def annotation(self, marked: Marked, node: Node | None, line: int) -> Expression | None:
        """A resolved annotation; None where there is none or it cannot be resolved, which is reported."""
        if node is None:
            return None
        try:
            return self._resolver.annotation(marked.module, node, line)
        except UnresolvedError as error:
            place = marked.module.at(line_of(node, line))
            self._report.unresolved(error, place)
            return None

    def positional_services(self, marked: Marked, first: int) -> None:
        """Reports positional parameters from the given index on: only the data stands there."""
        for parameter in marked.facts["positional"][first:]:
            self._report.add(
                "PKU706",
                f'The parameter "{parameter["name"]}" of "{marked.facts["name"]}" must be keyword-only.',
                marked.module.at(parameter["line"]),
                hint=f'Put "*" before it: (…, *, {parameter["name"]}).',
            )

    def is_thing(self, name: str, addon: str) -> bool:
        """Whether a name is that of a service or wire thing."""
        return name in RESERVED or self._providers.find(name, addon) is not None

    def _missing(self, marked: Marked, name: str, place: Location) -> None:
        hints = {
            "config": 'Mark what makes the configuration with "pikku_config".',
        }
        self._report.add(
            "PKU732",
            f'"{marked.facts["name"]}" asks for "{name}", which nothing provides.',
            place,
            hint=hints.get(name)
            or self._suggestion(name, is_library=marked.module.owner == EXTERNAL),
        )

    def _suggestion(self, name: str, *, is_library: bool) -> str:
        """What may have been meant by the name of a service that there is not."""
        modules = self._resolver.names.modules
        modules.read_mentioning([f"def {name}"])
        for module in modules.parsed():
            for binding in module.facts["bindings"].get(name, ()):
                decorated = any(found["qualname"] == name for found in module.facts["defs"])
                if binding[0] == "def" and not decorated:
                    return (
                        f'"{module.at(binding[1])}" has a function "{name}" that is not marked: '
                        'mark it with "pikku_service".'
                    )
        known = {*self._providers.services, *self._providers.plugin_services}
        near = nearest_name(name, sorted(known))
        # What is meant is most likely there already, under the other name.
        rename = f'Did you mean "{near}"? Rename it, or else: ' if near else ""
        otherwise = "" if is_library else ", or give the parameter a default"
        return f'{rename}Write a "pikku_service" function "{name}"{otherwise}.'

    def _check_twin(
        self, facts: DefFacts, provider: str, annotation: Expression | None, place: Location
    ) -> None:
        """An async wire thing in a sync function would give a coroutine that nothing awaits; the other way round it would block."""
        blocking, awaited = self._twins[provider]
        if provider in self._providers.services:
            return
        names = {str(name) for name in names_in(annotation)}
        if facts["is_async"] and names & blocking:
            wrong, right = names & blocking, awaited
        elif not facts["is_async"] and not facts["is_class"] and names & awaited:
            wrong, right = names & awaited, blocking
        else:
            return
        how = "async" if facts["is_async"] else "sync"
        found = min(wrong).rpartition(":")[2]
        instead = min(right).rpartition(":")[2] if right else "an async function"
        self._report.add(
            "PKU752",
            f'The {how} function "{facts["name"]}" asks for "{provider}" as "{found}".',
            place,
            hint=f'Use "{instead}".',
        )


def _twins_of(providers: Providers) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """The blocking and the awaited types of each wire thing that has both."""
    twins = {"rpc": (_RPC[1], _RPC[0])}
    for name, (awaited, blocking) in providers.wire_things.items():
        if blocking is not None:
            twins[name] = (frozenset({blocking}), frozenset({awaited}))
    return twins


def kind_of(facts: DefFacts) -> CallableKind:
    """How a function runs."""
    if facts["is_class"]:
        return CallableKind.CLASS
    if facts["is_generator"]:
        return CallableKind.ASYNC_GENERATOR if facts["is_async"] else CallableKind.SYNC_GENERATOR
    return CallableKind.ASYNC if facts["is_async"] else CallableKind.SYNC


def names_in(expression: Expression | None) -> list[Name]:
    """The names that an annotation is a union of: those of `Rpc | None` are `Rpc` alone."""
    if isinstance(expression, Name):
        return [expression]
    if isinstance(expression, Union):
        return [*names_in(expression.left), *names_in(expression.right)]
    if isinstance(expression, Subscript):
        inner = names_in(expression.index) if str(expression.base) == "typing:Optional" else []
        return [*inner, *names_in(expression.base)]
    return []


_GENERATORS: Final = frozenset(
    {"AsyncIterator", "AsyncIterable", "AsyncGenerator", "Iterator", "Iterable", "Generator"}
)
_AWAITABLES: Final = frozenset({"Awaitable", "Coroutine"})


def unwrapped(annotation: Expression | None, kind: CallableKind) -> Expression | None:
    """What a function gives: the items of a generator, the result of a coroutine."""
    if not (isinstance(annotation, Subscript) and isinstance(annotation.base, Name)):
        return annotation
    base = annotation.base
    if base.module not in {"typing", "collections.abc", "typing_extensions"}:
        return annotation
    generator = kind in {CallableKind.ASYNC_GENERATOR, CallableKind.SYNC_GENERATOR}
    items = getattr(annotation.index, "items", (annotation.index,))
    if generator and base.attribute in _GENERATORS:
        first: Expression = items[0]
        return first
    if not generator and base.attribute in _AWAITABLES:
        last: Expression = items[-1]
        return last
    return annotation
