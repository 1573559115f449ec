"""`pikku call`: one function, called from the command line as any transport calls it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from pikku_cli.completion.values import function_names
from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.render.folded import folded
from pikku_cli.render.terminal import is_terminal
from pikku_cli.server.application import load_app, refuse_stale
from pikku_cli.server.invocation import Invocation, invoke, session_of, spelled
from pikku_cli.server.levels import LogLevel
from pikku_cli.server.logs import log_to_stderr
from pikku_cli.shared_options import Json, Log
from pikku_core.errors import DeclarationError, InvalidDataError, PikkuError
from pikku_core.plugin import current_command
from pikku_core.runtime.origin import sentence

if TYPE_CHECKING:
    from pikku_core.runtime import App


def call(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="The function to call.", autocompletion=function_names),
    ],
    data: Annotated[
        str | None,
        typer.Argument(
            metavar="[DATA]",
            help='Its data as JSON; "-" reads it from standard input, "@FILE" from a file.',
        ),
    ] = None,
    *,
    session: Annotated[
        str | None,
        typer.Option("--session", help="The session as JSON, or - or @FILE. Default: none."),
    ] = None,
    build: Annotated[
        bool, typer.Option("--build", help="Generate first, where the source has changed.")
    ] = False,
    log_level: Log = LogLevel.WARNING,
    as_json: Json = False,
) -> None:
    """Call a function through its whole pipeline, and print its result as JSON.

    The services that the project needs are started and stopped again. Without --session nobody calls. With --json
    the result, or the error, is one object: {"result": ...} or {"error": {"code": ..., "message": ...}}.
    """
    context = current_command()
    given, session_text = read_text(data), read_text(session)
    if build:
        _generate()
    else:
        refuse_stale(context.settings)
    log_to_stderr(log_level, fold=True)
    app = load_app(context)
    caller = None if session_text is None else session_of(context, session_text)
    invocation = Invocation(name=name, data=given, session=caller)
    try:
        answer = asyncio.run(_run(app, invocation))
    except CommandError:
        raise
    except Exception as error:  # noqa: BLE001 - a function may raise anything
        _refuse(error, as_json=as_json)
    _show(json.loads(answer), as_json=as_json)


def read_text(given: str | None) -> bytes | None:
    """What an argument says: itself, standard input for `-`, the content of a file for `@FILE`.

    Raises:
        CommandError: The file cannot be read.
    """
    if given is None:
        return None
    if given == "-":
        return sys.stdin.buffer.read()
    if not given.startswith("@"):
        return given.encode()
    try:
        return Path(given[1:]).read_bytes()
    except OSError as error:
        raise CommandError(
            f'"{given[1:]}" cannot be read: {error.strerror}.', ExitCode.USAGE
        ) from error


async def _run(app: App, invocation: Invocation) -> bytes:
    async with app:
        return await invoke(app, invocation)


def _generate() -> None:
    from pikku_cli.generation import generate
    from pikku_cli.render.diagnostics import line

    context = current_command()
    result = generate(context)
    for diagnostic in result.diagnostics:
        typer.echo(line(diagnostic), err=True)  # standard output is for the result
    if result.failed:
        raise CommandError(f'Nothing was written to "{context.settings.out}".')


def _show(result: Any, *, as_json: bool) -> None:
    shown = {"result": result} if as_json else result
    indent = 2 if as_json or is_terminal(sys.stdout) else None
    typer.echo(json.dumps(shown, indent=indent, ensure_ascii=False))


def _refuse(error: Exception, *, as_json: bool) -> NoReturn:
    """Ends the command with what the call ended in."""
    code = error.code if isinstance(error, PikkuError) else type(error).__name__
    message = _message(error)
    if as_json:
        shown: dict[str, Any] = {"code": code, "message": message}
        if isinstance(error, PikkuError):
            shown["status"] = error.status
            shown["payload"] = error.payload
        typer.echo(json.dumps({"error": shown}, indent=2, ensure_ascii=False, default=str))
    if not isinstance(error, (PikkuError, DeclarationError)):
        typer.echo(folded(error).rstrip("\n"), err=True)
    suffix = f" ({code}, {error.status})" if isinstance(error, PikkuError) else ""
    raise CommandError(f"{message}{suffix}") from error


def _message(error: Exception) -> str:
    if isinstance(error, InvalidDataError):
        return f"{error.message} {spelled(error)}"
    if isinstance(error, PikkuError):
        return error.message
    return str(error) if isinstance(error, DeclarationError) else f"{sentence(error)}."
