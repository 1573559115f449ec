from __future__ import annotations

from typing import Any

import pytest
from httpx2 import Client

COMMENT = {"comment": {"body": "His name was my name too."}}


@pytest.fixture
def path(article: dict[str, Any]) -> str:
    return f"/articles/{article['slug']}/comments"


def test_a_comment_comes_back_whole(path: str, jane: Client) -> None:
    answer = jane.post(path, json=COMMENT)
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


def test_a_comment_cannot_be_blank(path: str, jane: Client) -> None:
    answer = jane.post(path, json={"comment": {"body": ""}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {"body": ["can't be blank"]}}


def test_anybody_reads_the_comments_newest_first(path: str, jane: Client, anybody: Client) -> None:
    first = jane.post(path, json=COMMENT).json()["comment"]
    second = jane.post(path, json=COMMENT).json()["comment"]
    answer = anybody.get(path)
    assert answer.status_code == 200
    assert answer.json() == {"comments": [second, first]}


def test_a_reader_sees_whom_they_follow(path: str, jake: Client, jane: Client) -> None:
    jane.post(path, json=COMMENT)
    jake.post("/profiles/jane/follow")
    (comment,) = jake.get(path).json()["comments"]
    assert comment["author"]["following"] is True


def test_the_author_deletes_a_comment_and_no_other(path: str, jane: Client) -> None:
    first = jane.post(path, json=COMMENT).json()["comment"]
    second = jane.post(path, json=COMMENT).json()["comment"]
    answer = jane.delete(f"{path}/{first['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert jane.get(path).json() == {"comments": [second]}


def test_nobody_else_deletes_a_comment(path: str, jake: Client, jane: Client) -> None:
    comment = jane.post(path, json=COMMENT).json()["comment"]
    answer = jake.delete(f"{path}/{comment['id']}")
    assert answer.status_code == 403
    assert answer.json() == {"errors": {"comment": ["forbidden"]}}
    assert jake.get(path).json() == {"comments": [comment]}


def test_an_unknown_comment_is_not_found(path: str, jane: Client) -> None:
    answer = jane.delete(f"{path}/99999")
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"comment": ["not found"]}}


def test_a_comment_is_found_under_its_own_article_only(
    path: str, jake: Client, jane: Client
) -> None:
    comment = jane.post(path, json=COMMENT).json()["comment"]
    other = {"title": "Other", "description": "other", "body": "other"}
    jake.post("/articles", json={"article": other})
    answer = jane.delete(f"/articles/other/comments/{comment['id']}")
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"comment": ["not found"]}}


def test_a_number_of_a_comment_is_a_number(path: str, jane: Client) -> None:
    answer = jane.delete(f"{path}/first")
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
def test_an_unknown_article_is_not_found(jake: Client, method: str, path: str) -> None:
    answer = jake.request(method, path, json=COMMENT if method == "POST" else None)
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"article": ["not found"]}}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/articles/any/comments"), ("DELETE", "/articles/any/comments/1")],
)
def test_commenting_needs_a_token(anybody: Client, method: str, path: str) -> None:
    answer = anybody.request(method, path)
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": ["is missing"]}}
