"""What a serve component is given while it runs."""

from __future__ import annotations

from asyncio import Event
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    from pathlib import Path


@dataclass(slots=True, kw_only=True)
class Serving:
    """One run of `pikku serve` or `pikku dev`.

    Attributes:
        root: The project's folder.
        socket: The listening TCP socket for the component that `listens`. It is kept over reloads: while this is `dev`
            the component leaves it open; else it closes it when it takes no more connections.
        development: Whether this is `dev`.
        stopping: Set on SIGTERM and SIGINT: take no new work, finish what is there, return.
        grace: Seconds that finishing may take; after that the task is cancelled.
        delay: Seconds after `stopping` before the component begins to finish, set by the component itself.
        mounts: What components offer to a host, by host kind: pairs of component name and the imported target.
        options: What the command says to this component alone: of `pikku worker`, how many jobs it runs at once.
        settings: `[tool.pikku]` tables of the plugins, defaults filled in: `settings["http"]["max_body"]`.
        announced: What components said with `ready`, in order.
    """

    root: Path
    socket: socket.socket | None = None
    development: bool = False
    stopping: Event = field(default_factory=Event)
    grace: float = 10.0
    delay: float = 0.0
    mounts: Mapping[str, Sequence[tuple[str, Any]]] = field(
        default_factory=dict[str, Sequence[tuple[str, Any]]]
    )
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    announced: list[str] = field(default_factory=list[str])
    started: Event = field(default_factory=Event)
    """Set with each `ready`; the command clears it."""

    def ready(self, where: str) -> None:
        """Says that the component accepts work, and where: `http://127.0.0.1:8000`."""
        self.announced.append(where)
        self.started.set()
