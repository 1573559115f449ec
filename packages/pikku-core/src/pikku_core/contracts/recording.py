"""Recording contracts: all of them for the first time, and new ones beside those that are promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pikku_core.contracts.check import Finding, compare, recorded_contracts
from pikku_core.contracts.contract import Contract, versions_of
from pikku_core.contracts.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from pikku_core.plugin.model import Project

_ADDS = "PKU866"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What an update comes to.

    Attributes:
        manifest: What is to be written where nothing is refused.
        added: The ids of functions and versions that are recorded now and were not.
        accepted: The ids of those that changed or went, and may.
        refused: What changed or went, and may not; or what is wrong with the file.
        unknown: Names that were to be accepted although nothing of that name changed.
    """

    manifest: Manifest
    added: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    refused: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()


def record(project: Project) -> Manifest:
    """The manifest of the contracts as they are.

    Args:
        project: With types.
    """
    return Manifest(
        functions={base: versions.contracts for base, versions in versions_of(project).items()}
    )


def update(project: Project, root: Path, *, accept: Collection[str] = ()) -> Update:
    """Adds what is new. Contracts that are recorded stay as they are, unless their change is accepted.

    Nothing is written.

    Args:
        project: With types.
        root: The project's folder.
        accept: Ids, or ids without a version for all versions, whose change or end is wanted.
    """
    manifest = recorded_contracts(root)
    if isinstance(manifest, Finding):
        return Update(manifest=Manifest(), refused=(manifest,))
    findings = compare(project, manifest)
    current = {base: versions.contracts for base, versions in versions_of(project).items()}
    functions: dict[str, dict[int, Contract]] = {
        base: dict(versions) for base, versions in manifest.functions.items()
    }
    accepted = [
        found for found in findings if found.code != _ADDS and {found.id, found.base} & {*accept}
    ]
    refused = [found for found in findings if found.code != _ADDS and found not in accepted]
    for found in accepted:
        versions = functions.setdefault(found.base, {})
        if found.code != "PKU867":
            versions[found.version] = current[found.base][found.version]
        elif found.version:
            del versions[found.version]
        if not found.version or not versions:
            del functions[found.base]
    added: list[str] = []
    for found in findings:
        if found.code == _ADDS:
            versions = functions.setdefault(found.base, {})
            for version in sorted(current[found.base].keys() - versions.keys()):
                versions[version] = current[found.base][version]
            added.append(found.id)
    names = {name for found in accepted for name in (found.id, found.base)}
    return Update(
        manifest=Manifest(functions=functions),
        added=tuple(added),
        accepted=tuple(found.id for found in accepted),
        refused=tuple(refused),
        unknown=tuple(sorted({*accept} - names)),
    )
