"""The hooks: what this distribution adds to Pikku, by name. Nothing else is imported until it is used."""

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

OPTIONS = ("*", "verb", "func", "example", "auth", "scopes", "permissions", "middleware", "tags")


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    """The folder `.pikku/line/`, and the wire thing that its invocations have."""
    return [WiringKind(name="line", title="Line protocol", gives=("line",))]


@hookimpl
def pikku_wire_parameters() -> list[WireParameter]:
    """What a function asks for with `line: Line`."""
    return [WireParameter(name="line", type="acme_line:Line")]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    """`wire_line`, under each name that users can import it by."""
    return [
        ScanRule(
            name="line.wirings",
            kind="line",
            calls={"acme_line.wire_line": OPTIONS, "acme_line.wiring.wire_line": OPTIONS},
            read="acme_line.scan:read_wiring",
        )
    ]


@hookimpl
def pikku_project_checks() -> list[ProjectCheck]:
    """What can only be seen with every type of the project at hand."""
    return [ProjectCheck(name="line.objects", check="acme_line.scan:check_objects")]


@hookimpl
def pikku_diagnostic_codes() -> list[DiagnosticCode]:
    """What the rule and the check report."""
    return [
        DiagnosticCode(
            code="ACM001",
            title="A verb that no line can carry",
            explanation="A verb is one or more of the letters A to Z, so that a line has one reading.",
            example='wire_line(verb="add-up", func=add)',
            mended='wire_line(verb="ADDUP", func=add)',
        ),
        DiagnosticCode(
            code="ACM002",
            title="A verb that the server answers itself",
            explanation="PING lists the verbs; a function behind it would never be called.",
            example='wire_line(verb="PING", func=ping)',
            mended='wire_line(verb="ALIVE", func=ping)',
        ),
        DiagnosticCode(
            code="ACM003",
            title="Data that is no object",
            explanation="What follows a verb is a JSON object: give the function a model as its data.",
            example="async def double(data: int) -> int: ...",
            mended="async def double(data: Number) -> int: ...",
        ),
    ]


@hookimpl
def pikku_generators() -> list[Generator]:
    """A list of the verbs for programs that want to call them."""
    return [
        Generator(
            name="line.verbs",
            kind="line",
            outputs=("line/line-verbs.gen.json",),
            render="acme_line.codegen:render_verbs",
        )
    ]


@hookimpl
def pikku_serve_components() -> list[ServeComponent]:
    """The server, which runs beside the others, and a page for the one that serves HTTP."""
    return [
        ServeComponent(
            name="line",
            kind="line",
            serve="acme_line.serve:serve",
            mounts=(("http", "acme_line.mount:mount"),),
        )
    ]


@hookimpl
def pikku_commands() -> list[Command]:
    """A client for the terminal."""
    return [
        Command(
            name="line ping",
            help="List the verbs of the server that runs.",
            target="acme_line.commands:ping",
        ),
        Command(
            name="line call",
            help="Send a line and print the answer.",
            target="acme_line.commands:call",
        ),
    ]


@hookimpl
def pikku_settings() -> list[Setting]:
    """The table `[tool.pikku.line]`."""
    return [
        Setting(
            name="line.socket",
            type="str",
            default="line.sock",
            help="The path of the socket, relative to the project.",
        ),
        Setting(
            name="line.max_line",
            type="int",
            default=65536,
            help="The longest line that is read, in bytes.",
        ),
    ]
