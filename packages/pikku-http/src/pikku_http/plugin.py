"""What HTTP adds to Pikku."""

from __future__ import annotations

from pikku_core.plugin import (
    DiagnosticCode,
    Filter,
    Generator,
    ProjectCheck,
    ScanRule,
    ServeComponent,
    Setting,
    Template,
    WireParameter,
    WiringKind,
    hookimpl,
)

pikku_plugin_api = 1

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
COMMON = ("auth", "scopes", "permissions", "middleware", "tags")
LAYERS = {
    "cors": "origins origins_from methods headers expose credentials max_age private_network",
    "headers": "strict_transport_security content_security_policy frame_options referrer_policy "
    "permissions_policy opener_policy resource_policy more",
    "compression": "minimum level types",
}
"""What follows `http_` in the names of functions that declare layers, with the options of each."""


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    """The kind `http`."""
    return [
        WiringKind(
            name="http",
            title="HTTP",
            gives=("http", "channel"),
            streams=True,
            concerns="pikku_http.http.filters:concerns",
            exposed="pikku_http.http.implied:read_exposed",
        )
    ]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    """Readers of `wire_http` and of everything else that declares something of HTTP."""
    from pikku_http.http.files.rules import STATIC_RULE
    from pikku_http.http.health.rules import READINESS_RULE
    from pikku_http.http.mounts.rules import MOUNT_RULE

    documented = ("summary", "description", "errors", "deprecated")
    reading = ("query", "form", "body", "max_body")
    wire_http = ("*", "method", "route", "func", *COMMON, *reading, "status", "sse", *documented)
    security = ("name", "*", "scheme", "header", "query", "cookie", "pattern", "description")
    group = ("*", "routes", "base_path", *COMMON)
    return [
        ScanRule(
            name="http.wirings",
            kind="http",
            calls=_everywhere("wire_http", wire_http),
            read="pikku_http.http.scan:read_wiring",
        ),
        ScanRule(
            name="http.groups",
            kind="http",
            calls=_everywhere("wire_http_routes", group, module="groups"),
            read="pikku_http.http.scan_groups:read_groups",
            parts=_everywhere("define_http_routes", group, module="groups")
            | _everywhere("http_route", wire_http, module="groups"),
        ),
        ScanRule(
            name="http.middleware",
            kind="http",
            calls=_everywhere("http_middleware", ("pattern", "middleware")),
            read="pikku_http.http.scan:read_middleware",
        ),
        ScanRule(
            name="http.permissions",
            kind="http",
            calls=_everywhere("http_permissions", ("pattern", "permissions"), module="permissions"),
            read="pikku_http.http.scan:read_permissions",
        ),
        ScanRule(
            name="http.errors",
            kind="http",
            calls=_everywhere("http_errors", ("render", "*", "body")),
            read="pikku_http.http.scan:read_errors",
        ),
        ScanRule(
            name="http.security",
            kind="http",
            calls=_everywhere("http_security", security, module="security"),
            read="pikku_http.http.scan:read_security",
        ),
        *(_layer_rule(name, options.split()) for name, options in LAYERS.items()),
        MOUNT_RULE,
        STATIC_RULE,
        READINESS_RULE,
    ]


@hookimpl
def pikku_project_checks() -> list[ProjectCheck]:
    """Checks of routes, sources and answers."""
    return [
        ProjectCheck(name="http.routes", check="pikku_http.http.checks:routes"),
        ProjectCheck(name="http.sources", check="pikku_http.http.checks:sources"),
        ProjectCheck(name="http.answers", check="pikku_http.http.checks:answers"),
        ProjectCheck(name="http.openapi", check="pikku_http.http.openapi.checks:openapi"),
        ProjectCheck(name="http.events", check="pikku_http.http.streams.event_checks:events"),
        ProjectCheck(name="http.bodies", check="pikku_http.http.bodies.checks:bodies"),
        ProjectCheck(name="http.declarations", check="pikku_http.http.checks:declarations"),
        ProjectCheck(name="http.layers", check="pikku_http.http.layers.checks:layers"),
        ProjectCheck(name="http.mounts", check="pikku_http.http.mounts.checks:mounts"),
        ProjectCheck(name="http.folders", check="pikku_http.http.files.checks:folders"),
        ProjectCheck(name="http.readiness", check="pikku_http.http.health.checks:readiness"),
    ]


@hookimpl
def pikku_diagnostic_codes() -> tuple[DiagnosticCode, ...]:
    """The codes of rules and checks."""
    from pikku_http.http.codes import CODES

    return CODES


@hookimpl
def pikku_generators() -> list[Generator]:
    """The typed map of the routes, and the OpenAPI document."""
    return [
        Generator(
            name="http.map",
            kind="http",
            outputs=("types/pikku_app/http/pikku_http_wirings_map_gen.pyi",),
            render="pikku_http.http.codegen:render_map",
        ),
        Generator(
            name="http.openapi",
            kind="http",
            outputs=("http/openapi.gen.json",),
            render="pikku_http.http.openapi.document:render_openapi",
        ),
    ]


@hookimpl
def pikku_wire_parameters() -> list[WireParameter]:
    """The wire things `http` and, of routes with `sse=True`, `channel`."""
    return [
        WireParameter(name="channel", type="pikku_http:EventChannel"),
        WireParameter(name="http", type="pikku_http:Http", of_scope="pikku_http.http.http:Http"),
    ]


@hookimpl
def pikku_filters() -> list[Filter]:
    """What routes can be chosen by."""
    return [
        Filter(
            name="http-routes",
            help="Routes, and those below them: /admin means /admin/users too.",
            values="pikku_http.http.filters:routes",
            declared="pikku_http.http.filters:declared_routes",
            subtree=True,
        ),
        Filter(
            name="http-methods",
            help="Methods of routes.",
            values="pikku_http.http.filters:methods",
            ignore_case=True,
            choices=METHODS,
        ),
    ]


@hookimpl
def pikku_serve_components() -> list[ServeComponent]:
    """The server, and the client of projects under test."""
    return [
        ServeComponent(
            name="http",
            kind="http",
            serve="pikku_http.http.server.serve:serve",
            listens=True,
            mounts=(("testing", "pikku_http.testing:HttpProject"),),
        )
    ]


@hookimpl
def pikku_settings() -> tuple[Setting, ...]:
    """The keys of `[tool.pikku.http]`."""
    from pikku_http.http.settings import SETTINGS

    return SETTINGS


@hookimpl
def pikku_templates() -> list[Template]:
    """`pikku new wiring http`."""
    files = "pikku_http.http.templates:wiring"
    return [Template(name="wiring http", help="A function behind a route.", files=files)]


def _layer_rule(name: str, options: list[str]) -> ScanRule:
    module = "response_headers" if name == "headers" else name
    return ScanRule(
        name=f"http.{name}",
        kind="http",
        calls=_everywhere(f"http_{name}", ("pattern", "*", *options), module=f"layers.{module}"),
        read=f"pikku_http.http.layers.scan:read_{name}",
    )


def _everywhere(
    name: str, parameters: tuple[str, ...], module: str = "wiring"
) -> dict[str, tuple[str, ...]]:
    return {
        f"pikku_http.{name}": parameters,
        f"pikku_http.http.{module}.{name}": parameters,
    }
