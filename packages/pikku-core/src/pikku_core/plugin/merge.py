"""Contributions of all plugins -> one registry. Two providers of one thing are an error that names both."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from pikku_core.plugin.contributions import Contribution
from pikku_core.plugin.declarations import (
    Command,
    DoctorCheck,
    Filter,
    Generator,
    ProjectCheck,
    ScanRule,
    SchemaAdapter,
    ServeComponent,
    ServiceDeclaration,
    Setting,
    Template,
    ValueSource,
    WireParameter,
    WiringKind,
)
from pikku_core.plugin.diagnostics import DiagnosticCode
from pikku_core.plugin.registry import (
    PluginDeclaration,
    PluginFailure,
    PluginRow,
    PluginStatus,
    Provider,
    Registry,
    Stage,
    name_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

D = TypeVar("D", bound=PluginDeclaration)

_NOUNS: Final[Mapping[type[PluginDeclaration], str]] = {
    Command: "Command",
    DiagnosticCode: "Diagnostic code",
    DoctorCheck: "Doctor check",
    Filter: "Filter",
    Generator: "Generator",
    ProjectCheck: "Project check",
    ScanRule: "Scan rule",
    SchemaAdapter: "Schema adapter",
    ServeComponent: "Serve component",
    ServiceDeclaration: "Service",
    Setting: "Setting",
    Template: "Template",
    ValueSource: "Value source",
    WireParameter: "Wire parameter",
    WiringKind: "Wiring kind",
}


def merge(contributions: Sequence[Contribution], rows: Iterable[PluginRow] = ()) -> Registry:
    """Puts contributions together, in the given order.

    A plugin that declares what one before it declares is left out whole, as one that fails earlier is: half a plugin
    would be harder to understand than none.

    Args:
        rows: Plugins that contribute nothing: disabled and failed ones.
    """
    merged = _Merged()
    listed = list(rows)
    for contribution in contributions:
        clash = merged.clash(contribution)
        if clash is None:
            merged.add(contribution)
        listed.append(_row(contribution, clash))
    own = [row for row in listed if row.provider.plugin == "core"]
    listed = own + sorted((row for row in listed if row not in own), key=lambda row: row.provider)
    return merged.registry(tuple(listed))


def _row(contribution: Contribution, clash: PluginFailure | None) -> PluginRow:
    return PluginRow(
        provider=contribution.provider,
        status=PluginStatus.ACTIVE if clash is None else PluginStatus.FAILED,
        hooks=contribution.hooks if clash is None else (),
        milliseconds=contribution.milliseconds,
        failure=clash,
    )


@dataclass(slots=True)
class _Merged:
    accepted: list[Contribution] = field(default_factory=list[Contribution])
    providers: dict[tuple[type[object], str], Provider] = field(
        default_factory=dict[tuple[type[object], str], Provider]
    )
    claims: list[tuple[str, str, Provider]] = field(default_factory=list[tuple[str, str, Provider]])
    """Names that are claimed beside a declaration's own, each with what it is the name of."""

    def add(self, contribution: Contribution) -> None:
        self.accepted.append(contribution)
        for declaration in contribution.declarations:
            self.providers[type(declaration), name_of(declaration)] = contribution.provider
            for noun, name in _claims(declaration):
                self.claims.append((noun, name, contribution.provider))

    def clash(self, contribution: Contribution) -> PluginFailure | None:
        """Why a contribution cannot stand beside the ones that were accepted."""
        own: list[tuple[str, str, Provider]] = []
        for declaration in contribution.declarations:
            other = self.providers.get((type(declaration), name_of(declaration)))
            if other is not None:
                noun = _NOUNS[type(declaration)]
                return _failure(contribution, noun, name_of(declaration), other)
            claims = _claims(declaration)
            for noun, name in claims:
                for claimed_noun, claimed, other in (*self.claims, *own):
                    if noun == claimed_noun and _overlap(noun, name, claimed):
                        return _failure(contribution, noun, name, other)
            own += [(noun, name, contribution.provider) for noun, name in claims]
        return None

    def registry(self, rows: tuple[PluginRow, ...]) -> Registry:
        return Registry(
            wiring_kinds=self._of(WiringKind),
            scan_rules=self._of(ScanRule),
            project_checks=self._of(ProjectCheck),
            diagnostic_codes=self._of(DiagnosticCode),
            generators=self._of(Generator),
            wire_parameters=self._of(WireParameter),
            services=self._of(ServiceDeclaration),
            schema_adapters=self._of(SchemaAdapter),
            filters=self._of(Filter),
            commands=self._of(Command),
            serve_components=self._of(ServeComponent),
            doctor_checks=self._of(DoctorCheck),
            settings=self._of(Setting),
            templates=self._of(Template),
            value_sources=self._of(ValueSource),
            startup_hooks=tuple(hook for one in self.accepted for hook in one.startup),
            shutdown_hooks=tuple(hook for one in self.accepted for hook in one.shutdown),
            plugins=rows,
            failures=tuple(row.failure for row in rows if row.failure is not None),
            providers=MappingProxyType(dict(self.providers)),
        )

    def _of(self, kind: type[D]) -> Mapping[str, D]:
        found = {name_of(one): one for one in self._all() if isinstance(one, kind)}
        return MappingProxyType({name: found[name] for name in sorted(found)})

    def _all(self) -> Iterator[PluginDeclaration]:
        for contribution in self.accepted:
            yield from contribution.declarations


def _claims(declaration: PluginDeclaration) -> list[tuple[str, str]]:
    """What a declaration takes beside its own name: nobody else may have it."""
    match declaration:
        case Generator():
            paths = [("Output path", output) for output in declaration.outputs]
            return paths + [("Name of pikku_app", name) for name, _ in declaration.exports]
        case ScanRule():
            return [("Call", call) for call in declaration.calls]
        case Command():
            return [("Command", declaration.name)]
        case Template():
            return [("Command", f"new {declaration.name}")]
        case Filter():  # which the command line knows by two flags
            return [("Flag", declaration.name), ("Flag", f"exclude-{declaration.name}")]
        case _:
            return []


def _overlap(noun: str, one: str, other: str) -> bool:
    match noun:
        case "Output path":
            return patterns_overlap(one, other)
        case "Command":  # "queue" cannot be a command and the group that "queue list" is in
            return f"{one} ".startswith(f"{other} ") or f"{other} ".startswith(f"{one} ")
        case _:
            return one == other


@lru_cache
def patterns_overlap(one: str, other: str) -> bool:
    """Whether some path matches both patterns; `*` stands for any run of characters, `/` included."""
    if not one or not other:
        return not (one or other).strip("*")
    if one[0] == "*":
        return patterns_overlap(one[1:], other) or patterns_overlap(one, other[1:])
    if other[0] == "*":
        return patterns_overlap(one, other[1:]) or patterns_overlap(one[1:], other)
    return one[0] == other[0] and patterns_overlap(one[1:], other[1:])


def _failure(contribution: Contribution, noun: str, name: str, other: Provider) -> PluginFailure:
    provider = contribution.provider
    if other == provider:
        error = f'{noun} "{name}" is declared twice by {provider}.'
        return PluginFailure(provider=provider, stage=Stage.MERGE, error=error)
    error = f'{noun} "{name}" is provided by {other} and {provider}.'
    return PluginFailure(provider=provider, stage=Stage.MERGE, error=error, other=other)
