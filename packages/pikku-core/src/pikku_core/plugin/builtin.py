"""Core's own plugin: what every project has, whatever is installed. It cannot be turned off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.declarations import ScanRule, WireParameter, WiringKind
from pikku_core.plugin.hooks import hookimpl
from pikku_core.plugin.target import resolve

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import DiagnosticCode

pikku_plugin_api = 1


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    """Kinds without a transport: their folders hold what every transport shares."""
    return [
        WiringKind(name="addon", title="Addons"),
        WiringKind(name="middleware", title="Middleware"),
        WiringKind(name="permissions", title="Permissions"),
    ]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    """The calls of `pikku_core` that declare something."""
    return [
        _rule("addon", "wire_addon", ("*", "name", "package"), "read_addon"),
        _rule("middleware", "global_middleware", ("middleware",), "read_global_middleware"),
        _rule("middleware", "tag_middleware", ("tag", "middleware"), "read_tag_middleware"),
        _rule("permissions", "global_permissions", ("permissions",), "read_global_permissions"),
        _rule("permissions", "tag_permissions", ("tag", "permissions"), "read_tag_permissions"),
    ]


@hookimpl
def pikku_diagnostic_codes() -> tuple[DiagnosticCode, ...]:
    """What the scanner and the code generator report."""
    # By name: this package is below both.
    scan: tuple[DiagnosticCode, ...] = resolve("pikku_core.scan.codes:CODES")
    codegen: tuple[DiagnosticCode, ...] = resolve("pikku_core.codegen.codes:CODES")
    return (*scan, *codegen)


@hookimpl
def pikku_wire_parameters() -> list[WireParameter]:
    """What invocations on every transport have."""
    return [
        WireParameter(name="config", type="pikku_app:Config"),
        WireParameter(name="logger", type="pikku_core:Logger"),
        WireParameter(name="rpc", type="pikku_app:Rpc", sync_type="pikku_app:SyncRpc"),
        WireParameter(name="secrets", type="pikku_app:Secrets"),
        WireParameter(name="session", type="pikku_app:Session"),
        WireParameter(name="sessions", type="pikku_core:Sessions"),
        WireParameter(name="variables", type="pikku_core:Variables"),
        WireParameter(name="wire", type="pikku_core:Wire"),
    ]


def _rule(kind: str, call: str, parameters: tuple[str, ...], read: str) -> ScanRule:
    return ScanRule(
        name=call,
        kind=kind,
        calls={f"pikku_core.{call}": parameters, f"pikku_core.{kind}.{call}": parameters},
        read=f"pikku_core.scan.rules:{read}",
    )
