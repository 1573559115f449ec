"""The wire things `secrets` and `variables` of an App: read once, when it starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from pikku_core.errors import EnvironmentFaultsError
from pikku_core.secret import SecretValues
from pikku_core.variable import VariableValues

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pikku_core.environment.opening import Source
    from pikku_core.environment.record import DefinitionRecord
    from pikku_core.environment.resolve import Resolved
    from pikku_core.runtime.options import AppOptions

THINGS: Final = frozenset({"secrets", "variables"})


class Environment:
    """The secrets and variables of an App.

    Args:
        definitions: All that are declared.
        options: Those of the App.
        hidden: The keys of secrets, which `variables` does not show.
        idle: Services that are not started: what only they need is not read.
    """

    def __init__(
        self,
        definitions: Sequence[DefinitionRecord],
        options: AppOptions,
        *,
        hidden: AbstractSet[str] = frozenset(),
        idle: AbstractSet[str] = frozenset(),
    ) -> None:
        self._definitions = definitions
        self._process: Mapping[str, str] = options.get("variables", os.environ)
        self._sources: Mapping[str, Source] | None = options.get("sources")
        self._adapters = options.get("adapters", ())
        self._given = {
            name: given for name, given in options.get("instances", {}).items() if name in THINGS
        }
        self._idle = frozenset(options.get("instances", {})) | idle
        self._hidden = frozenset(hidden)
        self._things: dict[str, Any] = {
            "secrets": SecretValues({}),
            "variables": self._shown({}) if hidden else self._process,
        }

    def thing(self, provider: str) -> Any:
        """What a parameter is given: all secrets or variables, or for `acme:secrets` those of an addon."""
        addon, _, name = provider.rpartition(":")
        thing = self._given.get(name, self._things[name])
        if not addon:
            return thing
        empty = SecretValues({}) if name == "secrets" else self._things["variables"]
        return getattr(thing, addon, empty)

    async def read(self) -> None:
        """Reads what something that runs needs.

        Raises:
            EnvironmentFaultsError: Something is missing or malformed, or a source that was asked failed.
            DeclarationError: Nobody can read the type of one.
        """
        if not self._definitions:
            return
        from pikku_core.environment.resolve import FAULTS

        needed = [
            one
            for one in self._definitions
            if one.is_needed(self._idle) and one.kind not in self._given
        ]
        resolved, failures = await self._resolve(needed)
        faults = [one.fault for one in resolved if one.status in FAULTS]
        if faults or failures:
            raise EnvironmentFaultsError(
                [*failures, *faults]
            )  # the cause, then what is missing by it
        self._things = self._made(resolved)

    async def examine(self, kinds: Collection[str] = THINGS) -> tuple[list[Resolved], list[str]]:
        """What would become of each definition, needed or not, and which sources fail; for tools."""
        return await self._resolve([one for one in self._definitions if one.kind in kinds])

    async def _resolve(
        self, records: Sequence[DefinitionRecord]
    ) -> tuple[list[Resolved], list[str]]:
        # What it takes to read them (pydantic, mostly) is for Apps that have any.
        from pikku_core.environment.resolve import resolve_all
        from pikku_core.environment.sources import ProcessSource

        sources = self._sources
        if sources is None:
            sources = {"process": ProcessSource(self._process)}
        return await resolve_all(records, sources, self._adapters)

    def _made(self, resolved: Sequence[Resolved]) -> dict[str, Any]:
        values: dict[str, dict[str, Any]] = {"secrets": {}, "variables": {}}
        addons: dict[str, dict[str, dict[str, Any]]] = {"secrets": {}, "variables": {}}
        for one in resolved:
            addon, _, name = one.record.name.rpartition(":")
            kind = one.record.kind
            into = addons[kind].setdefault(addon, {}) if addon else values[kind]
            into[name] = one.value
        for addon, inner in addons["secrets"].items():
            values["secrets"][addon] = SecretValues(inner)
        for addon, inner in addons["variables"].items():
            values["variables"][addon] = self._shown(inner)
        return {
            "secrets": SecretValues(values["secrets"]),
            "variables": self._shown(values["variables"]),
        }

    def _shown(self, values: Mapping[str, Any]) -> VariableValues:
        return VariableValues(self._process, values, self._hidden)
