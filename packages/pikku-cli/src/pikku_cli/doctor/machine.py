"""The interpreter and what is installed in it."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING, Any

import importlib_metadata

from pikku_cli.doctor.findings import error, note, ok
from pikku_cli.exits import CommandError
from pikku_cli.switches import SETTING, refuse_unmatched
from pikku_core.plugin.registry import PluginStatus, normalized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pikku_cli.doctor.findings import Finding
    from pikku_core.plugin import CommandContext


def python() -> Iterator[Finding]:
    """Which interpreter runs the tool."""
    yield ok("python", f"Python {platform.python_version()} in {sys.prefix}.")


def packages() -> Iterator[Finding]:
    """Whether the packages of Pikku belong together."""
    yield from lockstep(_installed())


def lockstep(versions: Mapping[str, str]) -> Iterator[Finding]:
    """Whether versions go together: those of Pikku do where they differ in their last part at most.

    Args:
        versions: By distribution, `pikku-core` among them.
    """
    wanted = _series(versions["pikku-core"])
    others = {name: version for name, version in versions.items() if _series(version) != wanted}
    for name, version in others.items():
        yield error(
            "packages",
            f'"{name}" is {version} and "pikku-core" is {versions["pikku-core"]}: install them in one version.',
        )
    if not others:
        listed = ", ".join(f"{name} {version}" for name, version in versions.items())
        yield ok("packages", f"{listed}.")


def plugins(context: CommandContext) -> Iterator[Finding]:
    """What became of the plugins."""
    registry = context.registry
    active = [row.provider.plugin for row in registry.plugins if row.status is PluginStatus.ACTIVE]
    yield ok("plugins", f"Active: {', '.join(active)}.")
    for row in registry.plugins:
        if row.status is PluginStatus.DISABLED:
            yield note("plugins", f'"{row.provider.plugin}" ({row.provider}) is turned off.')
    for failure in registry.failures:
        yield error("plugins", str(failure))
    try:
        refuse_unmatched(() if context.raw is None else context.raw.disabled, registry, SETTING)
    except CommandError as fault:
        yield error("plugins", str(fault))


def _installed() -> dict[str, str]:
    """The packages of Pikku, sorted."""
    listed: Any = importlib_metadata  # whose arguments have no types
    distributions: Iterable[Any] = listed.distributions()
    found = {normalized(one.name or ""): str(one.version) for one in distributions}
    ours = ("pikku-cli", "pikku-core", "pikku-http", "pikku-mcp", "pikku-queue")
    return {name: found[name] for name in ours if name in found}


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])
