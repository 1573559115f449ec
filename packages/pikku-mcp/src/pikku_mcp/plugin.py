"""What MCP adds to Pikku."""

from __future__ import annotations

from pikku_core.plugin import (
    DiagnosticCode,
    Generator,
    ScanRule,
    ServeComponent,
    WireParameter,
    WiringKind,
    hookimpl,
)

pikku_plugin_api = 1


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    """The kind `mcp`."""
    return [
        WiringKind(
            name="mcp",
            title="MCP",
            gives=("mcp",),
            exposed="pikku_mcp.implied:read_marked",
            marked=True,
        )
    ]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    """The reader of `wire_mcp_tool`."""
    common = ("auth", "scopes", "permissions", "middleware", "tags")
    hints = ("readonly", "destructive", "idempotent", "open_world")
    tool = ("*", "func", "name", "title", "description", *hints, *common)
    return [
        ScanRule(
            name="mcp.tools",
            kind="mcp",
            calls={"pikku_mcp.wire_mcp_tool": tool, "pikku_mcp.wiring.wire_mcp_tool": tool},
            read="pikku_mcp.scan:read_tool",
        )
    ]


@hookimpl
def pikku_diagnostic_codes() -> tuple[DiagnosticCode, ...]:
    """The codes of the rules."""
    from pikku_mcp.codes import CODES

    return CODES


@hookimpl
def pikku_generators() -> list[Generator]:
    """What clients are told."""
    return [
        Generator(
            name="mcp.listing",
            kind="mcp",
            outputs=("mcp/mcp.gen.json",),
            render="pikku_mcp.codegen:render_listing",
        )
    ]


@hookimpl
def pikku_wire_parameters() -> list[WireParameter]:
    """The wire thing `mcp`."""
    return [WireParameter(name="mcp", type="pikku_mcp:Mcp")]


@hookimpl
def pikku_serve_components() -> list[ServeComponent]:
    """What HTTP's server answers with below `/mcp`."""
    return [ServeComponent(name="mcp", kind="mcp", mounts=(("http", "pikku_mcp.mount:mount"),))]
