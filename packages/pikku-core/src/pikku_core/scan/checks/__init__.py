"""Checks of the linked project that need all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.model import Project

if TYPE_CHECKING:
    from pikku_core.scan.link import Linker


def check(project: Project, linker: Linker) -> None:
    """Reports what is wrong with the whole, though every part of it can be read."""
