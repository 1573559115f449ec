"""Data types: a model, one that is written otherwise than it is read, a list."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, computed_field


class CardRef(BaseModel):
    """Which card."""

    card_id: int


class Card(BaseModel):
    """A card."""

    card_id: int
    title: str
    due: date | None = None

    @computed_field
    @property
    def label(self) -> str:
        """What is shown of it."""
        return f"#{self.card_id} {self.title}"
