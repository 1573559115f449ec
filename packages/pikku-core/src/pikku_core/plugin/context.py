"""What a command of the `pikku` tool works on."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import RawSettings, Settings


class CommandError(Exception):
    """Ends a command with a sentence on standard error.

    Args:
        message: What is wrong and what to do.
        code: The exit code of the process.
    """

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class CommandContext:
    """What a command works on, from the options that stand before or after it.

    Attributes:
        registry: What all plugins declare.
        raw: The settings as they stand in the file; None where there is no project, or its file cannot be read.
        fault: Why that is so.
        start: The folder that the command is run for: `--project`, or the working directory. The project is there or above.
        filters: The patterns that were given for each filter, by flag: `{"tags": ("admin",), "exclude-names": ("beta*",)}`;
            those of presets are among them.
    """

    registry: Registry
    raw: RawSettings | None = None
    fault: str = ""
    start: Path = field(default_factory=Path.cwd)
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def root(self) -> Path:
        """The project's folder.

        Raises:
            SettingsError: The command runs outside a project.
        """
        return self.settings.root

    @cached_property
    def settings(self) -> Settings:
        """The project's settings, defaults filled in: `settings.plugins["line"]["socket"]`.

        Raises:
            SettingsError: The command runs outside a project, or a setting is unknown or of a wrong type.
        """
        from pikku_core.settings import SettingsError, resolve_settings

        if self.raw is None:
            raise SettingsError(self.fault)
        return resolve_settings(self.raw, self.registry)


_current: ContextVar[CommandContext] = ContextVar("pikku_command")


def current_command() -> CommandContext:
    """The context of the command that is running.

    ```python
    def ping() -> None:
        context = current_command()
        path = context.root / context.settings.plugins["line"]["socket"]
    ```

    Raises:
        LookupError: No command is running.
    """
    return _current.get()


def set_current_command(context: CommandContext) -> None:
    """Makes `context` what `current_command` returns: for the tool, and for tests of a command."""
    _current.set(context)
