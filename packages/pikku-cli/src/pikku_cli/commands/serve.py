"""`pikku serve`: the generated application in one process."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.filters import values_of
from pikku_cli.server.application import load_app, refuse_stale
from pikku_cli.server.components import components_of
from pikku_cli.server.levels import LogLevel
from pikku_cli.server.listening import listen
from pikku_cli.server.log_format import LogFormat
from pikku_cli.server.logs import log_to_stderr
from pikku_cli.server.run import run_app, run_event_loop
from pikku_cli.shared_options import Grace, Host, Log, LogForm, Port
from pikku_core.plugin import current_command
from pikku_core.runtime.serving import Serving

Only: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="COMPONENT", help="What runs, such as http. Default: all."),
]
Without: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="COMPONENT", help="What does not run, such as queue."),
]


def serve(
    *,
    host: Host = "127.0.0.1",
    port: Port = None,
    only: Only = None,
    without: Without = None,
    grace: Grace = 10.0,
    log_level: Log = LogLevel.INFO,
    log_format: LogForm = LogFormat.TEXT,
) -> None:
    """Serve what was generated, until told to stop.

    SIGTERM and SIGINT let running requests and jobs finish. Generated files that are older than the source are refused.
    --only and --without say which components run: what answers requests, say, without what works off queues, which
    "pikku worker" does in processes of its own.
    """
    context = current_command()
    settings = context.settings
    refuse_stale(settings)
    typer.echo(f"Serving {settings.out_path}")
    log_to_stderr(log_level, log_format)
    app = load_app(context)
    components = components_of(
        app.kinds(),
        context.registry,
        only=values_of(only, "--only"),
        without=values_of(without, "--without"),
    )
    if components.listening is None and port is not None:
        raise CommandError(
            'Nothing in this project listens on a port: leave "--port" out.', ExitCode.USAGE
        )
    opened = None if components.listening is None else listen(host, 8000 if port is None else port)
    serving = Serving(root=settings.root, socket=opened, grace=grace, settings=settings.plugins)
    run_event_loop(run_app(app, components, context.registry, serving))
