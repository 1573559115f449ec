"""`pikku mcp install`: tells a client of this project how to start its server."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core.plugin import CommandError, current_command

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS: Final = {
    "claude": (".mcp.json", "mcpServers"),
    "cursor": (".cursor/mcp.json", "mcpServers"),
    "vscode": (".vscode/mcp.json", "servers"),
}
"""The file in the project in which each client looks, and the key that holds the servers."""


def install(client: str, *, name: str = "", show: bool = False, force: bool = False) -> None:
    """Write into the project how a client starts "pikku mcp serve": for claude, cursor or vscode.

    What else the file holds stays as it is.

    Args:
        client: The client.
        name: What it calls the server. Default: the name of the project's folder.
        show: Print the file instead of writing it.
        force: Replace a server of that name.
    """
    if client not in CLIENTS:
        known = ", ".join(f'"{one}"' for one in CLIENTS)
        raise CommandError(f'There is no client "{client}": it is one of {known}.', 2)
    root = current_command().root
    place, key = CLIENTS[client]
    path = root / place
    document = _read(path)
    given: Any = document.setdefault(key, {})
    called = name or root.name
    entry = {
        "command": sys.executable,
        "args": ["-m", "pikku_cli", "--project", str(root), "mcp", "serve"],
    }
    if not isinstance(given, dict):
        raise CommandError(f'"{key}" in "{path}" is no object: mend the file first.')
    servers = cast("dict[str, Any]", given)
    if servers.get(called, entry) != entry and not force:
        raise CommandError(
            f'"{path}" has another server "{called}": choose a "--name", or replace it with "--force".'
        )
    servers[called] = entry
    text = json.dumps(document, indent=2) + "\n"
    if show:
        print(text, end="")  # noqa: T201 - what the command says
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f'Wrote "{called}" to {place}.')  # noqa: T201 - what the command says


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CommandError(f'"{path}" is no JSON ({error}): mend it first.') from error
    if not isinstance(document, dict):
        raise CommandError(f'"{path}" holds no object: mend it first.')
    return cast("dict[str, Any]", document)
