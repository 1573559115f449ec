"""The hooks. Each takes nothing and returns an iterable of frozen declarations; core merges them once, at boot.

A plugin is a module: it sets `pikku_plugin_api = 1` and implements hooks with `hookimpl`.

```python
from pikku_core.plugin import WiringKind, hookimpl

pikku_plugin_api = 1


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    return [WiringKind(name="line", title="Line protocol")]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    from pikku_core.runtime.app import App

PLUGIN_API: Final = 1
"""The number of this hook API. A new hook or a new field with a default keeps it; a changed meaning raises it."""

hookspec = pluggy.HookspecMarker("pikku")
hookimpl = pluggy.HookimplMarker("pikku")


@hookspec
def pikku_wiring_kinds() -> Iterable[WiringKind]:
    """Transports: `[WiringKind(name="http", title="HTTP", gives=("http",))]`."""
    return ()


@hookspec
def pikku_scan_rules() -> Iterable[ScanRule]:
    """Readers of `wire_*` calls: `[ScanRule(name="line", kind="line", calls={"acme.wire_line": ("*", "verb", "func")}, read="acme.scan:read")]`."""
    return ()


@hookspec
def pikku_project_checks() -> Iterable[ProjectCheck]:
    """Checks of the whole project: `[ProjectCheck(name="http.names", check="pikku_http.http.checks:names")]`."""
    return ()


@hookspec
def pikku_diagnostic_codes() -> Iterable[DiagnosticCode]:
    """What the plugin's rules and checks report: `[DiagnosticCode(code="ACM101", title="…", explanation="…", example="…", mended="…")]`."""
    return ()


@hookspec
def pikku_generators() -> Iterable[Generator]:
    """Writers of further files: `[Generator(name="openapi", kind="http", outputs=("http/openapi.gen.json",), render="…:render")]`."""
    return ()


@hookspec
def pikku_wire_parameters() -> Iterable[WireParameter]:
    """Reserved parameters: `[WireParameter(name="http", type="pikku_http:Http")]`."""
    return ()


@hookspec
def pikku_services() -> Iterable[ServiceDeclaration]:
    """Services: `[ServiceDeclaration(name="mailer", factory="acme.services:mailer")]`."""
    return ()


@hookspec
def pikku_schema_adapters() -> Iterable[SchemaAdapter]:
    """Codecs for further families of types: `[SchemaAdapter(name="msgspec", adapter="acme.schema:codec")]`."""
    return ()


@hookspec
def pikku_filters() -> Iterable[Filter]:
    """Criteria of tree-shaking: `[Filter(name="http-routes", help="…", values="pikku_http.http.filters:routes", subtree=True)]`."""
    return ()


@hookspec
def pikku_templates() -> Iterable[Template]:
    """What `pikku new` writes: `[Template(name="wiring line", help="A line wiring.", files="acme.templates:wiring")]`."""
    return ()


@hookspec
def pikku_value_sources() -> Iterable[ValueSource]:
    """Where secrets and variables come from: `[ValueSource(name="vault", source="acme.vault:open_vault")]`."""
    return ()


@hookspec
def pikku_commands() -> Iterable[Command]:
    """Commands of the tool: `[Command(name="line", help="Talk to a line server.", target="acme.commands:line")]`."""
    return ()


@hookspec
def pikku_serve_components() -> Iterable[ServeComponent]:
    """What `serve` and `dev` run: `[ServeComponent(name="http", kind="http", serve="pikku_http.http.server.serve:serve", listens=True)]`."""
    return ()


@hookspec
def pikku_doctor_checks() -> Iterable[DoctorCheck]:
    """Checks of machine and settings: `[DoctorCheck(name="redis", check="acme.doctor:redis")]`."""
    return ()


@hookspec
def pikku_settings() -> Iterable[Setting]:
    """Keys of `[tool.pikku.<plugin>]`: `[Setting(name="http.max_body", type="int", default=10485760, help="…")]`."""
    return ()


@hookspec
def pikku_startup(app: App) -> None:
    """Called once when an App has started its services, before it takes work: `registry.announce(app.functions())`."""


@hookspec
def pikku_shutdown(app: App) -> None:
    """Called once when an App has stopped taking work, before its services are torn down: `app.service("metrics").flush()`."""
