"""A function needs no server and no App: what it asks for is in its signature."""

from __future__ import annotations

from conduit.functions.tags import list_tags
from conduit.models.tags import TagList
from conduit.services.tags import Tags
from pikku_core.testing import stub


def test_a_function_is_called_with_what_it_needs() -> None:
    tags = stub(Tags, list=["dragons", "training"])
    assert list_tags(tags=tags) == TagList(tags=["dragons", "training"])
