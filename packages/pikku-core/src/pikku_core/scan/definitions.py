"""Secrets and variables: which are declared, and which of them each body reads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pikku_core.definition import key_of, name_fault
from pikku_core.nearest import nearest_name
from pikku_core.scan.modules import EXTERNAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.model import DeclarationModel
    from pikku_core.scan.marks import Marked
    from pikku_core.scan.report import Report

NOUNS: Final = {"secrets": "secret", "variables": "variable"}
"""The kinds of definitions, and what one of each is called."""
ALL: Final = "*"
"""What stands for the names of those that a body reads where that cannot be told."""


class Definitions:
    """The secrets and variables of a project and its addons.

    An addon's are read by the addon itself under their own names, `secrets.api_key`, and by the project under the
    addon's, `secrets.acme.api_key`. An addon does not see the project's.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._known: dict[str, dict[str, DeclarationModel]] = {kind: {} for kind in NOUNS}

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys of all secrets, sorted."""
        return tuple(sorted({str(one.meta["key"]) for one in self._known["secrets"].values()}))

    def take(self, found: list[DeclarationModel], addon: str = "") -> list[DeclarationModel]:
        """Takes the definitions among some declarations, and gives what is to be kept of all.

        A definition that says what an earlier one says is left out; another one of its name is reported.

        Args:
            addon: The addon that declares them; empty for the project.
        """
        kept: list[DeclarationModel] = []
        for declaration in found:
            if declaration.kind not in NOUNS:
                kept.append(declaration)
                continue
            definition = _of_addon(declaration, addon) if addon else declaration
            names = self._known[definition.kind]
            first = names.setdefault(definition.id, definition)
            if first is definition:
                kept.append(definition)
            elif not _is_same(first, definition):
                self._clash(definition, first, f'called "{definition.id}"')
        return kept

    def check_keys(self, addons: dict[str, Location]) -> None:
        """Reports secrets whose key is a variable's, which would be shown there, and names that are an addon's."""
        # In capitals, for a mounted file has the key's name in either case.
        secrets = {str(one.meta["key"]).upper(): one for one in self._known["secrets"].values()}
        for variable in self._known["variables"].values():
            secret = secrets.get(str(variable.meta["key"]).upper())
            if secret is not None:
                self._clash(variable, secret, f'read from "{variable.meta["key"]}"')
        for kind, names in self._known.items():
            for name in sorted(names.keys() & addons.keys()):
                self._report.add(
                    "PKU955",
                    f'The {NOUNS[kind]} "{name}" and the addon "{name}" would both be "{kind}.{name}".',
                    names[name].location,
                    hint="Rename one of them.",
                    related=[addons[name]],
                )

    def read_by(self, marked: Marked, kind: str) -> tuple[str, ...]:
        """The names of the secrets or variables that a body reads; what leads nowhere is reported."""
        found: set[str] = set()
        addon = marked.module.owner_addon
        uses = marked.facts["secrets"] if kind == "secrets" else marked.facts["variables"]
        if not uses:
            return ()
        for chain, line in uses:
            if not chain:
                found.add(ALL)
                if kind == "secrets":
                    self._untold(marked, marked.module.at(line))
                continue
            name = self._find(chain, kind, addon)
            if name is not None:
                found.add(name)
            elif not addon and (below := self._below(chain, kind)):
                found |= below
                if kind == "secrets":
                    self._untold(marked, marked.module.at(line), f' of "{chain}"')
            elif marked.module.owner != EXTERNAL and not any(
                map(self._report.is_lost, chain.split("."))
            ):
                place = marked.module.at(line)
                self._undeclared(marked.facts["name"], chain, kind, place, addon)
        if ALL in found and addon:  # all that it can see
            found = {name for name in self._known[kind] if name.startswith(f"{addon}:")}
        return (ALL,) if ALL in found else tuple(sorted(found))

    def check_read(self, declarations: Iterable[DeclarationModel]) -> None:
        """Reports variables that declarations take values from and that are not declared."""
        for each in declarations:
            for name in each.variables:
                if name not in self._known["variables"] and not self._report.is_lost(name):
                    self._undeclared(each.id, name, "variables", each.location)

    def _find(self, chain: str, kind: str, addon: str) -> str | None:
        first, _, rest = chain.partition(".")
        second = rest.partition(".")[0]
        candidates = [f"{addon}:{first}"] if addon else [first, f"{first}:{second}"]
        return next((name for name in candidates if name in self._known[kind]), None)

    def _below(self, name: str, kind: str) -> set[str]:
        """The names of an addon's, where a whole addon's are read: `secrets.acme`."""
        return {known for known in self._known[kind] if known.startswith(f"{name}:")}

    def _untold(self, marked: Marked, place: Location, of: str = "") -> None:
        self._report.add(
            "PKU952",
            f'Which secrets "{marked.facts["name"]}" reads here cannot be told, so it counts as needing all{of}.',
            place,
            hint='Read each by its name, "secrets.<name>", and hand on what it reveals.',
        )

    def _undeclared(
        self, reader: str, chain: str, kind: str, place: Location, addon: str = ""
    ) -> None:
        name, _, rest = chain.partition(".")
        known = sorted(self._names(kind, addon))
        listed = ", ".join(f'"{one}"' for one in known[:10]) or "none"
        # What its own attributes are called, `_x` and `items`, no definition can be.
        how = name_fault(name) or f'Declare it, define_{NOUNS[kind]}("{name}", …)'
        how = f"{how.removesuffix('.')}; there is {listed}."
        if not addon and self._below(name, kind):
            how = f'What the addon "{name}" declares is its own to say; there is {listed}.'
            name = f"{name}.{rest.partition('.')[0]}"
        near = nearest_name(name, known)
        self._report.add(
            "PKU951",
            f'"{reader}" reads "{kind}.{name}", which is not declared.',
            place,
            hint=f'Did you mean "{near}"?' if near else how,
        )

    def _names(self, kind: str, addon: str) -> set[str]:
        prefix = f"{addon}:" if addon else ""
        own = {name.removeprefix(prefix) for name in self._known[kind] if name.startswith(prefix)}
        return {name.replace(":", ".") for name in own}

    def _clash(self, second: DeclarationModel, first: DeclarationModel, what: str) -> None:
        kinds = " and a ".join(dict.fromkeys((NOUNS[first.kind], NOUNS[second.kind])))
        count = "Two different" if first.kind == second.kind else "A"
        noun = f"{kinds}s" if first.kind == second.kind else kinds
        self._report.add(
            "PKU955",
            f"{count} {noun} are {what}.",
            second.location,
            hint="Rename one of them, or let both say the same."
            if first.kind == second.kind
            else "Keep one of them: what a variable has is not hidden.",
            related=[first.location],
        )


def _of_addon(declaration: DeclarationModel, addon: str) -> DeclarationModel:
    name = f"{addon}:{declaration.id}"
    meta = {**declaration.meta, "name": name}
    if not any(keyword == "key" for keyword, _ in declaration.call.keywords):
        meta["key"] = key_of(name)
    return replace(declaration, id=name, meta=meta)


def _is_same(first: DeclarationModel, second: DeclarationModel) -> bool:
    def said(one: DeclarationModel) -> object:
        default = [value for keyword, value in one.call.keywords if keyword == "default"]
        return one.meta, one.type, default

    return said(first) == said(second)
