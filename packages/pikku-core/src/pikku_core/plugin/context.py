"""What a command of the `pikku` tool works on."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.plugin.registry import Registry
    from pikku_core.runtime.app import App
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


class Tool(Protocol):
    """What the tool does for a command of a plugin, which does not import the tool."""

    def load_app(self) -> App:
        """The App of the project, not started; its modules can be imported from then on.

        Raises:
            CommandError: It is not generated, or older than the source.
            SettingsError: The command runs outside a project, or a setting is wrong.
        """
        ...

    def serve(self, app: App, component: str, options: Mapping[str, Any]) -> None:
        """Runs one serve component without the others, until the process is told to stop.

        How it logs and how long it has to finish stands on the command line, where the command has `serves=True`.

        Args:
            app: What `load_app` gave.
            component: Its name.
            options: Becomes `Serving.options`.

        Raises:
            CommandError: The project has nothing for it; a service or the component failed.
        """
        ...

    def show_json(self, document: Any) -> None:
        """Prints the one document of a command that was given `--json`."""
        ...

    def show_table(
        self, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        """Prints rows, laid out for a terminal or aligned as plain text; nothing where there are none."""
        ...


_tool: ContextVar[Tool] = ContextVar("pikku_tool")


def current_tool() -> Tool:
    """The tool that runs the command.

    Raises:
        LookupError: No command is running.
    """
    return _tool.get()


def set_current_tool(tool: Tool) -> None:
    """Makes `tool` what `current_tool` returns: for the tool, and for tests of a command."""
    _tool.set(tool)
