"""Reads a project's source with `ast` and links what it declares, without importing any of it."""

from __future__ import annotations

from pikku_core.scan.scanner import scan

__all__ = ["scan"]
