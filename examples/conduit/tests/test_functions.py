"""A function needs no server and no App: what it asks for is in its signature."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from conduit.functions.tags import list_tags
from conduit.models.tags import TagList
from conduit.services.tags import Tags


class TwoTags(Tags):
    def list(self) -> list[str]:
        return ["dragons", "training"]


def test_a_function_is_called_with_what_it_needs() -> None:
    with closing(sqlite3.connect(":memory:")) as unused:
        assert list_tags(tags=TwoTags(unused)) == TagList(tags=["dragons", "training"])
