"""Doing something with the project now, and again with every change."""

from __future__ import annotations

import asyncio
import traceback
from typing import TYPE_CHECKING

import typer

from pikku_cli.exits import CommandError
from pikku_cli.server.listening import ListenError
from pikku_cli.server.watch import changes
from pikku_core.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_cli.generation import Generation
    from pikku_core.plugin import Project


async def follow(
    generation: Generation,
    use: Callable[[Project], Awaitable[None]],
    complain: Callable[[str], None],
) -> None:
    """Generates at once and with each change, until it is cancelled.

    Args:
        use: Called with each project that has no errors.
        complain: Called with a sentence where something went wrong; the next change may mend it.

    Raises:
        ListenError: From `use`.
        SettingsError: A setting or a filter was wrong at the start.
    """
    has_begun = False
    async for changed in changes(generation.context.settings):
        if not generation.as_json:
            _announce(changed)
        try:
            project = await asyncio.to_thread(generation.run)
            if project is None:
                complain("Nothing was written.")
            else:
                await use(project)
        except ListenError:
            raise
        except (CommandError, SettingsError) as error:
            if isinstance(error, SettingsError) and not has_begun:
                raise
            complain(str(error))
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and the next change may mend it
            traceback.print_exc()
            complain(f"{type(error).__name__} while generating.")
        has_begun = True


def _announce(changed: list[str]) -> None:
    for file in changed[:3]:
        typer.echo(f"Changed: {file}")
    if len(changed) > 3:
        typer.echo(f"Changed: {len(changed) - 3} more")
