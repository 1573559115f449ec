from __future__ import annotations

from conduit.models.fields import Model


class TagList(Model):
    tags: list[str]
