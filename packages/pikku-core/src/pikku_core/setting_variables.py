"""Variables that look like settings and are none: `PIKKU_SORCE` would be ignored without a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pikku_core.core_settings import CORE_SETTINGS
from pikku_core.nearest import nearest_name
from pikku_core.plugin.registry import PluginStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.registry import Registry

PREFIX: Final = "PIKKU_"
OTHERS: Final = frozenset({"PIKKU_DIR", "PIKKU_PLUGINS"})
"""What is read, and is no setting."""

TESTS: Final = "PIKKU_TEST_"
"""What tests of transports and stores may be told where a server is."""

NEAR: Final = 0.82


@dataclass(frozen=True, slots=True)
class UnknownVariable:
    """A variable that nothing reads.

    Attributes:
        near: What was probably meant; empty where nothing is near.
    """

    name: str
    near: str

    def __str__(self) -> str:
        hint = f'did you mean "{self.near}"?' if self.near else "take it out, or call it otherwise."
        return f'The variable "{self.name}" is read by nothing: {hint}'


def unknown_variables(
    names: Iterable[str], registry: Registry, own: Iterable[str] = ()
) -> list[UnknownVariable]:
    """The variables that begin with `PIKKU_` and that nothing reads, sorted.

    Those that may belong to a plugin that is turned off or broken are left alone.

    Args:
        names: Of all variables.
        own: What the project itself reads: the keys of its secrets and variables.
    """
    settings = {f"{PREFIX}{name}".replace(".", "_").upper() for name in registry.settings}
    known = {*settings, *OTHERS, *(each.variable for each in CORE_SETTINGS if each.variable)}
    silent = any(row.status is not PluginStatus.ACTIVE for row in registry.plugins)
    taken = {*known, *own}
    found: list[UnknownVariable] = []
    for name in sorted(names):
        if not name.startswith(PREFIX) or name.startswith(TESTS) or name in taken:
            continue
        forms = {each.removeprefix(PREFIX): each for each in known}
        near = nearest_name(name.removeprefix(PREFIX), sorted(forms), cutoff=NEAR)
        if near or not silent:
            found.append(UnknownVariable(name, forms[near] if near else ""))
    return found
