"""Which plugins are installed, and which of them are wanted: known without importing any."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import importlib_metadata

from pikku_core.plugin.registry import Provider, normalized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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


def discover() -> list[FoundPlugin]:
    """The plugins that installed distributions name, sorted by distribution and name; nothing is imported."""
    listed: Any = importlib_metadata  # whose keyword arguments have no types
    points: Iterable[Any] = listed.entry_points(group=GROUP)
    found = [FoundPlugin(provider=_provider(point), load=point.load) for point in points]
    return sorted(found, key=lambda plugin: plugin.provider)


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


def _spelled(names: Iterable[str]) -> set[str]:
    return {form for name in names for form in (name, normalized(name))}
