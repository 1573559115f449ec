"""Contracts of functions: what each version takes and gives, kept in `versions.pikku.json` and compared with the source."""

from __future__ import annotations

from pikku_core.contracts.check import Finding, check_contracts, recorded_problems
from pikku_core.contracts.manifest import FILE, Manifest
from pikku_core.contracts.recording import Update, record, update

__all__ = [
    "FILE",
    "Finding",
    "Manifest",
    "Update",
    "check_contracts",
    "record",
    "recorded_problems",
    "update",
]
