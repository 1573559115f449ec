"""The App of the project that a command is run for."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import TYPE_CHECKING, Any

from pikku_core import DeclarationError, PikkuError
from pikku_core.plugin import CommandError, current_command
from pikku_core.runtime import App
from pikku_core.runtime.host import options_of
from pikku_core.sources import add_import_roots

if TYPE_CHECKING:
    from collections.abc import Coroutine


def load_app() -> App:
    """The App of the generated files; its log goes to standard error.

    Raises:
        CommandError: They are missing, incomplete, or older than the source.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    context = current_command()
    settings = context.settings
    add_import_roots(settings.root, settings.source)
    os.environ["PIKKU_DIR"] = str(settings.out_path)
    try:
        app = App.load(settings.out_path, **options_of(context.registry, settings))
    except DeclarationError as error:
        raise CommandError(str(error)) from error
    if "mcp" not in app.kinds():
        raise CommandError(
            'The project has nothing for agents: write "mcp=True" at a function, or wire one with "wire_mcp_tool".'
        )
    return app


def run(main: Coroutine[Any, Any, None]) -> None:
    """Runs what a command does.

    Raises:
        CommandError: The project cannot start.
    """
    try:
        asyncio.run(main)
    except (PikkuError, DeclarationError) as error:
        raise CommandError(str(error)) from error
    except KeyboardInterrupt:
        return
