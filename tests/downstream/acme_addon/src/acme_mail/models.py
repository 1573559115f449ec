"""What goes in and what comes out."""

from __future__ import annotations

from pydantic import BaseModel


class Mail(BaseModel):
    """A message to send."""

    to: str
    text: str


class Receipt(BaseModel):
    """Says that a message was sent, as the how manieth of this process."""

    number: int
    to: str
