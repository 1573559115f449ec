"""What MCP adds to Pikku."""

from __future__ import annotations

from pikku_core.plugin import (
    Command,
    DiagnosticCode,
    Generator,
    ProjectCheck,
    ScanRule,
    ServeComponent,
    Setting,
    WireParameter,
    WiringKind,
    hookimpl,
)

pikku_plugin_api = 1

COMMON = ("auth", "scopes", "permissions", "middleware", "tags")


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
    """Readers of `wire_mcp_tool` and its neighbours."""
    hints = ("readonly", "destructive", "idempotent", "open_world")
    texts = ("title", "description")
    resource = ("uri", "*", "func", "name", *texts, "mime_type", "size", "paths", *COMMON)
    return [
        _rule("tool", "wiring", ("*", "func", "name", *texts, *hints, *COMMON)),
        _rule("resource", "resource_wiring", resource),
        _rule("prompt", "prompt_wiring", ("*", "func", "name", *texts, *COMMON)),
        _rule("completion", "prompt_wiring", ("*", "of", "argument", "func", *COMMON)),
        ScanRule(
            name="mcp.middleware",
            kind="mcp",
            calls=_everywhere("mcp_middleware", "middleware", ("middleware",)),
            read="pikku_mcp.scan:read_middleware",
        ),
    ]


@hookimpl
def pikku_project_checks() -> list[ProjectCheck]:
    """Checks of what clients send."""
    names = ("completions", "prompts", "resources")
    return [ProjectCheck(name=f"mcp.{name}", check=f"pikku_mcp.checks:{name}") for name in names]


@hookimpl
def pikku_diagnostic_codes() -> tuple[DiagnosticCode, ...]:
    """The codes of rules and checks."""
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
    """What HTTP's server answers with below `/mcp`, and where clients look for its metadata."""
    mounts = {"mcp": "pikku_mcp.mount:mount", "mcp.metadata": "pikku_mcp.mount:mount_metadata"}
    return [
        ServeComponent(name=name, kind="mcp", mounts=(("http", target),))
        for name, target in mounts.items()
    ]


@hookimpl
def pikku_commands() -> list[Command]:
    """`pikku mcp ...`."""
    said = {
        "call": ("client:call", "Call a tool as an agent would."),
        "inspect": ("client:inspect", "Show what agents are told of."),
        "install": ("install:install", "Tell a client how to start the server of the project."),
        "serve": ("serve:serve", "Serve agents alone, over stdio or HTTP."),
    }
    return [
        Command(name=f"mcp {name}", help=text, target=f"pikku_mcp.commands.{target}")
        for name, (target, text) in said.items()
    ]


@hookimpl
def pikku_settings() -> tuple[Setting, ...]:
    """The keys of `[tool.pikku.mcp]`."""
    from pikku_mcp.settings import SETTINGS

    return SETTINGS


def _rule(name: str, module: str, parameters: tuple[str, ...]) -> ScanRule:
    return ScanRule(
        name=f"mcp.{name}s",
        kind="mcp",
        calls=_everywhere(f"wire_mcp_{name}", module, parameters),
        read=f"pikku_mcp.scan:read_{name}",
    )


def _everywhere(name: str, module: str, parameters: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {f"pikku_mcp.{name}": parameters, f"pikku_mcp.{module}.{name}": parameters}
