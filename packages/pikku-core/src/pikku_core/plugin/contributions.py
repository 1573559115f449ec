"""What one plugin brings: each of its hooks called once, its results checked."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

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
    AppHook,
    PluginDeclaration,
    PluginFailure,
    Provider,
    Stage,
    name_of,
)
from pikku_core.plugin.validation import fault_of

REGISTRIES: Final[Mapping[str, type[PluginDeclaration]]] = {
    "pikku_commands": Command,
    "pikku_diagnostic_codes": DiagnosticCode,
    "pikku_doctor_checks": DoctorCheck,
    "pikku_filters": Filter,
    "pikku_generators": Generator,
    "pikku_project_checks": ProjectCheck,
    "pikku_scan_rules": ScanRule,
    "pikku_schema_adapters": SchemaAdapter,
    "pikku_serve_components": ServeComponent,
    "pikku_services": ServiceDeclaration,
    "pikku_settings": Setting,
    "pikku_templates": Template,
    "pikku_value_sources": ValueSource,
    "pikku_wire_parameters": WireParameter,
    "pikku_wiring_kinds": WiringKind,
}
"""The hooks that declare, and what each returns an iterable of."""

Implementation = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one plugin brings.

    Attributes:
        hooks: The hooks that it implements, sorted.
        milliseconds: How long its import and its hooks took.
    """

    provider: Provider
    declarations: tuple[PluginDeclaration, ...] = ()
    startup: tuple[AppHook, ...] = ()
    shutdown: tuple[AppHook, ...] = ()
    hooks: tuple[str, ...] = ()
    milliseconds: float = field(default=0.0, compare=False)


class PluginError(Exception):
    """Raised while one plugin is loaded: the plugin becomes a row with this failure, and the others are loaded."""

    def __init__(self, failure: PluginFailure) -> None:
        super().__init__(str(failure))
        self.failure = failure


def collect(
    provider: Provider, hook: str, implementation: Implementation
) -> list[PluginDeclaration]:
    """Calls one hook of one plugin.

    Raises:
        PluginError: It raised, or returned something else than an iterable of what the hook is for.
    """
    expected = REGISTRIES[hook]

    def fail(error: str, trace: str = "") -> PluginError:
        failure = PluginFailure(provider=provider, stage=Stage.HOOK, error=error, traceback=trace)
        return PluginError(failure)

    kind = ""
    try:
        result = implementation()
        kind = type(result).__name__
        items = list(cast("Iterable[object]", result)) if isinstance(result, Iterable) else None
    except Exception as error:
        raise fail(f'"{hook}" raised {described(error)}.', traceback.format_exc()) from error
    if isinstance(result, Coroutine):
        result.close()
        raise fail(f'"{hook}" is an async function: hooks are called at boot, make it a plain one.')
    if items is None:
        raise fail(
            f'"{hook}" returned a value of type "{kind}": '
            f'return an iterable of "{expected.__name__}".'
        )
    found: list[PluginDeclaration] = []
    seen: set[str] = set()
    for item in items:
        if not isinstance(item, expected):
            raise fail(
                f'"{hook}" returned a "{type(item).__name__}" among its items: '
                f'each must be a "{expected.__name__}".'
            )
        if fault := fault_of(item):
            raise fail(f'"{hook}" declares {fault}')
        name = name_of(item)
        if name in seen:
            raise fail(f'"{hook}" declares "{name}" twice.')
        seen.add(name)
        found.append(item)
    return found


def described(error: BaseException) -> str:
    """An exception in one line: `RuntimeError: no such host`."""
    text = " ".join(str(error).split()).rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
