"""The service behind the function."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core import pikku_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core import Variables

if os.environ.get("ACME_EXPLODE"):
    raise RuntimeError("acme_mail.services was imported")


class Mailer:
    """Delivers to a folder: one file per message."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def deliver(self, to: str, text: str) -> int:
        """Delivers a message and says how many it has delivered."""
        self._count += 1
        (self._folder / f"{self._count}-{to}.txt").write_text(text)
        return self._count


@pikku_service
def mailer(*, variables: Variables) -> Iterator[Mailer]:
    """The mailer of the folder that `ACME_OUTBOX` names (`outbox`); leaves a file `closed` there when it ends."""
    folder = Path(variables.get("ACME_OUTBOX", "outbox"))
    folder.mkdir(exist_ok=True)
    yield Mailer(folder)
    (folder / "closed").touch()
