"""`pikku dev`: the application while it is being written."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from pikku_cli.server.levels import LogLevel
from pikku_cli.server.reload import Development
from pikku_core.plugin import current_command


def dev(
    *,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            "--port", "-p", min=0, max=65535, help="The port; 0 takes a free one. Default: 8000."
        ),
    ] = None,
    grace: Annotated[
        float,
        typer.Option("--grace", min=0, help="Seconds that requests have to finish at a change."),
    ] = 2.0,
    log_level: Annotated[
        LogLevel, typer.Option("--log-level", help="What is logged to standard error.")
    ] = LogLevel.INFO,
) -> None:
    """Generate and serve, again with every change.

    Errors in the source are shown, and what ran before is served until they are mended. While an application does not
    start, its error is shown and connections are closed.
    """
    context = current_command()
    typer.echo(f"Watching {context.root}")
    development = Development(
        context=context, host=host, port=port, grace=grace, log_level=log_level
    )
    asyncio.run(development.run())
