from __future__ import annotations

from typing import Any

import pytest
from httpx2 import AsyncClient

pytestmark = pytest.mark.anyio

COMMENT = {"comment": {"body": "His name was my name too."}}


@pytest.fixture
def path(article: dict[str, Any]) -> str:
    return f"/articles/{article['slug']}/comments"


async def test_a_comment_comes_back_whole(path: str, jane: AsyncClient) -> None:
    answer = await jane.post(path, json=COMMENT)
    comment = answer.json()["comment"]
    assert answer.status_code == 201
    assert isinstance(comment["id"], int)
    assert comment["createdAt"] == comment["updatedAt"]
    assert comment["body"] == "His name was my name too."
    assert comment["author"] == {
        "username": "jane",
        "bio": None,
        "image": None,
        "following": False,
    }


async def test_a_comment_cannot_be_blank(path: str, jane: AsyncClient) -> None:
    answer = await jane.post(path, json={"comment": {"body": ""}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {"body": ["can't be blank"]}}


async def test_anybody_reads_the_comments_newest_first(
    path: str, jane: AsyncClient, anybody: AsyncClient
) -> None:
    first = (await jane.post(path, json=COMMENT)).json()["comment"]
    second = (await jane.post(path, json=COMMENT)).json()["comment"]
    answer = await anybody.get(path)
    assert answer.status_code == 200
    assert answer.json() == {"comments": [second, first]}


async def test_a_reader_sees_whom_they_follow(
    path: str, jake: AsyncClient, jane: AsyncClient
) -> None:
    await jane.post(path, json=COMMENT)
    await jake.post("/profiles/jane/follow")
    (comment,) = (await jake.get(path)).json()["comments"]
    assert comment["author"]["following"] is True


async def test_the_author_deletes_a_comment_and_no_other(path: str, jane: AsyncClient) -> None:
    first = (await jane.post(path, json=COMMENT)).json()["comment"]
    second = (await jane.post(path, json=COMMENT)).json()["comment"]
    answer = await jane.delete(f"{path}/{first['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await jane.get(path)).json() == {"comments": [second]}


async def test_nobody_else_deletes_a_comment(
    path: str, jake: AsyncClient, jane: AsyncClient
) -> None:
    comment = (await jane.post(path, json=COMMENT)).json()["comment"]
    answer = await jake.delete(f"{path}/{comment['id']}")
    assert answer.status_code == 403
    assert answer.json() == {"errors": {"comment": ["forbidden"]}}
    assert (await jake.get(path)).json() == {"comments": [comment]}


async def test_an_unknown_comment_is_not_found(path: str, jane: AsyncClient) -> None:
    answer = await jane.delete(f"{path}/99999")
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"comment": ["not found"]}}


async def test_a_comment_is_found_under_its_own_article_only(
    path: str, jake: AsyncClient, jane: AsyncClient
) -> None:
    comment = (await jane.post(path, json=COMMENT)).json()["comment"]
    other = {"title": "Other", "description": "other", "body": "other"}
    await jake.post("/articles", json={"article": other})
    answer = await jane.delete(f"/articles/other/comments/{comment['id']}")
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"comment": ["not found"]}}


async def test_a_number_of_a_comment_is_a_number(path: str, jane: AsyncClient) -> None:
    answer = await jane.delete(f"{path}/first")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["id"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/articles/unknown/comments"),
        ("POST", "/articles/unknown/comments"),
        ("DELETE", "/articles/unknown/comments/1"),
    ],
)
async def test_an_unknown_article_is_not_found(jake: AsyncClient, method: str, path: str) -> None:
    answer = await jake.request(method, path, json=COMMENT if method == "POST" else None)
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"article": ["not found"]}}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/articles/any/comments"), ("DELETE", "/articles/any/comments/1")],
)
async def test_commenting_needs_a_token(anybody: AsyncClient, method: str, path: str) -> None:
    answer = await anybody.request(method, path)
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": ["is missing"]}}
