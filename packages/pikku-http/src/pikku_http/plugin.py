"""What HTTP adds to Pikku."""

from __future__ import annotations

from pikku_core.plugin import (
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
    """The kind `http`."""
    return [WiringKind(name="http", title="HTTP", gives=("http",))]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    """Readers of `wire_http`, `http_middleware` and `http_errors`."""
    wire_http = ("*", "method", "route", "func", *COMMON, "query", "status", "summary")
    return [
        ScanRule(
            name="http.wirings",
            kind="http",
            calls=_everywhere("wire_http", wire_http),
            read="pikku_http.http.scan:read_wiring",
        ),
        ScanRule(
            name="http.middleware",
            kind="http",
            calls=_everywhere("http_middleware", ("pattern", "middleware")),
            read="pikku_http.http.scan:read_middleware",
        ),
        ScanRule(
            name="http.errors",
            kind="http",
            calls=_everywhere("http_errors", ("render",)),
            read="pikku_http.http.scan:read_errors",
        ),
    ]


@hookimpl
def pikku_project_checks() -> list[ProjectCheck]:
    """Checks of routes, sources and answers."""
    return [
        ProjectCheck(name="http.routes", check="pikku_http.http.checks:routes"),
        ProjectCheck(name="http.sources", check="pikku_http.http.checks:sources"),
        ProjectCheck(name="http.answers", check="pikku_http.http.checks:answers"),
        ProjectCheck(name="http.declarations", check="pikku_http.http.checks:declarations"),
    ]


@hookimpl
def pikku_diagnostic_codes() -> tuple[DiagnosticCode, ...]:
    """The codes of rules and checks."""
    from pikku_http.http.codes import CODES

    return CODES


@hookimpl
def pikku_generators() -> list[Generator]:
    """The typed map of the routes."""
    return [
        Generator(
            name="http.map",
            kind="http",
            outputs=("types/pikku_app/http/pikku_http_wirings_map_gen.pyi",),
            render="pikku_http.http.codegen:render_map",
        )
    ]


@hookimpl
def pikku_wire_parameters() -> list[WireParameter]:
    """The wire thing `http`."""
    return [WireParameter(name="http", type="pikku_http:Http")]


@hookimpl
def pikku_serve_components() -> list[ServeComponent]:
    """The server."""
    return [
        ServeComponent(name="http", kind="http", serve="pikku_http.http.serve:serve", listens=True)
    ]


@hookimpl
def pikku_settings() -> list[Setting]:
    """The keys of `[tool.pikku.http]`."""
    return [
        Setting(
            name="http.max_body",
            type="int",
            default=10 * 1024 * 1024,
            help="The largest body of a request, in bytes.",
        ),
        Setting(
            name="http.trusted_proxies",
            type="list[str]",
            default=(),
            help="Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.",
        ),
    ]


def _everywhere(name: str, parameters: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {
        f"pikku_http.{name}": parameters,
        f"pikku_http.http.wiring.{name}": parameters,
    }
