from __future__ import annotations

import pytest
from httpx2 import AsyncClient

pytestmark = pytest.mark.anyio


async def test_without_articles_there_are_no_tags(anybody: AsyncClient) -> None:
    answer = await anybody.get("/tags")
    assert answer.status_code == 200
    assert answer.json() == {"tags": []}


async def test_the_most_used_tag_comes_first(jake: AsyncClient, anybody: AsyncClient) -> None:
    for tags in [["b", "c"], ["c"], ["a"]]:
        draft = {"title": "T", "description": "d", "body": "b", "tagList": tags}
        await jake.post("/articles", json={"article": draft})
    assert (await anybody.get("/tags")).json() == {"tags": ["c", "a", "b"]}
