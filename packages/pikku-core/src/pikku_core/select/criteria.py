"""The flags of a run, and what each says about the ways into a project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pikku_core.plugin.registry import PluginStatus
from pikku_core.plugin.target import resolve
from pikku_core.select.pattern import Pattern
from pikku_core.select.problem import FilterError, listed, nearest, plugin_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pikku_core.plugin.declarations import Filter, Target
    from pikku_core.plugin.model import DeclarationModel
    from pikku_core.plugin.registry import Registry
    from pikku_core.select.entry import Entry
    from pikku_core.select.needs import Thing
    from pikku_core.select.presets import Filters

EXCLUDE = "exclude-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One flag.

    Attributes:
        flag: `tags`, `exclude-tags`.
        patterns: Any of them.
        values: What each entry is matched with, by position; None where the filter says nothing about it.
        declared: The same for declarations that answer by themselves, those that it says something about.
    """

    flag: str
    filter: Filter
    patterns: tuple[Pattern, ...]
    values: tuple[tuple[str, ...] | None, ...]
    declared: Mapping[Thing, tuple[str, ...]]

    @property
    def excludes(self) -> bool:
        """Whether what it matches is left out."""
        return self.flag.startswith(EXCLUDE) and self.flag != self.filter.name

    def __str__(self) -> str:
        return f"--{self.flag}={','.join(pattern.text for pattern in self.patterns)}"

    def says(self, position: int) -> bool | None:
        """Whether a pattern matches the entry at a position; None where the filter says nothing about it."""
        return self._matches(self.values[position])

    def says_of(self, declaration: Thing) -> bool | None:
        """The same for a declaration."""
        return self._matches(self.declared.get(declaration))

    def _matches(self, values: tuple[str, ...] | None) -> bool | None:
        if values is None:
            return None
        return any(pattern.matches_any(values) for pattern in self.patterns)

    def idle(self) -> list[Pattern]:
        """The patterns that match no entry."""
        known = self.known()
        return [pattern for pattern in self.patterns if not pattern.matches_any(known)]

    def known(self) -> list[str]:
        """Every value that a pattern could match, sorted."""
        everything = (*self.values, *self.declared.values())
        return sorted({value for values in everything for value in values or ()})

    def shown(self) -> list[str]:
        """What there is, for a message: of each entry the first value."""
        return sorted({values[0] for values in (*self.values, *self.declared.values()) if values})


def criteria_of(
    filters: Filters,
    entries: Sequence[Entry],
    registry: Registry,
    declarations: Mapping[Thing, DeclarationModel] | None = None,
) -> list[Criterion]:
    """The flags of some filters, in their order.

    Args:
        declarations: Those that answer by themselves.

    Raises:
        FilterError: There is no such flag, a value is none of its choices, or a plugin's filter raised.
    """
    values: dict[str, tuple[tuple[str, ...] | None, ...]] = {}
    said: dict[str, dict[Thing, tuple[str, ...]]] = {}
    criteria: list[Criterion] = []
    for flag, texts in filters.items():
        declared = filter_of(flag, registry)
        if declared.name not in values:
            values[declared.name] = _values(declared, entries, registry)
            said[declared.name] = _declared(declared, declarations or {}, registry)
        for text in texts:
            _check_choice(flag, declared, text)
        patterns = tuple(
            Pattern(text, subtree=declared.subtree, ignore_case=declared.ignore_case)
            for text in texts
        )
        criteria.append(
            Criterion(
                flag=flag,
                filter=declared,
                patterns=patterns,
                values=values[declared.name],
                declared=said[declared.name],
            )
        )
    return criteria


def filter_of(flag: str, registry: Registry) -> Filter:
    """The filter of a flag, `tags` for `exclude-tags`.

    Raises:
        FilterError: No plugin declares it.
    """
    declared = registry.filters.get(flag) or registry.filters.get(flag.removeprefix(EXCLUDE))
    if declared is None:
        flags = [f"--{name}" for name in flags_of(registry)]
        raise FilterError(
            f'There is no filter "--{flag}"{nearest(f"--{flag}", flags)}: the filters are '
            f"{', '.join(f'--{name}' for name in registry.filters) or 'none'}, "
            f'and "--{EXCLUDE}" of each.{_silent(registry)}'
        )
    return declared


def _silent(registry: Registry) -> str:
    """Which plugins may have declared what is not there."""
    off = [row for row in registry.plugins if row.status is not PluginStatus.ACTIVE]
    names = ", ".join(f'"{row.provider.plugin}" ({row.status})' for row in off)
    return f" Plugins that are not loaded may have it: {names}." if names else ""


def flags_of(registry: Registry) -> dict[str, Filter]:
    """The flags of all filters: each, and after it what it excludes."""
    return {
        flag: declared
        for name, declared in registry.filters.items()
        for flag in (name, f"{EXCLUDE}{name}")
    }


def _check_choice(flag: str, declared: Filter, text: str) -> None:
    choices = declared.choices
    pattern = Pattern(text, ignore_case=declared.ignore_case)
    if choices and not pattern.matches_any(choices):
        raise FilterError(
            f'"--{flag}={text}" can match nothing{nearest(text, choices)}: '
            f"the values are {listed(choices)}."
        )


def _values(
    declared: Filter, entries: Sequence[Entry], registry: Registry
) -> tuple[tuple[str, ...] | None, ...]:
    return tuple([_said(declared, declared.values, each, each.id, registry) for each in entries])


def _declared(
    declared: Filter, declarations: Mapping[Thing, DeclarationModel], registry: Registry
) -> dict[Thing, tuple[str, ...]]:
    if declared.declared is None:
        return {}
    found = {
        thing: _said(declared, declared.declared, each, each.id, registry)
        for thing, each in declarations.items()
    }
    return {thing: values for thing, values in found.items() if values is not None}


def _said(
    declared: Filter,
    target: Target,
    asked: Entry | DeclarationModel,
    name: str,
    registry: Registry,
) -> tuple[str, ...] | None:
    try:
        function: Callable[[Any], Any] = resolve(target)
        return _texts(name, function(asked))
    except Exception as error:
        raise plugin_fault(
            f'The filter "{declared.name}"', registry.provider(declared), error
        ) from error


def _texts(name: str, values: Any) -> tuple[str, ...] | None:
    if isinstance(values, str):
        # Read letter by letter it would match nothing that anybody asks for.
        raise TypeError(f'for "{name}" it gave the text "{values}", not a list of texts')
    return None if values is None else tuple(values)
