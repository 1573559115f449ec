from __future__ import annotations

from pydantic import BaseModel


class Errors(BaseModel):
    """What is wrong, by field or resource."""

    errors: dict[str, list[str]]
