"""Which components run together."""

from __future__ import annotations

import pytest

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.server.components import components_of, imported
from pikku_core.plugin import ServeComponent, WiringKind
from pikku_core.plugin.registry import PluginFailure, Provider, Registry, Stage

HTTP = ServeComponent(name="http", kind="http", serve="a:http", listens=True)
QUEUE = ServeComponent(name="queue", kind="queue", serve="a:queue")
HEALTH = ServeComponent(name="health", mounts=(("http", "a:health"),))
OTHER = ServeComponent(name="other", kind="other", serve="a:other", listens=True)


def registry_of(*components: ServeComponent) -> Registry:
    provider = Provider(distribution="acme", plugin="acme", version="1.0")
    kinds = {name: WiringKind(name=name, title=name) for name in ("http", "other", "queue")}
    return Registry(
        wiring_kinds=kinds,
        serve_components={one.name: one for one in components},
        providers={(ServeComponent, one.name): provider for one in components},
    )


def test_only_components_of_kinds_in_use_run() -> None:
    components = components_of({"queue"}, registry_of(HTTP, QUEUE))
    assert components.serving == (QUEUE,)
    assert components.listening is None


def test_the_one_that_listens_takes_the_socket() -> None:
    components = components_of({"http", "queue"}, registry_of(HTTP, QUEUE))
    assert components.serving == (HTTP, QUEUE)
    assert components.listening is HTTP


def test_a_component_without_a_kind_always_takes_part() -> None:
    components = components_of({"http"}, registry_of(HEALTH, HTTP))
    assert components.serving == (HTTP,)
    assert components.mounts == {"http": [(HEALTH, "a:health")]}


def test_two_that_listen_are_an_error_that_names_both() -> None:
    with pytest.raises(CommandError, match=r'"http" of acme 1\.0 and "other" of acme 1\.0'):
        components_of({"http", "other"}, registry_of(HTTP, OTHER))


def test_nothing_to_run_is_an_error_that_says_what_there_is() -> None:
    with pytest.raises(CommandError, match='The kinds that do: "http", "queue"'):
        components_of({"other"}, registry_of(HEALTH, HTTP, QUEUE))


def test_without_a_transport_the_error_says_to_install_one() -> None:
    with pytest.raises(CommandError, match="install a transport"):
        components_of(set(), registry_of())


def test_a_kind_that_nobody_provides_is_an_error_that_shows_broken_plugins() -> None:
    provider = Provider(distribution="acme-line", plugin="line", version="1.0")
    failure = PluginFailure(provider=provider, stage=Stage.IMPORT, error="ImportError: no acme.")
    with pytest.raises(CommandError, match=r'(?s)kind "line".*ImportError: no acme') as caught:
        components_of({"line"}, Registry(failures=(failure,)))
    assert caught.value.code is ExitCode.PLUGINS


def test_a_target_that_is_missing_names_its_component() -> None:
    with pytest.raises(CommandError, match='The component "http" cannot run: "nowhere:x"'):
        imported(HTTP, "nowhere:x")
