"""Contracts of functions: what each version takes and gives, kept in `versions.pikku.json` and compared with the source."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pikku_core.contracts.check import Finding as Finding
    from pikku_core.contracts.check import check_contracts as check_contracts
    from pikku_core.contracts.check import gaps as gaps
    from pikku_core.contracts.check import recorded_problems as recorded_problems
    from pikku_core.contracts.manifest import FILE as FILE
    from pikku_core.contracts.manifest import Manifest as Manifest
    from pikku_core.contracts.recording import Update as Update
    from pikku_core.contracts.recording import record as record
    from pikku_core.contracts.recording import update as update

__all__ = [
    "FILE",
    "Finding",
    "Manifest",
    "Update",
    "check_contracts",
    "gaps",
    "record",
    "recorded_problems",
    "update",
]

_HOMES: Final = {
    "FILE": "manifest",
    "Finding": "check",
    "Manifest": "manifest",
    "Update": "recording",
    "check_contracts": "check",
    "gaps": "check",
    "record": "recording",
    "recorded_problems": "check",
    "update": "recording",
}


def __getattr__(name: str) -> Any:
    # Whoever wants the texts of diagnostics alone, which lie beside it, does not wait for the rest.
    if name in _HOMES:
        return getattr(import_module(f"pikku_core.contracts.{_HOMES[name]}"), name)
    raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
