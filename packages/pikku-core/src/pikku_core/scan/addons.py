"""Addons: installed packages whose source is scanned like the project's, without importing them."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pikku_core.plugin.model import AddonModel
from pikku_core.sources import SourceFile, list_package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.model import DeclarationModel

GROUP = "pikku.addons"
"""The entry-point group in which a distribution names its addon packages."""


@dataclass(frozen=True, slots=True)
class FoundAddon:
    """An installed addon and its source."""

    model: AddonModel
    sources: list[SourceFile]


class AddonNotFoundError(Exception):
    """No installed distribution names the package as an addon; the message says what there is."""


def find_addon(name: str, package: str, location: Location) -> FoundAddon:
    """Finds an installed addon by its import package.

    Args:
        name: The namespace that the project gives it.
        location: Where the project declares it.

    Raises:
        AddonNotFoundError: It is not installed, or has no source.
    """
    # importlib.metadata brings email and zipfile with it, which a project without addons has no use for.
    from importlib.metadata import entry_points

    installed = sorted(entry_points(group=GROUP), key=lambda found: (found.module, found.name))
    for entry in installed:
        if entry.module == package and entry.dist is not None:
            for folder in package_folders(package):
                model = AddonModel(
                    name=name,
                    package=package,
                    distribution=entry.dist.name,
                    version=entry.dist.version,
                    location=location,
                )
                base = folder.parents[package.count(".")]
                return FoundAddon(model, list_package(folder, package, base))
            raise AddonNotFoundError(f'"{package}" of "{entry.dist.name}" has no source.')
    known = ", ".join(f'"{entry.module}"' for entry in installed)
    raise AddonNotFoundError(
        f'No installed distribution has an addon "{package}"{f"; there is {known}" if known else ""}.'
    )


def asking(addon: AddonModel, declaration: DeclarationModel) -> AddonModel:
    """An addon with what the project asks of its functions."""
    meta = declaration.meta
    return replace(
        addon,
        auth=bool(meta["asks_session"]),
        scopes=tuple(cast("list[str]", meta["asks_scopes"])),
        tags=tuple(cast("list[str]", meta["adds_tags"])),
    )


def installed_addon(name: str) -> str:
    """The package of an installed addon that is, or may well be, called by a name; empty where there is none."""
    from importlib.metadata import entry_points  # For a call that leads nowhere, see above.

    for entry in sorted(entry_points(group=GROUP), key=lambda found: (found.module, found.name)):
        if name in {entry.module, re.sub(r"\W+", "_", entry.name)}:
            return entry.module
    return ""


def editable_folders(root: Path) -> list[Path]:
    """The folders of installed addons that are worked on elsewhere than in a project, sorted.

    Args:
        root: The project's folder.
    """
    from importlib.metadata import entry_points

    packages = {entry.module for entry in entry_points(group=GROUP)}
    found = {folder.resolve() for package in packages for folder in package_folders(package)}
    return sorted(
        folder
        for folder in found
        if not folder.is_relative_to(root.resolve()) and "site-packages" not in folder.parts
    )


def package_folders(package: str) -> Iterator[Path]:
    """Where a package lies. Finding the top-level package executes nothing; what is below it is a matter of paths."""
    top, _, rest = package.partition(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return
    if spec is None or spec.submodule_search_locations is None:
        return
    for location in spec.submodule_search_locations:
        folder = Path(location, *rest.split(".")) if rest else Path(location)
        if folder.is_dir():
            yield folder
