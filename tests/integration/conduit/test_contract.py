"""Every operation of the contract, over real connections. `examples/conduit/tests` looks at each more closely."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

import pytest
from httpx2 import Client

Serve: TypeAlias = Callable[..., AbstractContextManager[str]]
Register: TypeAlias = Callable[[str, str], AbstractContextManager[Client]]


@pytest.fixture(scope="module")
def api(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("conduit") / "conduit.sqlite") as address:
        yield address


@pytest.fixture(scope="module")
def jake(api: str, register: Register) -> Iterator[Client]:
    with register(api, "jake") as client:
        yield client


@pytest.fixture(scope="module")
def jane(api: str, register: Register) -> Iterator[Client]:
    with register(api, "jane") as client:
        yield client


@pytest.fixture
def anybody(api: str) -> Iterator[Client]:
    with Client(base_url=api) as client:
        yield client


@pytest.fixture
def article(jake: Client) -> Iterator[dict[str, Any]]:
    draft = {"title": "Dragons", "description": "d", "body": "b", "tagList": ["y", "x"]}
    answer = jake.post("/articles", json={"article": draft})
    assert answer.status_code == 201
    yield answer.json()["article"]
    jake.delete(f"/articles/{answer.json()['article']['slug']}")


def test_a_user_logs_in_and_reads_and_changes_the_account(jake: Client, anybody: Client) -> None:
    login = {"user": {"email": "jake@conduit.test", "password": "secret"}}
    token = anybody.post("/users/login", json=login).json()["user"]["token"]
    anybody.headers["authorization"] = f"Bearer {token}"
    user = anybody.get("/user").json()["user"]
    assert (user["username"], user["email"], user["bio"]) == ("jake", "jake@conduit.test", None)
    changed = jake.put("/user", json={"user": {"bio": "skater", "image": ""}})
    assert (changed.status_code, changed.json()["user"]["bio"]) == (200, "skater")
    assert jake.put("/user", json={"user": {"bio": None}}).json()["user"]["bio"] is None


def test_a_user_follows_and_unfollows_another(jake: Client, jane: Client) -> None:
    seen = [
        answer.json()["profile"]["following"]
        for answer in [
            jane.get("/profiles/jake"),
            jane.post("/profiles/jake/follow"),
            jane.get("/profiles/jake"),
            jane.delete("/profiles/jake/follow"),
        ]
    ]
    assert seen == [False, True, True, False]


def test_an_article_is_published_read_changed_and_deleted(jake: Client, anybody: Client) -> None:
    draft = {"title": "Short-lived", "description": "d", "body": "b", "tagList": ["y", "x"]}
    published = jake.post("/articles", json={"article": draft})
    assert (published.status_code, published.json()["article"]["tagList"]) == (201, ["y", "x"])
    path = f"/articles/{published.json()['article']['slug']}"
    assert anybody.get(path).json() == published.json()
    changed = jake.put(path, json={"article": {"body": "c"}})
    assert (changed.status_code, changed.json()["article"]["body"]) == (200, "c")
    assert changed.json()["article"]["updatedAt"] > changed.json()["article"]["createdAt"]
    assert jake.delete(path).status_code == 204
    assert anybody.get(path).status_code == 404


def test_articles_are_listed_newest_first_without_bodies(
    article: dict[str, Any], jake: Client, anybody: Client
) -> None:
    newer = {"title": "Newer", "description": "d", "body": "b", "tagList": ["x"]}
    slug = jake.post("/articles", json={"article": newer}).json()["article"]["slug"]
    page = anybody.get("/articles", params={"tag": "x", "author": "jake", "limit": 2}).json()
    assert [one["slug"] for one in page["articles"]] == [slug, article["slug"]]
    assert page["articlesCount"] == 2
    assert all("body" not in one for one in page["articles"])
    assert anybody.get("/tags").json() == {"tags": ["x", "y"]}
    jake.delete(f"/articles/{slug}")


def test_the_feed_holds_articles_of_followed_authors(article: dict[str, Any], jane: Client) -> None:
    jane.post("/profiles/jake/follow")
    page = jane.get("/articles/feed").json()
    jane.delete("/profiles/jake/follow")
    assert [one["slug"] for one in page["articles"]] == [article["slug"]]
    assert jane.get("/articles/feed").json() == {"articles": [], "articlesCount": 0}


def test_an_article_becomes_a_favourite_and_no_longer(
    article: dict[str, Any], jane: Client, anybody: Client
) -> None:
    path = f"/articles/{article['slug']}/favorite"
    favourite = jane.post(path).json()["article"]
    assert (favourite["favorited"], favourite["favoritesCount"]) == (True, 1)
    listed = anybody.get("/articles", params={"favorited": "jane"}).json()["articles"]
    assert [(one["slug"], one["favorited"]) for one in listed] == [(article["slug"], False)]
    assert jane.delete(path).json() == {"article": article}


def test_a_comment_is_made_listed_and_deleted(
    article: dict[str, Any], jane: Client, anybody: Client
) -> None:
    path = f"/articles/{article['slug']}/comments"
    made = jane.post(path, json={"comment": {"body": "Thank you!"}})
    assert (made.status_code, made.json()["comment"]["author"]["username"]) == (201, "jane")
    assert anybody.get(path).json() == {"comments": [made.json()["comment"]]}
    assert jane.delete(f"{path}/{made.json()['comment']['id']}").status_code == 204
    assert anybody.get(path).json() == {"comments": []}


def test_what_belongs_to_another_is_forbidden(
    article: dict[str, Any], jake: Client, jane: Client
) -> None:
    path = f"/articles/{article['slug']}"
    comment = jake.post(f"{path}/comments", json={"comment": {"body": "Mine"}}).json()["comment"]
    answers = [
        jane.put(path, json={"article": {"body": "hijacked"}}),
        jane.delete(path),
        jane.delete(f"{path}/comments/{comment['id']}"),
    ]
    assert [(answer.status_code, answer.json()["errors"]) for answer in answers] == [
        (403, {"article": ["forbidden"]}),
        (403, {"article": ["forbidden"]}),
        (403, {"comment": ["forbidden"]}),
    ]


LOGIN = {"email": "jake@conduit.test", "password": "guess"}
BLANK = {"username": "", "email": "", "password": ""}
RIVAL = {"username": "jake", "email": "rival@conduit.test", "password": "secret"}


@pytest.mark.parametrize(
    ("method", "path", "body", "answered"),
    [
        ("POST", "/users/login", {"user": LOGIN}, (401, {"credentials": ["invalid"]})),
        ("POST", "/users", {"user": BLANK}, (422, {key: ["can't be blank"] for key in BLANK})),
        ("POST", "/users", {"user": RIVAL}, (409, {"username": ["has already been taken"]})),
        ("GET", "/user", None, (401, {"token": ["is missing"]})),
        ("GET", "/articles/unknown", None, (404, {"article": ["not found"]})),
        ("GET", "/articles/unknown/comments", None, (404, {"article": ["not found"]})),
        ("GET", "/profiles/unknown", None, (404, {"profile": ["not found"]})),
    ],
)
@pytest.mark.usefixtures("jake")
def test_an_error_says_what_is_wrong(
    anybody: Client, method: str, path: str, body: object, answered: tuple[int, object]
) -> None:
    answer = anybody.request(method, path, json=body)
    assert (answer.status_code, answer.json()["errors"]) == answered


def test_an_invalid_page_is_refused(anybody: Client) -> None:
    answer = anybody.get("/articles", params={"limit": "-1", "offset": "x"})
    assert answer.status_code == 422
    assert sorted(answer.json()["errors"]) == ["limit", "offset"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[]", b"null", b"[" * 100_000, b'{"user": {"email": NaN}}']
)
def test_a_bad_body_is_the_callers_fault_and_the_server_lives(anybody: Client, body: bytes) -> None:
    json = {"content-type": "application/json"}
    answer = anybody.post("/users", content=body, headers=json)
    assert 400 <= answer.status_code < 500
    assert list(answer.json()) == ["errors"]
    assert anybody.get("/tags").status_code == 200
