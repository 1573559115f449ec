"""Each hook, implemented by a plugin, and what becomes of it in the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core import App
from pikku_core.environment import Opening
from pikku_core.environment.sources import open_sources
from pikku_core.plugin import (
    Command,
    DiagnosticCode,
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
from pikku_core.plugin.loader import FoundPlugin, Selection, load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pikku_core.plugin.registry import PluginDeclaration, Registry


def registry_with(
    make_plugin: Callable[..., FoundPlugin], hook: str, *returned: object
) -> Registry:
    """The registry of one plugin, which implements one hook."""

    def implementation() -> tuple[object, ...]:
        return returned

    implementation.__name__ = hook
    registry = load([make_plugin(implementation)], Selection())
    assert [str(failure) for failure in registry.failures] == []
    assert registry.plugins[0].hooks == (hook,)
    return registry


def holds(
    registry: Registry, found: Mapping[str, PluginDeclaration], declaration: PluginDeclaration
) -> bool:
    """Whether a mapping of the registry has just this declaration, and knows who made it."""
    return (
        list(found.values()) == [declaration]
        and registry.provider(declaration).distribution == "acme-line"
    )


def test_hook_wiring_kinds_adds_a_transport(make_plugin: Callable[..., FoundPlugin]) -> None:
    kind = WiringKind(name="line", title="Line", gives=("line",))
    registry = registry_with(make_plugin, "pikku_wiring_kinds", kind)
    assert holds(registry, registry.wiring_kinds, kind)


def test_hook_scan_rules_adds_a_reader_of_calls(make_plugin: Callable[..., FoundPlugin]) -> None:
    rule = ScanRule(name="line", kind="line", calls={"acme.wire_line": ()}, read="acme.scan:read")
    registry = registry_with(make_plugin, "pikku_scan_rules", rule)
    assert holds(registry, registry.scan_rules, rule)


def test_hook_project_checks_adds_a_check(make_plugin: Callable[..., FoundPlugin]) -> None:
    check = ProjectCheck(name="line.verbs", check="acme.checks:verbs")
    registry = registry_with(make_plugin, "pikku_project_checks", check)
    assert holds(registry, registry.project_checks, check)


def test_hook_diagnostic_codes_adds_a_code(make_plugin: Callable[..., FoundPlugin]) -> None:
    code = DiagnosticCode(code="ACM001", title="A bad verb", explanation="Verbs are upper case.")
    registry = registry_with(make_plugin, "pikku_diagnostic_codes", code)
    assert holds(registry, registry.diagnostic_codes, code)


def test_hook_generators_adds_a_writer_of_files(make_plugin: Callable[..., FoundPlugin]) -> None:
    generator = Generator(name="line", kind="line", outputs=("line/x.json",), render="acme:render")
    registry = registry_with(make_plugin, "pikku_generators", generator)
    assert holds(registry, registry.generators, generator)


def test_hook_wire_parameters_reserves_a_name(make_plugin: Callable[..., FoundPlugin]) -> None:
    parameter = WireParameter(name="line", type="acme:Line", sync_type="acme:SyncLine")
    registry = registry_with(make_plugin, "pikku_wire_parameters", parameter)
    assert holds(registry, registry.wire_parameters, parameter)


def test_hook_services_adds_a_service(make_plugin: Callable[..., FoundPlugin]) -> None:
    service = ServiceDeclaration(name="mailer", factory="acme.services:mailer")
    registry = registry_with(make_plugin, "pikku_services", service)
    assert holds(registry, registry.services, service)


def test_hook_schema_adapters_adds_a_maker_of_codecs(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    adapter = SchemaAdapter(name="msgspec", adapter="acme.schema:codec")
    registry = registry_with(make_plugin, "pikku_schema_adapters", adapter)
    assert holds(registry, registry.schema_adapters, adapter)


def test_hook_filters_adds_a_criterion(make_plugin: Callable[..., FoundPlugin]) -> None:
    criterion = Filter(name="line-verbs", help="Verbs.", values="acme.filters:verbs")
    registry = registry_with(make_plugin, "pikku_filters", criterion)
    assert holds(registry, registry.filters, criterion)


def test_hook_templates_adds_what_pikku_new_writes(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    template = Template(name="wiring line", help="A verb.", files="acme.templates:wiring")
    registry = registry_with(make_plugin, "pikku_templates", template)
    assert holds(registry, registry.templates, template)


def test_hook_commands_adds_a_command(make_plugin: Callable[..., FoundPlugin]) -> None:
    command = Command(name="line ping", help="Ping.", target="acme.commands:ping")
    registry = registry_with(make_plugin, "pikku_commands", command)
    assert holds(registry, registry.commands, command)


def test_hook_serve_components_adds_a_component(make_plugin: Callable[..., FoundPlugin]) -> None:
    component = ServeComponent(
        name="line", kind="line", serve="acme.serve:serve", mounts=(("http", "acme.mount:page"),)
    )
    registry = registry_with(make_plugin, "pikku_serve_components", component)
    assert holds(registry, registry.serve_components, component)


def test_hook_doctor_checks_adds_a_check(make_plugin: Callable[..., FoundPlugin]) -> None:
    check = DoctorCheck(name="redis", check="acme.doctor:redis")
    registry = registry_with(make_plugin, "pikku_doctor_checks", check)
    assert holds(registry, registry.doctor_checks, check)


def test_hook_settings_adds_a_key(make_plugin: Callable[..., FoundPlugin]) -> None:
    setting = Setting(name="line.socket", type="str", default="line.sock", help="The path.")
    registry = registry_with(make_plugin, "pikku_settings", setting)
    assert holds(registry, registry.settings, setting)


def test_hook_value_sources_adds_a_source_that_is_opened_when_it_is_asked(
    make_plugin: Callable[..., FoundPlugin], tmp_path: Path
) -> None:
    declared = ValueSource(name="vault", source="nowhere.vault:open_vault")
    registry = registry_with(make_plugin, "pikku_value_sources", declared)
    assert holds(registry, registry.value_sources, declared)
    sources = open_sources(registry, Opening(root=tmp_path))
    assert list(sources) == ["process", "files", "dotenv", "vault"]


def test_hook_startup_is_called_with_the_app(make_plugin: Callable[..., FoundPlugin]) -> None:
    heard: list[object] = []

    def pikku_startup(app: object) -> None:
        heard.append(app)

    (hook,) = load([make_plugin(pikku_startup)], Selection()).startup_hooks
    app = App()
    hook(app)
    assert heard == [app]


def test_hook_shutdown_is_called_with_the_app(make_plugin: Callable[..., FoundPlugin]) -> None:
    heard: list[object] = []

    def pikku_shutdown(app: object) -> None:
        heard.append(app)

    (hook,) = load([make_plugin(pikku_shutdown)], Selection()).shutdown_hooks
    app = App()
    hook(app)
    assert heard == [app]
