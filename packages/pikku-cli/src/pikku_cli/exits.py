"""How a command ends."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of `pikku`, the same for every command."""

    OK = 0
    FAILED = 1
    """The project has errors, or what was to be done could not be done."""
    USAGE = 2
    """The command line or a setting is wrong; nothing was done."""
    PLUGINS = 3
    """A plugin is broken, and the command does not run without it."""


class CommandError(Exception):
    """Ends a command with a sentence on standard error.

    Args:
        message: What is wrong and what to do.
        code: The exit code.
    """

    def __init__(self, message: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.code = code
