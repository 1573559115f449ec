from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.models.tags import TagList
from pikku_core import pikku_sessionless_func

if TYPE_CHECKING:
    from conduit.services.tags import Tags


@pikku_sessionless_func(title="List the tags in use", tags=["tags"])
def list_tags(*, tags: Tags) -> TagList:
    return TagList(tags=tags.list())
