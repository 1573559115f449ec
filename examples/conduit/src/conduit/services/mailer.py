from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTPUTF8
from typing import TYPE_CHECKING

from pikku_core import pikku_service

if TYPE_CHECKING:
    from pathlib import Path

    from conduit.models.mails import Mail
    from pikku_app import Variables

SENDER = "Conduit <conduit@localhost>"


class Mailer:
    """Writes mails into a folder, a file each, which any mail program opens: nobody is bothered, and nothing is to be set up.

    One that sends by SMTP would have the same method, and hand the identity on as the `Message-ID`.
    """

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox

    def send(self, mail: Mail, identity: str) -> None:
        """Sends a mail; the same one again, by its identity, is sent once."""
        message = EmailMessage(SMTPUTF8)
        message["From"] = SENDER
        message["To"] = mail.to
        message["Subject"] = " ".join(mail.subject.split())
        message["Message-ID"] = f"<{identity}@localhost>"
        message.set_content(mail.text)
        self._outbox.mkdir(parents=True, exist_ok=True)
        written = self._outbox / f".{identity}"
        written.write_bytes(message.as_bytes())
        written.replace(self._outbox / f"{identity}.eml")


@pikku_service
def mailer(*, variables: Variables) -> Mailer:
    return Mailer(variables.outbox)
