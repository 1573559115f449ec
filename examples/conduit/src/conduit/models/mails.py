from __future__ import annotations

from conduit.models.fields import Email, Model, Text


class Mail(Model):
    to: Email
    subject: Text
    text: str
