"""`pikku call`: one function, called from the command line as any transport calls it."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pikku_cli.completion.values import function_names
from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.render.folded import folded
from pikku_cli.render.json_output import show_json
from pikku_cli.render.summary import flags
from pikku_cli.render.terminal import is_terminal
from pikku_cli.server.application import load_app, refuse_stale
from pikku_cli.server.invocation import Invocation, invoke, session_of, spelled
from pikku_cli.server.levels import LogLevel
from pikku_cli.server.logs import log_to_stderr
from pikku_cli.server.signals import stop_or_exit, stop_requests
from pikku_cli.shared_options import Json, Log
from pikku_core.errors import (
    DeclarationError,
    FunctionNotFoundError,
    InvalidDataError,
    PikkuError,
)
from pikku_core.freshness import read
from pikku_core.plugin import current_command
from pikku_core.runtime.origin import sentence

if TYPE_CHECKING:
    from pikku_core.runtime import App
    from pikku_core.settings import Settings


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
    the result, or the error, is one object: {"result": ...} or {"error": {"code": ..., "message": ...}}. What the
    function prints goes to standard error.
    """
    try:
        given, caller = read_texts(data, session)
        with redirect_stdout(sys.stderr):
            answer = _answer(name, given, caller, build=build, level=log_level)
    except CommandError as error:
        if as_json:
            show_json({"error": _facts(error)})
        raise
    result = json.loads(answer)
    indent = 2 if as_json or is_terminal(sys.stdout) else None
    show_json({"result": result} if as_json else result, indent=indent)


def read_texts(data: str | None, session: str | None) -> tuple[bytes | None, bytes | None]:
    """What data and session say.

    Raises:
        CommandError: A file cannot be read, or both are standard input.
    """
    if data == session == "-":
        raise CommandError(
            'Standard input is read once: only one of "DATA" and "--session" can be "-".',
            ExitCode.USAGE,
        )
    return read_text(data), read_text(session)


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
        return given.encode(errors="surrogateescape")  # as it came from the command line
    try:
        return Path(given[1:]).read_bytes()
    except OSError as error:
        raise CommandError(
            f'"{given[1:]}" cannot be read: {error.strerror}.', ExitCode.USAGE
        ) from error


def _answer(
    name: str, data: bytes | None, session: bytes | None, *, build: bool, level: LogLevel
) -> bytes:
    context = current_command()
    if build:
        _generate()
    else:
        refuse_stale(context.settings)
    log_to_stderr(level, development=True)
    app = load_app(context)
    caller = None if session is None else session_of(context, session)
    invocation = Invocation(name=name, data=data, session=caller)
    try:
        return asyncio.run(_run(app, invocation))
    except CommandError as error:
        if isinstance(error.__cause__, FunctionNotFoundError):
            raise _absent(error, context.settings) from error.__cause__
        raise
    except asyncio.CancelledError as error:
        raise CommandError("The call was stopped before it ended.") from error
    except (Exception, SystemExit) as error:  # a function may raise anything
        raise _failure(error) from error


async def _run(app: App, invocation: Invocation) -> bytes:
    """Cancels the call with the first SIGTERM or SIGINT, after which services are stopped as ever."""
    calling = asyncio.current_task()
    assert calling is not None, "a coroutine runs in a task"
    with stop_requests(stop_or_exit(calling.cancelling, calling.cancel)):
        async with app:
            return await invoke(app, invocation)


def _absent(error: CommandError, settings: Settings) -> CommandError:
    """The error for a function that is not there, which filters may be the reason for."""
    record = read(settings.out_path)
    if record is None or not record.filters:
        return error
    left_out = f'The files are made with "{flags(record.filters)}", which may have left it out.'
    return CommandError(f"{error} {left_out}", error.code)


def _generate() -> None:
    from pikku_cli.generation import generate
    from pikku_cli.render.diagnostics import line

    context = current_command()
    result = generate(context)
    for diagnostic in result.diagnostics:
        typer.echo(line(diagnostic), err=True)  # standard output is for the result
    if result.failed:
        raise CommandError(f'Nothing was written to "{context.settings.out}".')


def _failure(error: BaseException) -> CommandError:
    """What the call ended in, in a sentence; the traceback of what nobody expected is shown at once."""
    if not isinstance(error, (PikkuError, DeclarationError)):
        typer.echo(folded(error).rstrip("\n"), err=True)
    return CommandError(f"{_message(error)}{_suffix(error)}")


def _facts(error: CommandError) -> dict[str, Any]:
    """The same for programs, and what kept the call from being made."""
    cause = error.__cause__
    code = cause.code if isinstance(cause, PikkuError) else type(cause or error).__name__
    facts: dict[str, Any] = {"code": code, "message": str(error).removesuffix(_suffix(cause))}
    if isinstance(cause, PikkuError):
        facts |= {"status": cause.status, "payload": cause.payload}
    return facts


def _suffix(error: BaseException | None) -> str:
    return f" ({error.code}, {error.status})" if isinstance(error, PikkuError) else ""


def _message(error: BaseException) -> str:
    if isinstance(error, InvalidDataError):
        return f"{error.message} {spelled(error)}"
    if isinstance(error, PikkuError):
        return error.message
    return str(error) if isinstance(error, DeclarationError) else f"{sentence(error)}."
