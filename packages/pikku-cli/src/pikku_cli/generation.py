"""Generating: once, and again when something has changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from pikku_cli.exits import CommandError
from pikku_cli.render.diagnostics import show_diagnostics
from pikku_cli.render.json_output import show_json
from pikku_cli.render.progress import progress
from pikku_cli.render.summary import build_facts, show_summary
from pikku_core.settings import read_raw

if TYPE_CHECKING:
    from pikku_core.build import BuildResult
    from pikku_core.plugin import CommandContext, Project
    from pikku_core.settings import RawSettings


def generate(context: CommandContext, *, write: bool = True) -> BuildResult:
    """Runs what `pikku` runs, with the filters of the command.

    Args:
        write: False reports without touching a generated file.
    """
    from pikku_core.build import build

    settings = context.settings
    with progress("Reading the source"):
        return build(
            settings.root,
            settings=settings,
            registry=context.registry,
            write=write,
            filters=context.filters,
        )


@dataclass(slots=True, kw_only=True)
class Generation:
    """Generates again and again, each time with the settings as they then are.

    Attributes:
        context: That of the last run whose settings could be read.
        command: The command line by which a person starts this one.
        as_json: Whether each run prints one line of JSON, and nothing else.
    """

    context: CommandContext
    command: str
    as_json: bool = False

    def run(self) -> Project | None:
        """Generates and prints what came of it; None where the source has errors.

        Raises:
            CommandError: Other plugins are disabled now, which asks for another process.
            SettingsError: The settings are wrong.
        """
        raw = read_raw(self.context.root)
        if self.context.raw is not None and raw.disabled != self.context.raw.disabled:
            raise CommandError(f'"plugins.disabled" has changed: start "{self.command}" again.')
        if self.context.filters and _presets(raw) != _presets(self.context.raw):
            raise CommandError(f'A preset of "filters" has changed: start "{self.command}" again.')
        changed = replace(self.context, raw=raw)
        settings = changed.settings
        self.context = changed  # only now: a file with a wrong setting has none
        started = perf_counter()
        result = generate(changed)
        if self.as_json:
            show_json(build_facts(result, settings), indent=None)
        else:
            show_diagnostics(result.diagnostics)
            if not result.failed:
                show_summary(result, settings, perf_counter() - started)
        return None if result.failed else result.project


def _presets(raw: RawSettings | None) -> object:
    """The presets as they stand in the file."""
    return None if raw is None else raw.tables.get("filters")
