"""What queues are chosen by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikku_core.select import Entry


def names(entry: Entry) -> list[str] | None:
    """The name of the queue; nothing is said of wirings of other kinds."""
    wiring = entry.wiring
    return [str(wiring.meta["name"])] if wiring is not None and wiring.kind == "queue" else None
