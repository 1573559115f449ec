"""The process that `pikku dev` replaces on every change: one run of the application on an inherited socket.

It stops when it is told to, and also when its standard input ends: then the process that started it is gone.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
from typing import TYPE_CHECKING

from pikku_cli.exits import ExitCode
from pikku_cli.main import prepare, reported
from pikku_cli.options import read_global_options
from pikku_cli.server.application import load_app
from pikku_cli.server.components import components_of
from pikku_cli.server.logs import log_to_stderr
from pikku_cli.server.run import run_app, run_event_loop
from pikku_core.fresh_import import import_from_source
from pikku_core.plugin import current_command
from pikku_core.runtime.serving import Serving
from pikku_core.sources import import_roots

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_SOCKET = "-"


def command_line(
    flags: Sequence[str],
    *,
    opened: socket.socket | None,
    grace: float,
    log_level: str,
    log_format: str,
) -> list[str]:
    """The command that starts a worker."""
    descriptor = NO_SOCKET if opened is None else str(opened.fileno())
    arguments = [descriptor, str(grace), log_level, log_format, *flags]
    return [sys.executable, "-m", "pikku_cli.server.worker", *arguments]


def main() -> None:
    """Runs the application until it is told to stop."""
    descriptor, grace, log_level, log_format, *flags = sys.argv[1:]
    with reported():
        prepare(read_global_options(flags))
        log_to_stderr(log_level, log_format, development=True)
        opened = None if descriptor == NO_SOCKET else socket.socket(fileno=int(descriptor))
        run_event_loop(_run(opened, float(grace)))
    gc.freeze()  # The next one waits for the end of this process: it does not look for garbage in all that is left.
    sys.exit(ExitCode.OK)


async def _run(opened: socket.socket | None, grace: float) -> None:
    context = current_command()
    settings = context.settings
    import_from_source(import_roots(settings.root, settings.source))
    app = load_app(context)
    components = components_of(app.kinds(), context.registry)
    serving = Serving(
        root=settings.root,
        socket=opened,
        development=True,
        grace=grace,
        settings=settings.plugins,
    )
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), _parent_gone, serving)
    await run_app(app, components, context.registry, serving)


def _parent_gone(serving: Serving) -> None:
    if not os.read(sys.stdin.fileno(), 1):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        serving.stopping.set()


if __name__ == "__main__":
    main()
