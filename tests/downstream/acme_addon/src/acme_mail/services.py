"""The service behind the function."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pikku_core import pikku_service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pikku_app import Secrets, Variables

if os.environ.get("ACME_EXPLODE"):
    raise RuntimeError("acme_mail.services was imported")


class Mailer:
    """Delivers to a folder: one file per message, the signature below its text."""

    def __init__(self, folder: Path, signature: str) -> None:
        self._folder = folder
        self._signature = signature
        self._count = 0

    def deliver(self, to: str, text: str) -> int:
        """Delivers a message and says how many it has delivered."""
        self._count += 1
        (self._folder / f"{self._count}-{to}.txt").write_text(text + self._signature)
        return self._count


@pikku_service
def mailer(*, secrets: Secrets, variables: Variables) -> Iterator[Mailer]:
    """The mailer of the folder `outbox`; leaves a file `closed` there when it ends."""
    signature = "" if secrets.signature is None else f" {secrets.signature.reveal()}"
    variables.outbox.mkdir(exist_ok=True)
    yield Mailer(variables.outbox, signature)
    (variables.outbox / "closed").touch()
