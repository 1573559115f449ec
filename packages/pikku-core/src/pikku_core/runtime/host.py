"""A project in a program that is not `pikku serve`: under another server, in a test, in a transport's own command."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pikku_core.runtime.app import App
from pikku_core.runtime.options import AppOptions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from pikku_core.environment.opening import Source
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import RawSettings, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A project's App, with what its plugins and settings say.

    Attributes:
        app: Not started yet.
        settings: The tables of the plugins, defaults filled in: `settings["http"]["max_body"]`.
    """

    app: App
    registry: Registry
    settings: Mapping[str, Mapping[str, Any]]

    @classmethod
    def load(cls, directory: str | PathLike[str] | None = None) -> Host:
        """Loads a generated project and the plugins that its settings and `PIKKU_PLUGINS` leave on.

        Its modules can be imported from then on, as under `pikku serve`: the folders that they start from, such as
        `src`, are added to the import path. A bundle, which has no `pyproject.toml`, adds none.

        Args:
            directory: The project's `.pikku/`. Default: that of `pikku_app`: what `PIKKU_DIR` names, else the nearest
                one from the working directory upwards.

        Raises:
            DeclarationError: The directory is incomplete or older than the source; the message names the command.
            ImportError: No directory is given and none is found.
            SettingsError: A setting of the project cannot be honoured.
        """
        from pikku_core.plugin.loader import Selection, load_plugins
        from pikku_core.setting_values import FILE
        from pikku_core.settings import resolve_settings
        from pikku_core.sources import add_import_roots

        folder = _found() if directory is None else Path(directory)
        raw = _raw(folder)
        only = Selection.from_environment().only
        registry = load_plugins(Selection(only=only, disabled=frozenset(raw.disabled)))
        settings = resolve_settings(raw, registry)
        if (raw.root / FILE).is_file():
            add_import_roots(raw.root, settings.source)
        app = App.load(folder, **options_of(registry, settings))
        return cls(app=app, registry=registry, settings=settings.plugins)

    def mounts(self, kind: str) -> list[tuple[str, Any]]:
        """What the components of the kinds in use offer to a host: their names, each with its imported target."""
        from pikku_core.plugin.target import resolve

        used = {"", *self.app.kinds()}
        return [
            (component.name, resolve(target))
            for component in self.registry.serve_components.values()
            for host, target in component.mounts
            if host == kind and component.kind in used
        ]


def options_of(
    registry: Registry,
    settings: Settings | None = None,
    *,
    variables: Mapping[str, str] = os.environ,
) -> AppOptions:
    """What plugins and settings add to an App: hooks round its life, codecs, where its secrets and variables are read.

    Args:
        settings: Those of the project. Without any, secrets and variables are read from `variables` alone.
        variables: The environment of the process.
    """
    from pikku_core.environment.opening import Opening
    from pikku_core.environment.sources import ProcessSource, open_sources
    from pikku_core.plugin.target import resolve

    sources: Mapping[str, Source] = {"process": ProcessSource(variables)}
    if settings is not None:
        opening = Opening(root=settings.root, settings=settings.plugins, variables=variables)
        sources = open_sources(registry, opening)
    return AppOptions(
        variables=variables,
        sources=sources,
        settings={} if settings is None else settings.plugins,
        startup=registry.startup_hooks,
        shutdown=registry.shutdown_hooks,
        scope_things={
            name: one.of_scope for name, one in registry.wire_parameters.items() if one.of_scope
        },
        adapters=[resolve(one.adapter) for one in registry.schema_adapters.values()],
    )


def _found() -> Path:
    import pikku_app

    return pikku_app.directory


def _raw(folder: Path) -> RawSettings:
    """The settings of the project round a folder; a bundle has no `pyproject.toml`, but variables."""
    from pikku_core.settings import RawSettings, SettingsError, find_root, read_raw

    try:
        root = find_root(folder)
    except SettingsError:
        return RawSettings(root=folder.absolute().parent)
    return read_raw(root)
