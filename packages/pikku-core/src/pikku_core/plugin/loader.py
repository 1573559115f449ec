"""Importing and asking plugins, each on its own: one that is broken is a row, and the others are loaded."""

from __future__ import annotations

import traceback
from time import perf_counter
from typing import TYPE_CHECKING, cast

import pluggy

from pikku_core.nearest import nearest_name
from pikku_core.plugin import hooks
from pikku_core.plugin.contributions import (
    REGISTRIES,
    Contribution,
    Implementation,
    PluginError,
    collect,
    described,
)
from pikku_core.plugin.discovery import FoundPlugin, Selection, discover
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
    from collections.abc import Callable, Sequence

__all__ = ["FoundPlugin", "Selection", "discover", "load", "load_plugins", "registry_of"]


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
        _refuse_unknown(manager, provider, plugin)
        manager.check_pending()
    except PluginError:
        manager.unregister(plugin)
        raise
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
    for hook in hook_names():
        if hook not in implementations and callable(getattr(plugin, hook, None)):
            manager.unregister(plugin)
            raise _error(
                provider,
                Stage.REGISTER,
                f'"{hook}" is not marked as a hook, so it would never be called: add "@hookimpl" above it, '
                f"or give it another name.",
            )
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


def _refuse_unknown(manager: pluggy.PluginManager, provider: Provider, plugin: object) -> None:
    """Raises `PluginError` for a marked function that has no hook's name, unless it says that it may be so."""
    for caller in manager.get_hookcallers(plugin) or ():
        own = [one for one in caller.get_hookimpls() if one.plugin is plugin]
        if caller.spec is not None or all(one.optionalhook for one in own):
            continue
        near = nearest_name(caller.name, hook_names())
        listed = ", ".join(f'"{hook}"' for hook in hook_names())
        hint = f'did you mean "{near}"?' if near else f"the hooks are {listed}."
        raise _error(provider, Stage.REGISTER, f'There is no hook "{caller.name}": {hint}')


def hook_names() -> list[str]:
    """The names of all hooks, sorted."""
    return sorted(name for name in vars(hooks) if name.startswith("pikku_"))


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


def _missing(name: str) -> PluginRow:
    provider = Provider(distribution=name, plugin=name, version="not installed")
    error = f'"PIKKU_PLUGINS" names "{name}", and no installed plugin or distribution is called so.'
    failure = PluginFailure(provider=provider, stage=Stage.FIND, error=error)
    return PluginRow(provider=provider, status=PluginStatus.FAILED, failure=failure)


def _error(provider: Provider, stage: Stage, error: str, trace: str = "") -> PluginError:
    return PluginError(PluginFailure(provider=provider, stage=stage, error=error, traceback=trace))


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000
