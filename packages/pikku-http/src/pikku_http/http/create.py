"""The application of a generated project, for any ASGI server: `uvicorn --factory pikku_http:create_app`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pikku_http.http.application import HttpApplication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from pikku_core import App
    from pikku_core.plugin.registry import Registry
    from pikku_http.http.mounts import MountTarget


def create_app(directory: str | PathLike[str] | None = None) -> HttpApplication:
    """The ASGI application of a project; the server's lifespan starts and stops it.

    Args:
        directory: The project's `.pikku/`. Default: that of `pikku_app`: what `PIKKU_DIR` names, else the nearest one
            from the working directory upwards.

    Raises:
        DeclarationError: The directory is incomplete or older than the source; the message names the command.
        ImportError: No directory is given and none is found.
        SettingsError: A setting of the project cannot be honoured.
    """
    from pikku_core import App
    from pikku_core.plugin.loader import load_plugins
    from pikku_core.plugin.target import resolve

    folder = _found() if directory is None else Path(directory)
    registry = load_plugins()
    app = App.load(
        folder,
        startup=registry.startup_hooks,
        shutdown=registry.shutdown_hooks,
        adapters=[resolve(one.adapter) for one in registry.schema_adapters.values()],
    )
    max_body: Any = _settings(folder, registry)["max_body"]
    return HttpApplication(app, max_body=max_body, mounts=_mounts(app, registry))


def _found() -> Path:
    import pikku_app

    return pikku_app.directory


def _settings(folder: Path, registry: Registry) -> Any:
    """The table `[tool.pikku.http]`; a bundle has no `pyproject.toml`, but variables."""
    from pikku_core.settings import (
        RawSettings,
        SettingsError,
        find_root,
        read_raw,
        resolve_settings,
    )

    try:
        root = find_root(folder)
    except SettingsError:
        raw = RawSettings(root=folder.absolute().parent)
    else:
        raw = read_raw(root)
    return resolve_settings(raw, registry).plugins["http"]


def _mounts(app: App, registry: Registry) -> Iterator[tuple[str, MountTarget]]:
    from pikku_core.plugin.target import resolve

    kinds = {"", *app.kinds()}
    for component in registry.serve_components.values():
        for host, target in component.mounts:
            if host == "http" and component.kind in kinds:
                yield component.name, resolve(target)
