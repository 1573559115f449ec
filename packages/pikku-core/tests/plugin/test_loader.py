"""Plugins are found, imported and asked one by one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pikku_core import App
from pikku_core.plugin import WiringKind
from pikku_core.plugin.loader import (
    FoundPlugin,
    Selection,
    discover,
    load,
    load_plugins,
    registry_of,
)
from pikku_core.plugin.registry import PluginStatus, Provider, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path


def pikku_wiring_kinds() -> list[WiringKind]:
    return [WiringKind(name="line", title="Line protocol")]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed distributions."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


def install(
    folder: Path, distribution: str, name: str, source: str, *, metadata: bool = True
) -> None:
    """Puts a distribution with one plugin into a folder."""
    module = f"{distribution.replace('-', '_')}_module"
    (folder / f"{module}.py").write_text(source)
    info = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(f"[pikku.plugins]\n{name} = {module}\n")
    if metadata:
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"
        )


def test_entry_points_are_sorted_by_distribution_and_name(installed: Path) -> None:
    install(installed, "acme-b", "first", "")
    install(installed, "acme-a", "second", "")
    ours = [plugin.provider for plugin in discover() if "acme" in plugin.provider.distribution]
    assert [(one.distribution, one.plugin, one.version) for one in ours] == [
        ("acme-a", "second", "1.0"),
        ("acme-b", "first", "1.0"),
    ]


def test_nothing_is_imported_to_find_plugins(installed: Path) -> None:
    install(installed, "acme-a", "a", "raise SystemExit")
    assert "a" in {plugin.provider.plugin for plugin in discover()}
    assert "acme_a_module" not in sys.modules


def test_a_distribution_without_metadata_is_listed_all_the_same(installed: Path) -> None:
    install(installed, "acme-gone", "gone", "", metadata=False)
    providers = {plugin.provider.plugin: plugin.provider for plugin in discover()}
    assert providers["gone"].version == "unknown"


def test_a_blocked_plugin_is_never_imported(installed: Path) -> None:
    install(installed, "acme-a", "a", "raise RuntimeError")
    registry = load_plugins(Selection(disabled=frozenset({"a"})))
    statuses = {row.provider.plugin: row.status for row in registry.plugins}
    assert statuses["a"] is PluginStatus.DISABLED
    assert "acme_a_module" not in sys.modules


@pytest.mark.parametrize("name", ["line", "acme-line", "Acme_Line"])
def test_a_plugin_is_turned_off_by_its_name_or_its_distributions(
    name: str, make_plugin: Callable[..., FoundPlugin]
) -> None:
    selection = Selection(disabled=frozenset({name}))
    registry = load([make_plugin(pikku_wiring_kinds, name="line")], selection)
    assert registry.wiring_kinds == {}


def test_the_allow_list_leaves_all_others_out(make_plugin: Callable[..., FoundPlugin]) -> None:
    one, other = make_plugin(name="one"), make_plugin(name="other")
    registry = load([one, other], Selection(only=frozenset({"one"})))
    assert [row.status for row in registry.plugins] == ["active", "disabled"]


@pytest.mark.parametrize(
    ("variables", "only"),
    [
        ({}, None),
        ({"PIKKU_PLUGINS": ""}, frozenset[str]()),
        ({"PIKKU_PLUGINS": "a, b,"}, frozenset({"a", "b"})),
    ],
)
def test_the_variable_is_an_allow_list(
    variables: dict[str, str], only: frozenset[str] | None
) -> None:
    assert Selection.from_environment(variables).only == only


def test_a_name_of_the_allow_list_that_is_not_installed_is_a_failure() -> None:
    (failure,) = load([], Selection(only=frozenset({"nowhere"}))).failures
    assert failure.stage is Stage.FIND
    assert '"nowhere"' in str(failure)


@pytest.mark.parametrize("error", [RuntimeError("no such host"), SystemExit(3)])
def test_a_plugin_that_raises_at_import_is_a_row_and_the_others_are_loaded(
    error: BaseException, make_plugin: Callable[..., FoundPlugin]
) -> None:
    def explode() -> object:
        raise error

    provider = Provider(distribution="acme-boom", plugin="boom", version="2.1")
    broken = FoundPlugin(provider=provider, load=explode)
    registry = load([broken, make_plugin(pikku_wiring_kinds, name="line")], Selection())
    assert list(registry.wiring_kinds) == ["line"]
    (failure,) = registry.failures
    assert failure.stage is Stage.IMPORT
    assert type(error).__name__ in failure.error
    assert "explode" in failure.traceback


def test_a_failure_names_plugin_distribution_version_stage_error_and_switch() -> None:
    def explode() -> object:
        raise RuntimeError("no such host.")

    provider = Provider(distribution="acme-boom", plugin="boom", version="2.1")
    (failure,) = load([FoundPlugin(provider=provider, load=explode)], Selection()).failures
    assert str(failure) == (
        'Plugin "boom" (acme-boom 2.1) failed at stage "import": RuntimeError: no such host. '
        'Turn it off with "--disable-plugin boom".'
    )


@pytest.mark.parametrize(
    ("api", "words"),
    [
        (0, ["API 0", "has 1"]),
        (2, ["API 2", "has 1"]),
        ("1", ["API"]),
        (None, ["pikku_plugin_api = 1"]),
    ],
)
def test_a_plugin_of_another_api_is_a_row_that_tells_the_number(
    api: object, words: list[str], make_plugin: Callable[..., FoundPlugin]
) -> None:
    registry = load([make_plugin(pikku_wiring_kinds, api=api, name="old")], Selection())
    (failure,) = registry.failures
    assert failure.stage is Stage.API
    assert all(word in failure.error for word in words)
    assert registry.wiring_kinds == {}


def test_a_hook_with_an_argument_that_it_is_not_called_with_is_refused(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    def pikku_wiring_kinds(project: object) -> list[WiringKind]:
        return []

    (failure,) = load([make_plugin(pikku_wiring_kinds, name="wrong")], Selection()).failures
    assert failure.stage is Stage.REGISTER
    assert "project" in failure.error
    assert "pikku_wiring_kinds" in failure.error


def test_an_unknown_hook_is_refused(make_plugin: Callable[..., FoundPlugin]) -> None:
    def pikku_wirring_kinds() -> list[WiringKind]:
        return []

    (failure,) = load([make_plugin(pikku_wirring_kinds, name="typo")], Selection()).failures
    assert failure.stage is Stage.REGISTER
    assert failure.error == (
        'There is no hook "pikku_wirring_kinds": did you mean "pikku_wiring_kinds"?'
    )


def test_a_function_with_the_name_of_a_hook_and_no_mark_is_refused(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    found = make_plugin(name="unmarked")
    found.load().__dict__["pikku_wiring_kinds"] = lambda: [WiringKind(name="line", title="")]
    registry = load([found, make_plugin(pikku_wiring_kinds, name="b")], Selection())
    (failure,) = registry.failures
    assert failure.stage is Stage.REGISTER
    assert failure.error == (
        '"pikku_wiring_kinds" is not marked as a hook, so it would never be called: '
        'add "@hookimpl" above it, or give it another name.'
    )
    assert list(registry.wiring_kinds) == ["line"]


def test_a_plugin_with_an_unknown_hook_leaves_the_next_one_alone(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    def pikku_wirring_kinds() -> list[WiringKind]:
        return []

    typo = make_plugin(pikku_wirring_kinds, name="a")
    registry = load([typo, make_plugin(pikku_wiring_kinds, name="b")], Selection())
    assert [row.status for row in registry.plugins] == ["failed", "active"]


def test_an_optional_hook_may_be_unknown(make_plugin: Callable[..., FoundPlugin]) -> None:
    def pikku_of_tomorrow() -> list[object]:
        return []

    plugin = make_plugin(pikku_of_tomorrow, optionalhook=True)
    assert load([plugin], Selection()).failures == ()


@pytest.mark.parametrize("option", ["tryfirst", "trylast"])
def test_a_hook_that_wants_an_order_is_refused(
    option: str, make_plugin: Callable[..., FoundPlugin]
) -> None:
    plugin = make_plugin(pikku_wiring_kinds, **{option: True})
    (failure,) = load([plugin], Selection()).failures
    assert failure.stage is Stage.REGISTER
    assert f'"{option}"' in failure.error


def test_a_hook_that_wraps_others_is_refused(make_plugin: Callable[..., FoundPlugin]) -> None:
    def pikku_wiring_kinds() -> Generator[None, object, object]:
        return (yield)

    (failure,) = load([make_plugin(pikku_wiring_kinds, wrapper=True)], Selection()).failures
    assert '"wrapper"' in failure.error


def test_startup_hooks_are_plain_functions_of_the_app(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    heard: list[object] = []

    def pikku_startup(app: object) -> None:
        heard.append(app)

    def pikku_shutdown() -> None:
        heard.append("shut down")

    registry = load([make_plugin(pikku_startup, pikku_shutdown, name="line")], Selection())
    app = App()
    for hook in (*registry.startup_hooks, *registry.shutdown_hooks):
        hook(app)
    assert heard == [app, "shut down"]


def test_a_registry_for_tests_holds_core_and_the_given_plugins_alone(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    registry = registry_of(make_plugin(pikku_wiring_kinds).load())
    assert [row.provider.plugin for row in registry.plugins] == ["core", "acme_plugin"]
    assert "line" in registry.wiring_kinds
    assert "global_middleware" in registry.scan_rules


def test_core_itself_cannot_be_turned_off() -> None:
    registry = load_plugins(Selection(only=frozenset(), disabled=frozenset({"core"})))
    assert {"middleware", "permissions", "addon"} <= registry.wiring_kinds.keys()


def test_an_essential_plugin_is_loaded_first_whatever_is_turned_off(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    provider = Provider(distribution="zoo", plugin="zoo", version="1")
    zoo = FoundPlugin(provider=provider, load=make_plugin().load, essential=True)
    registry = load_plugins(Selection(only=frozenset()), essential=[zoo])
    active = [row.provider.plugin for row in registry.plugins if row.status == "active"]
    assert active == ["core", "zoo"]
