"""The registry: what all plugins declare, merged once at boot and never changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_core.runtime.app import App

PluginDeclaration: TypeAlias = (
    Command
    | DiagnosticCode
    | DoctorCheck
    | Filter
    | Generator
    | ProjectCheck
    | ScanRule
    | SchemaAdapter
    | ServeComponent
    | ServiceDeclaration
    | Setting
    | Template
    | ValueSource
    | WireParameter
    | WiringKind
)
"""What a hook may return an iterable of."""

AppHook: TypeAlias = "Callable[[App], object]"
"""An implementation of `pikku_startup` or `pikku_shutdown`."""


def name_of(declaration: PluginDeclaration) -> str:
    """The name under which a declaration is registered, unique among its kind."""
    return declaration.code if isinstance(declaration, DiagnosticCode) else declaration.name


def normalized(distribution: str) -> str:
    """The name of a distribution as it is compared: `Acme_Line` is `acme-line`."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


@dataclass(frozen=True, slots=True, order=True)
class Provider:
    """Who declares something.

    Attributes:
        distribution: The installed distribution, such as `pikku-http`.
        plugin: The name of its entry point, such as `http`.
        version: Of the distribution.
    """

    distribution: str
    plugin: str
    version: str

    @property
    def names(self) -> frozenset[str]:
        """What the plugin can be called in a switch: its own name, or its distribution's in any spelling."""
        return frozenset({self.plugin, self.distribution, normalized(self.distribution)})

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"


class Stage(StrEnum):
    """Where a plugin failed."""

    FIND = "find"
    """It is asked for and not installed."""
    IMPORT = "import"
    API = "api"
    """It was written for another number of the plugin API."""
    REGISTER = "register"
    """A hook is unknown, or has arguments that it is not called with."""
    HOOK = "hook"
    """A hook raised, or returned something else than declarations."""
    MERGE = "merge"
    """It declares what another plugin declares already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginFailure:
    """A plugin that is left out, and why.

    Attributes:
        error: One sentence.
        traceback: Where an exception came from; empty where none was raised.
        other: Who declares the same; None where the plugin fails by itself.
    """

    provider: Provider
    stage: Stage
    error: str
    traceback: str = ""
    other: Provider | None = None

    def __str__(self) -> str:
        return (
            f'Plugin "{self.provider.plugin}" ({self.provider}) failed at stage "{self.stage}": '
            f"{self.error} {self.switch}"
        )

    @property
    def switch(self) -> str:
        """How to go on without it, one sentence."""
        if self.stage is Stage.FIND:
            return 'Install it, or take it out of "PIKKU_PLUGINS".'
        if self.other is not None:
            # By their distributions: the two may have one name.
            one, other = self.other.distribution, self.provider.distribution
            return f'Turn one off, with "--disable-plugin {one}" or "--disable-plugin {other}".'
        return f'Turn it off with "--disable-plugin {self.provider.plugin}".'


class PluginStatus(StrEnum):
    """What became of a plugin that is installed."""

    ACTIVE = "active"
    DISABLED = "disabled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRow:
    """One installed plugin, for `pikku plugins`.

    Attributes:
        hooks: The hooks that it implements, sorted; empty unless it is active.
        milliseconds: How long its import and its hooks took.
        failure: Why it failed; None unless it did.
    """

    provider: Provider
    status: PluginStatus
    hooks: tuple[str, ...] = ()
    milliseconds: float = 0.0
    failure: PluginFailure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Everything that plugins declare, each mapping sorted by name.

    Attributes:
        startup_hooks, shutdown_hooks: Plain functions of the App, in order of (distribution, plugin).
        plugins: Every installed plugin, core's own first.
        failures: The plugins that were left out; a command that writes refuses to run while there are any.
        providers: Who declares what, by type and name; see `provider`.
    """

    wiring_kinds: Mapping[str, WiringKind] = field(default_factory=dict[str, WiringKind])
    scan_rules: Mapping[str, ScanRule] = field(default_factory=dict[str, ScanRule])
    project_checks: Mapping[str, ProjectCheck] = field(default_factory=dict[str, ProjectCheck])
    diagnostic_codes: Mapping[str, DiagnosticCode] = field(
        default_factory=dict[str, DiagnosticCode]
    )
    generators: Mapping[str, Generator] = field(default_factory=dict[str, Generator])
    wire_parameters: Mapping[str, WireParameter] = field(default_factory=dict[str, WireParameter])
    services: Mapping[str, ServiceDeclaration] = field(
        default_factory=dict[str, ServiceDeclaration]
    )
    schema_adapters: Mapping[str, SchemaAdapter] = field(default_factory=dict[str, SchemaAdapter])
    filters: Mapping[str, Filter] = field(default_factory=dict[str, Filter])
    commands: Mapping[str, Command] = field(default_factory=dict[str, Command])
    serve_components: Mapping[str, ServeComponent] = field(
        default_factory=dict[str, ServeComponent]
    )
    doctor_checks: Mapping[str, DoctorCheck] = field(default_factory=dict[str, DoctorCheck])
    settings: Mapping[str, Setting] = field(default_factory=dict[str, Setting])
    templates: Mapping[str, Template] = field(default_factory=dict[str, Template])
    value_sources: Mapping[str, ValueSource] = field(default_factory=dict[str, ValueSource])
    startup_hooks: tuple[AppHook, ...] = ()
    shutdown_hooks: tuple[AppHook, ...] = ()
    plugins: tuple[PluginRow, ...] = ()
    failures: tuple[PluginFailure, ...] = ()
    providers: Mapping[tuple[type[object], str], Provider] = field(
        default_factory=dict[tuple[type[object], str], Provider]
    )

    def provider(self, declaration: PluginDeclaration) -> Provider:
        """Who declared something that is in this registry.

        Raises:
            KeyError: It is not in this registry.
        """
        return self.providers[type(declaration), name_of(declaration)]
