"""Reads a project's source with `ast` and links what it declares, without importing any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_core.scan.scanner import scan

__all__ = ["scan"]


def __getattr__(name: str) -> Any:
    # The codes in this package are asked for by every command, the scanner only by some.
    if name == "scan":
        from pikku_core.scan.scanner import scan

        return scan
    raise AttributeError(f'module "pikku_core.scan" has no attribute "{name}"')
