"""`pikku watch`: generated files that follow the source, for an application that something else serves."""

from __future__ import annotations

import asyncio

import typer

from pikku_cli.generation import Generation
from pikku_cli.server.follow import follow
from pikku_cli.server.signals import stop_requests
from pikku_cli.shared_options import Json
from pikku_core.plugin import Project, current_command


def watch(*, as_json: Json = False) -> None:
    """Generate, and again with every change, until told to stop.

    Errors in the source are shown, and the generated files stay as they are until they are mended. With --json each
    run is one line.
    """
    context = current_command()
    if not as_json:
        typer.echo(f"Watching {context.root}")
    generation = Generation(context=context, command="pikku watch", as_json=as_json)
    asyncio.run(_until_told(generation))


async def _until_told(generation: Generation) -> None:
    stopping = asyncio.Event()
    with stop_requests(stopping.set):
        following = asyncio.create_task(follow(generation, _leave, _complain))
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({following, told}, return_when=asyncio.FIRST_COMPLETED)
        for task in (following, told):
            task.cancel()
        if following.done():
            following.result()


async def _leave(_: Project) -> None:
    """The generated files are all that was asked for."""


def _complain(message: str) -> None:
    typer.echo(f"Error: {message} Waiting for a change.", err=True)
