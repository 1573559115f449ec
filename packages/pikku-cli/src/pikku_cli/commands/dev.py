"""`pikku dev`: the application while it is being written."""

from __future__ import annotations

import asyncio

import typer

from pikku_cli.generation import Generation
from pikku_cli.server.levels import LogLevel
from pikku_cli.server.log_format import LogFormat
from pikku_cli.server.reload import Development
from pikku_cli.shared_options import Grace, Host, Log, LogForm, Port
from pikku_core.plugin import current_command


def dev(
    *,
    host: Host = "127.0.0.1",
    port: Port = None,
    grace: Grace = 2.0,
    log_level: Log = LogLevel.INFO,
    log_format: LogForm = LogFormat.TEXT,
) -> None:
    """Generate and serve, again with every change.

    Errors in the source are shown, and what ran before is served until they are mended. While an application does not
    start, its error is shown and connections are closed.
    """
    context = current_command()
    typer.echo(f"Watching {context.root}")
    generation = Generation(context=context, command="pikku dev")
    development = Development(
        generation=generation,
        host=host,
        port=port,
        grace=grace,
        log_level=log_level,
        log_format=log_format,
    )
    asyncio.run(development.run())
