"""The contracts of the source against those that are recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pikku_core.contracts.affected import Affected, affected_by
from pikku_core.contracts.change import Direction
from pikku_core.contracts.contract import versions_of
from pikku_core.contracts.manifest import FILE, Manifest, ManifestError, read_manifest
from pikku_core.plugin.diagnostics import Diagnostic, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pikku_core.contracts.change import Change
    from pikku_core.contracts.contract import Contract, Versions
    from pikku_core.plugin.model import Project

GAP: Final = "PKU864"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing in which source and record do not agree.

    Attributes:
        base: The function's id without a version; empty where it is about the whole file.
        version: The version; 0 where it is about all of them.
        id: What people call it: `create_card@v1`, and `create_card` of one that states no version.
        changes: What is different in a contract.
        affected: What relies on the function.
    """

    code: str
    message: str
    hint: str
    location: Location | None
    base: str = ""
    version: int = 0
    id: str = ""
    changes: tuple[Change, ...] = ()
    affected: tuple[Affected, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether a change breaks callers."""
        return any(change.breaks for change in self.changes)

    def diagnostic(self) -> Diagnostic:
        """The finding in one line; the places of what is affected are related."""
        places = [each.location for each in self.affected if each.kind != "client"]
        said = "; ".join(f"{change.direction} {change}" for change in self.changes)
        return Diagnostic(
            code=self.code,
            message=f"{self.message.removesuffix('.')}: {said}." if said else self.message,
            location=self.location,
            hint=self.hint,
            related=tuple(dict.fromkeys(places)),
        )


def check_contracts(project: Project, root: Path, *, whole: bool = True) -> list[Finding]:
    """Compares a project's contracts with those in its `versions.pikku.json`.

    Args:
        project: With types.
        whole: Whether it holds all functions there are; what a filter left out is not missed.
    """
    manifest = recorded_contracts(root)
    return [manifest] if isinstance(manifest, Finding) else compare(project, manifest, whole=whole)


def recorded_contracts(root: Path) -> Manifest | Finding:
    """A project's manifest, or what is wrong with the file."""
    try:
        manifest = read_manifest(root / FILE)
    except ManifestError as error:
        return Finding(
            code="PKU865",
            message=f'"{FILE}" is damaged: {error}.',
            hint=error.hint,
            location=Location(FILE, error.line),
        )
    return manifest or Finding(
        code="PKU860",
        message=f'There is no "{FILE}": no contract is recorded.',
        hint="Run `pikku versions init`, and commit the file.",
        location=None,
    )


def recorded_problems(project: Project, root: Path, *, whole: bool = True) -> list[Diagnostic]:
    """What `check_contracts` finds, as diagnostics; nothing where a project records no contracts."""
    if not (root / FILE).exists():
        return []
    return [found.diagnostic() for found in check_contracts(project, root, whole=whole)]


def compare(project: Project, manifest: Manifest, *, whole: bool = True) -> list[Finding]:
    """What does not agree, by function and version."""
    found: list[Finding] = []
    current = versions_of(project)
    for base in sorted(current.keys() | (manifest.functions.keys() if whole else ())):
        recorded = manifest.functions.get(base, {})
        if base in current:
            function = _Function(current[base], recorded, project)
            found += function.findings(manifest.place(base), whole=whole)
        else:
            found.append(_gone(base, 0, base, manifest.place(base)))
    return found


def gaps(project: Project) -> list[Finding]:
    """The versions that leave numbers out, in a project of which nothing is recorded.

    Args:
        project: With types.
    """
    return [found for found in compare(project, Manifest()) if found.code == GAP]


class _Function:
    """One function in all its versions."""

    def __init__(
        self, versions: Versions, recorded: Mapping[int, Contract], project: Project
    ) -> None:
        self._versions = versions
        self._recorded = recorded
        self._project = project
        self._next = max(*versions.contracts, *recorded, 1) + 1

    def findings(self, listed: Location, *, whole: bool) -> Iterator[Finding]:
        """What does not agree about it.

        Args:
            listed: Where it stands in the manifest.
        """
        if not self._recorded:
            yield from self._first_listing()
            return
        for version, contract in self._versions.contracts.items():
            if version not in self._recorded:
                yield self._new(version)
            elif changes := contract.changes_since(self._recorded[version]):
                yield self._changed(version, changes)
        for version in sorted(self._recorded.keys() - self._versions.contracts.keys()):
            if whole:
                id_ = f"{self._versions.base}@v{version}"
                yield _gone(self._versions.base, version, id_, listed)

    def _first_listing(self) -> Iterator[Finding]:
        """A function of which nothing is recorded: its lowest version may be any, the others have the next numbers."""
        versions = sorted(self._versions.contracts)
        gaps = [version for version in versions[1:] if version - 1 not in versions]
        yield self._unlisted(versions[-1], self._versions.base)
        yield from map(self._gap, gaps)

    def _changed(self, version: int, changes: tuple[Change, ...]) -> Finding:
        function = self._versions.functions[version]
        what = "This breaks callers" if any(one.breaks for one in changes) else "This only adds"
        code, how = "PKU861", f"put it back, and make the change in version={self._next}."
        if not function.version:
            code = "PKU862"
            how = f"make this version={self._next}, and keep the old one beside it as version=1."
        untyped = function.result is None and any(
            change.direction is Direction.OUTPUT for change in changes
        )
        why = " (it has no return annotation)" if untyped else ""
        return Finding(
            code=code,
            message=f'The contract of "{function.id}" is not the recorded one{why}.',
            hint=f"{what}: {how}",
            location=function.location,
            base=function.base,
            version=version,
            id=function.id,
            changes=changes,
            affected=affected_by(function.id, self._project),
        )

    def _new(self, version: int) -> Finding:
        latest, id_ = max(self._recorded), self._versions.functions[version].id
        if version < latest:
            return self._finding(
                "PKU863",
                version,
                f'"{id_}" is new, but version {latest} is recorded already.',
                f"Give it version={self._next}.",
            )
        if version - 1 not in {*self._recorded, *self._versions.contracts}:
            return self._gap(version)
        return self._unlisted(version, id_)

    def _gap(self, version: int) -> Finding:
        before = self._before(version)
        return self._finding(
            GAP,
            version,
            f'"{self._versions.functions[version].id}" leaves a gap: the highest version before it is {before}.',
            f"Give it version={before + 1}.",
        )

    def _before(self, version: int) -> int:
        return max(one for one in {*self._recorded, *self._versions.contracts} if one < version)

    def _unlisted(self, version: int, id_: str) -> Finding:
        return self._finding(
            "PKU866",
            version,
            f'"{id_}" is not listed in "{FILE}".',
            "Run `pikku versions update`, and commit the file.",
        )

    def _finding(self, code: str, version: int, message: str, hint: str) -> Finding:
        function = self._versions.functions[version]
        return Finding(
            code=code,
            message=message,
            hint=hint,
            location=function.location,
            base=function.base,
            version=version,
            id=function.id,
        )


def _gone(base: str, version: int, id_: str, listed: Location) -> Finding:
    return Finding(
        code="PKU867",
        message=f'"{id_}" is listed in "{FILE}" and there no longer.',
        hint=f"Put it back, or run `pikku versions update --accept {id_}` where nobody calls it any more.",
        location=listed,
        base=base,
        version=version,
        id=id_,
    )
