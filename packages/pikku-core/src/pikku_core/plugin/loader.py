"""Finding, importing and asking plugins, each on its own: one that is broken is a row, and the others are loaded."""

from __future__ import annotations

import os
import re
import traceback
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, cast

import importlib_metadata
import pluggy

from pikku_core.plugin import hooks
from pikku_core.plugin.contributions import (
    REGISTRIES,
    Contribution,
    Implementation,
    PluginError,
    collect,
    described,
)
from pikku_core.plugin.merge import merge
from pikku_core.plugin.registry import (
    AppHook,
    PluginDeclaration,
    PluginFailure,
    PluginRow,
    PluginStatus,
    Provider,
    Registry,
    Stage,
    normalized,
)
from pikku_core.plugin.target import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

GROUP: Final = "pikku.plugins"
"""The entry-point group: `[project.entry-points."pikku.plugins"]`, `acme = "acme.plugin"`."""

_HEADER: Final = re.compile(r"^(Name|Version): *(.*?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which installed plugins are loaded; names are those of entry points or of distributions.

    Attributes:
        only: Nothing else is loaded; None: all that are installed.
        disabled: Never loaded.
    """

    only: frozenset[str] | None = None
    disabled: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> Selection:
        """Reads `PIKKU_PLUGINS`: names separated by commas, `""` for none; not set: all."""
        names = variables.get("PIKKU_PLUGINS")
        if names is None:
            return cls()
        return cls(only=frozenset(name.strip() for name in names.split(",") if name.strip()))

    def allows(self, provider: Provider) -> bool:
        """Whether a plugin is loaded."""
        if provider.names & _spelled(self.disabled):
            return False
        return self.only is None or bool(provider.names & _spelled(self.only))

    def unknown(self, providers: Iterable[Provider]) -> list[str]:
        """The names of `only` that no plugin has, sorted."""
        known = {name for provider in providers for name in provider.names}
        return sorted(name for name in self.only or () if not _spelled([name]) & known)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlugin:
    """A plugin that is not imported yet.

    Attributes:
        load: Imports and returns it.
        essential: Whether it cannot be turned off: core's own, and that of the program that runs.
    """

    provider: Provider
    load: Callable[[], object]
    essential: bool = False


def load_plugins(
    selection: Selection | None = None, *, essential: Sequence[FoundPlugin] = ()
) -> Registry:
    """The registry of everything that is installed.

    Args:
        selection: Which plugins. Default: what `PIKKU_PLUGINS` says.
        essential: Plugins of the program that runs: loaded before all others, whatever is turned off.
    """
    named = {normalized(plugin.provider.distribution) for plugin in essential}
    found = [
        plugin for plugin in discover() if normalized(plugin.provider.distribution) not in named
    ]
    chosen = Selection.from_environment() if selection is None else selection
    return load([_core(), *essential, *found], chosen)


def registry_of(*plugins: object) -> Registry:
    """The registry of core and the given modules, whatever is installed: for tests of a plugin.

    ```python
    registry = registry_of(acme.plugin)
    assert "line" in registry.wiring_kinds
    ```
    """
    return load([_core(), *(_given(plugin) for plugin in plugins)], Selection())


def discover() -> list[FoundPlugin]:
    """The plugins that installed distributions name, sorted by distribution and name; nothing is imported."""
    listed: Any = importlib_metadata  # whose keyword arguments have no types
    points: Iterable[Any] = listed.entry_points(group=GROUP)
    found = [FoundPlugin(provider=_provider(point), load=point.load) for point in points]
    return sorted(found, key=lambda plugin: plugin.provider)


def load(found: Sequence[FoundPlugin], selection: Selection) -> Registry:
    """Imports and asks the selected plugins, and merges what they declare."""
    manager = pluggy.PluginManager("pikku")
    manager.add_hookspecs(hooks)
    contributions: list[Contribution] = []
    rows = [_missing(name) for name in selection.unknown(plugin.provider for plugin in found)]
    for plugin in found:
        if not plugin.essential and not selection.allows(plugin.provider):
            rows.append(PluginRow(provider=plugin.provider, status=PluginStatus.DISABLED))
            continue
        started = perf_counter()
        try:
            contributions.append(_contribution(manager, plugin, started))
        except PluginError as error:
            rows.append(
                PluginRow(
                    provider=plugin.provider,
                    status=PluginStatus.FAILED,
                    milliseconds=_since(started),
                    failure=error.failure,
                )
            )
    return merge(contributions, rows)


def _contribution(
    manager: pluggy.PluginManager, found: FoundPlugin, started: float
) -> Contribution:
    provider = found.provider
    try:
        plugin = found.load()
    except (Exception, SystemExit) as error:
        raise _error(
            provider, Stage.IMPORT, f"{described(error)}.", traceback.format_exc()
        ) from error
    _check_api(provider, plugin)
    implementations = _register(manager, provider, plugin)
    declarations: list[PluginDeclaration] = []
    for hook in sorted(REGISTRIES.keys() & implementations.keys()):
        declarations += collect(
            provider, hook, cast("Implementation", implementations[hook].function)
        )
    return Contribution(
        provider=provider,
        declarations=tuple(declarations),
        startup=_app_hooks(implementations.get("pikku_startup")),
        shutdown=_app_hooks(implementations.get("pikku_shutdown")),
        hooks=tuple(sorted(implementations)),
        milliseconds=_since(started),
    )


def _check_api(provider: Provider, plugin: object) -> None:
    number: object = getattr(plugin, "pikku_plugin_api", None)
    if number is None:
        raise _error(
            provider,
            Stage.API,
            'It does not say which plugin API it is written for: set "pikku_plugin_api = '
            f'{hooks.PLUGIN_API}" in the module.',
        )
    if number != hooks.PLUGIN_API:
        raise _error(
            provider,
            Stage.API,
            f"It is written for plugin API {number} and this pikku has {hooks.PLUGIN_API}: "
            f'install a version of "{provider.distribution}" that fits.',
        )


def _register(
    manager: pluggy.PluginManager, provider: Provider, plugin: object
) -> dict[str, pluggy.HookImpl]:
    """Checks the hooks of a plugin against the specifications and returns its implementations by hook."""
    try:
        manager.register(plugin, name=f"{provider.distribution}:{provider.plugin}")
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        if manager.is_registered(plugin):
            manager.unregister(plugin)
        reason = " ".join(str(error).split()).rstrip(".")
        raise _error(provider, Stage.REGISTER, f"{reason}.") from error
    implementations = {
        caller.name: implementation
        for caller in manager.get_hookcallers(plugin) or ()
        for implementation in caller.get_hookimpls()
        if implementation.plugin is plugin and caller.spec is not None
    }
    for hook, implementation in sorted(implementations.items()):
        for option in ("tryfirst", "trylast", "hookwrapper", "wrapper"):
            if getattr(implementation, option):
                manager.unregister(plugin)
                raise _error(
                    provider,
                    Stage.REGISTER,
                    f'"{hook}" has the option "{option}", and hooks have no order: '
                    f'take the option away; a "phase" orders generators.',
                )
    return implementations


def _app_hooks(implementation: pluggy.HookImpl | None) -> tuple[AppHook, ...]:
    if implementation is None:
        return ()
    function: Callable[..., object] = implementation.function
    if implementation.argnames:
        return (function,)
    return (lambda _app: function(),)


def _core() -> FoundPlugin:
    version: str = resolve("pikku_core:__version__")  # by name: this package is below that one

    def load_builtin() -> object:
        from pikku_core.plugin import builtin

        return builtin

    provider = Provider(distribution="pikku-core", plugin="core", version=version)
    return FoundPlugin(provider=provider, load=load_builtin, essential=True)


def _given(plugin: object) -> FoundPlugin:
    name: str = getattr(plugin, "__name__", type(plugin).__name__)
    provider = Provider(distribution=name, plugin=name, version="0")
    return FoundPlugin(provider=provider, load=lambda: plugin)


def _provider(point: Any) -> Provider:
    """Who an entry point belongs to, from the headers of its distribution."""
    # Read without the parser of e-mails, whose import would cost more than all else here; and a distribution that was
    # removed by half has no such file.
    text: str = (point.dist.read_text("METADATA") or "") if point.dist is not None else ""
    headers = dict(_HEADER.findall(text.partition("\n\n")[0]))
    return Provider(
        distribution=headers.get("Name", "unknown"),
        plugin=point.name,
        version=headers.get("Version", "unknown"),
    )


def _missing(name: str) -> PluginRow:
    provider = Provider(distribution=name, plugin=name, version="not installed")
    error = f'"PIKKU_PLUGINS" names "{name}", and no installed plugin or distribution is called so.'
    failure = PluginFailure(provider=provider, stage=Stage.FIND, error=error)
    return PluginRow(provider=provider, status=PluginStatus.FAILED, failure=failure)


def _error(provider: Provider, stage: Stage, error: str, trace: str = "") -> PluginError:
    return PluginError(PluginFailure(provider=provider, stage=stage, error=error, traceback=trace))


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000


def _spelled(names: Iterable[str]) -> set[str]:
    return {form for name in names for form in (name, normalized(name))}
