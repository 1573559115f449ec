"""The App of a project, loaded for a process that serves it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pikku_cli.exits import CommandError
from pikku_core.errors import DeclarationError

if TYPE_CHECKING:
    from pikku_core.plugin import CommandContext
    from pikku_core.runtime.app import App
    from pikku_core.settings import Settings


def refuse_stale(settings: Settings) -> None:
    """Keeps a process from serving something else than what the source says.

    Raises:
        CommandError: The generated files are missing or older than the source.
    """
    from pikku_core.freshness import check

    if not settings.out_path.is_dir():
        raise CommandError(f'There are no generated files in "{settings.out}". Run "pikku" first.')
    reason = check(settings.root, settings.out_path)
    if reason is not None:
        raise CommandError(
            f'The generated files do not belong to the source: {reason}. Run "pikku" first.'
        )


def load_app(context: CommandContext) -> App:
    """The App of the project's generated files, with what the plugins add to it.

    Raises:
        CommandError: They are incomplete.
    """
    from pikku_core.runtime.app import App
    from pikku_core.runtime.host import options_of

    settings = context.settings
    prepare_imports(settings)
    try:
        return App.load(
            settings.out_path, check_fresh=False, **options_of(context.registry, settings)
        )
    except DeclarationError as error:
        raise CommandError(str(error)) from error


def prepare_imports(settings: Settings) -> None:
    """Lets the project's modules be imported, and `pikku_app` be this project's."""
    from pikku_core.sources import add_import_roots

    add_import_roots(settings.root, settings.source)
    os.environ["PIKKU_DIR"] = str(settings.out_path)
