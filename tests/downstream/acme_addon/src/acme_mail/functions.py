"""The function that the addon brings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from acme_mail.models import Mail, Receipt
from pikku_core import pikku_sessionless_func

if TYPE_CHECKING:
    from acme_mail.services import Mailer

if os.environ.get("ACME_EXPLODE"):
    raise RuntimeError("acme_mail.functions was imported")


@pikku_sessionless_func(title="Send a mail")
async def send(data: Mail, *, mailer: Mailer) -> Receipt:
    """Sends a mail."""
    return Receipt(number=mailer.deliver(data.to, data.text), to=data.to)
