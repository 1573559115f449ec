"""How a command ends."""

from __future__ import annotations

from enum import IntEnum

from pikku_core.plugin import CommandError

__all__ = ["CommandError", "ExitCode"]


class ExitCode(IntEnum):
    """The exit codes of `pikku`, the same for every command."""

    OK = 0
    FAILED = 1
    """The project has errors, or what was to be done could not be done."""
    USAGE = 2
    """The command line or a setting is wrong; nothing was done."""
    PLUGINS = 3
    """A plugin is broken, and the command does not run without it."""
