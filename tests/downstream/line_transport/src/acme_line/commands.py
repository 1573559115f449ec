"""A client for the terminal: `pikku line ping` and `pikku line call`."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

from pikku_core.plugin import CommandError, current_command

if TYPE_CHECKING:
    from pathlib import Path


def ping() -> None:
    """List the verbs of the server that runs."""
    for verb in json.loads(_ask("PING"))["verbs"]:
        print(verb)


def call(line: list[str]) -> None:
    """Send a line and print the answer: `pikku line call ADD '{"left": 1, "right": 2}'`."""
    print(_ask(" ".join(line)))


def _ask(line: str) -> str:
    """What stands behind the OK of an answer. What stands behind an ERR ends the command."""
    path = _socket()
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            raise CommandError(
                f'No server listens on "{path}": start one with "pikku serve".'
            ) from None
        connection.sendall(line.encode() + b"\n")
        with connection.makefile(encoding="utf-8") as answers:
            status, _, body = answers.readline().strip().partition(" ")
    if status != "OK":
        raise CommandError(body or "The server closed the connection.")
    return body


def _socket() -> Path:
    """Where the server of the project listens that the command runs in."""
    command = current_command()
    return command.root / str(command.settings.plugins["line"]["socket"])
