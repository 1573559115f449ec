"""Core's own plugin: what every project has, whatever is installed. It cannot be turned off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.declarations import (
    Filter,
    ScanRule,
    ServiceDeclaration,
    Setting,
    WireParameter,
    WiringKind,
)
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
        WiringKind(name="secrets", title="Secrets"),
        WiringKind(name="variables", title="Variables"),
    ]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    """The calls of `pikku_core` that declare something."""
    return [
        _rule(
            "addon", "wire_addon", ("*", "name", "package", "auth", "scopes", "tags"), "read_addon"
        ),
        _rule("middleware", "global_middleware", ("middleware",), "read_global_middleware"),
        _rule("middleware", "tag_middleware", ("tag", "middleware"), "read_tag_middleware"),
        _rule("permissions", "global_permissions", ("permissions",), "read_global_permissions"),
        _rule("permissions", "tag_permissions", ("tag", "permissions"), "read_tag_permissions"),
        _definition("secrets", "secret", ()),
        _definition("variables", "variable", ("default",)),
    ]


@hookimpl
def pikku_diagnostic_codes() -> tuple[DiagnosticCode, ...]:
    """What the scanner and the code generator report."""
    # By name: this package is below both.
    scan: tuple[DiagnosticCode, ...] = resolve("pikku_core.scan.codes:CODES")
    codegen: tuple[DiagnosticCode, ...] = resolve("pikku_core.codegen.codes:CODES")
    select: tuple[DiagnosticCode, ...] = resolve("pikku_core.select.codes:CODES")
    contracts: tuple[DiagnosticCode, ...] = resolve("pikku_core.contracts.codes:CODES")
    return (*scan, *codegen, *select, *contracts)


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
        WireParameter(name="variables", type="pikku_app:Variables"),
        WireParameter(name="wire", type="pikku_core:Wire"),
    ]


@hookimpl
def pikku_services() -> list[ServiceDeclaration]:
    """What every project may ask for."""
    room = "pikku_core.services"
    limits = f"{room}.rate_limit_store:memory_rate_limit_store"
    return [
        ServiceDeclaration(name="clock", factory=f"{room}.clock:system_clock"),
        ServiceDeclaration(name="rate_limit_store", factory=limits),
    ]


@hookimpl
def pikku_filters() -> list[Filter]:
    """What every wiring and function can be chosen by."""
    return [
        Filter(
            name="names",
            help="Functions by id, wirings by id or name.",
            values="pikku_core.select.filters:names",
            declared="pikku_core.select.filters:declared_names",
        ),
        Filter(
            name="tags",
            help="Tags of wirings and functions; admin means admin:users too.",
            values="pikku_core.select.filters:tags",
            declared="pikku_core.select.filters:declared_tags",
        ),
        Filter(
            name="wires",
            help="Kinds of wirings; rpc: functions that are called by name.",
            values="pikku_core.select.filters:wires",
            declared="pikku_core.select.filters:declared_wires",
        ),
        Filter(
            name="directories",
            help="Folders of the functions, and those below them.",
            values="pikku_core.select.filters:directories",
            declared="pikku_core.select.filters:declared_directories",
            subtree=True,
        ),
        Filter(
            name="target",
            help="Where functions are deployed.",
            values="pikku_core.select.filters:target",
            choices=("server", "serverless"),
        ),
    ]


@hookimpl
def pikku_settings() -> list[Setting]:
    """The keys of `[tool.pikku.deploy]` and `[tool.pikku.environment]`."""
    return [
        Setting(
            name="environment.dotenv",
            type="str",
            default=".env",
            help='The file of the source "dotenv", relative to the project.',
        ),
        Setting(
            name="environment.secrets_dir",
            type="str",
            default="/run/secrets",
            help='The folder of the source "files": a file for each key.',
        ),
        Setting(
            name="environment.sources",
            type="list[str]",
            default=None,
            help=(
                "Where secrets and variables are read, asked in this order. Default: process, files, dotenv, then those "
                "of plugins."
            ),
            check="pikku_core.environment.sources:fault_of_names",
        ),
        Setting(
            name="deploy.default_target",
            type="str",
            default="serverless",
            help='"server" or "serverless": where a function is deployed that neither states it nor needs a service that decides it.',
            choices=("server", "serverless"),
        ),
        Setting(
            name="deploy.serverless_incompatible",
            type="list[str]",
            default=(),
            help="Services that need a process that stays: functions that need one are deployed on a server.",
        ),
    ]


def _rule(kind: str, call: str, parameters: tuple[str, ...], read: str) -> ScanRule:
    return ScanRule(
        name=call,
        kind=kind,
        calls={f"pikku_core.{call}": parameters, f"pikku_core.{kind}.{call}": parameters},
        read=f"pikku_core.scan.rules:{read}",
    )


def _definition(kind: str, noun: str, more: tuple[str, ...]) -> ScanRule:
    call = f"define_{noun}"
    parameters = ("name", "type", "*", "key", "optional", "description", "docs_url", *more)
    return ScanRule(
        name=call,
        kind=kind,
        calls={f"pikku_core.{call}": parameters, f"pikku_core.{noun}.{call}": parameters},
        read=f"pikku_core.scan.rules:read_{noun}",
    )
