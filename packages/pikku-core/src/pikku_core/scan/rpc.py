"""Names under `rpc`, and which functions call which through it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pikku_core.rpc import attribute_chain
from pikku_core.scan.addons import installed_addon
from pikku_core.scan.body import INVOKED
from pikku_core.version import newest_versions, versions_meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.scan.marks import Marked
    from pikku_core.scan.report import Report


class RpcNames:
    """The attribute chain of every function under `rpc`.

    Args:
        functions: Where each function is, by id.
        addons: Where each addon is declared, by name.
    """

    def __init__(
        self, functions: Mapping[str, Location], addons: Mapping[str, Location], report: Report
    ) -> None:
        self._report = report
        self._functions = functions
        self._addons = addons
        self._newest = {
            base: id_ for base, id_ in newest_versions(functions).items() if base not in functions
        }
        self.names: dict[str, str] = {}
        called = {id_: id_ for id_ in functions} | self._newest
        in_order = [
            (functions[id_].file, functions[id_].line, name) for name, id_ in called.items()
        ]
        for _, _, name in sorted(in_order):
            self._add(name, called[name])

    def edges(self, marked: Marked) -> tuple[str, ...]:
        """The ids of the functions that a body calls; what cannot be told, or leads nowhere, is reported."""
        if not marked.facts["rpc"]:
            return ()
        found: set[str] = set()
        for name, line in marked.facts["rpc"]:
            if not name:
                self._report.add(
                    "PKU411",
                    f'What "{marked.facts["name"]}" calls through "rpc" here cannot be told from the source.',
                    marked.module.at(line),
                    hint='Call "rpc.<name>(data)" in the function itself; what is called otherwise may be missing from a bundle.',
                )
                continue
            addon, id_ = marked.module.owner_addon, name.removeprefix(INVOKED)
            callee = self._callee(name, addon) if id_ == name else self._invoked(id_, addon)
            if callee is None and not any(map(self._report.is_lost, re.split("[.:]", id_))):
                self._report.add(
                    "PKU559",
                    f'"{marked.facts["name"]}" calls "{id_}" through "rpc", but no function has that name.',
                    marked.module.at(line),
                    hint=self._hint(name, addon),
                )
            elif callee is not None:
                found.add(callee)
        return tuple(sorted(found))

    def _add(self, name: str, id_: str) -> None:
        chain = attribute_chain(name)
        other = self.names.get(chain)
        place = self._functions[id_]
        if other is not None:
            self._report.add(
                "PKU728",
                f'The functions "{other}" and "{id_}" would both be called as "rpc.{chain}".',
                place,
                hint="Rename one of them.",
                related=[self._functions[other]],
            )
        elif chain in self._addons:
            self._report.add(
                "PKU728",
                f'The function "{id_}" and the addon "{chain}" would both be "rpc.{chain}".',
                place,
                hint="Rename one of them.",
                related=[self._addons[chain]],
            )
        else:
            self.names[chain] = id_

    def _callee(self, name: str, addon: str) -> str | None:
        for candidate in self._candidates(name, addon):
            if candidate in self._functions:
                return candidate
            if candidate in self._newest:
                return self._newest[candidate]
            if candidate in self.names:
                return self.names[candidate]
        return None

    def _invoked(self, id_: str, addon: str) -> str | None:
        for candidate in (f"{addon}:{id_}", id_):
            if candidate in self._functions or candidate in self._newest:
                return self._newest.get(candidate, candidate)
        return None

    def _candidates(self, name: str, addon: str) -> Iterable[str]:
        """Ids and attribute chains that a name may mean, an addon's own functions first."""
        first, _, rest = name.partition(".")
        if addon:
            yield f"{addon}:{name}"
            yield f"{addon}.{first}"
        yield name
        # What follows the function is an attribute of the call's target, or of what it returns.
        yield f"{first}.{rest.partition('.')[0]}" if first in self._addons else first

    def _hint(self, name: str, addon: str) -> str:
        id_ = name.removeprefix(INVOKED)
        near: list[str] = []
        for candidate in (f"{addon}:{id_}", *self._candidates(id_, addon)):
            near = near or versions_meant(candidate.replace(".", ":"), self._functions)
        known = sorted(self.names if id_ == name else {*self._functions, *self._newest})
        first, below, _ = id_.replace(":", ".").partition(".")
        if below and not near and not addon and first not in self._addons:
            package = installed_addon(first)
            if package:
                return (
                    f'"{package}" is an installed addon that the project does not use: '
                    f'wire_addon(name="{first}", package="{package}").'
                )
        near = near or [one for one in known if one[:3] == id_[:3]][:3]
        return "There is {}.".format(", ".join(f'"{one}"' for one in near)) if near else ""
