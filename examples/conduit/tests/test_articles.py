from __future__ import annotations

import re
from typing import Any

import pytest
from httpx2 import Client

DRAFT = {"title": "Dragons", "description": "About dragons", "body": "They exist."}
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"


def publish(author: Client, title: str, **fields: Any) -> str:
    """Publishes an article and returns its slug."""
    answer = author.post("/articles", json={"article": {**DRAFT, "title": title, **fields}})
    slug: str = answer.json()["article"]["slug"]
    return slug


def slugs(reader: Client, path: str) -> list[str]:
    answer = reader.get(path)
    return [article["slug"] for article in answer.json()["articles"]]


def test_a_new_article_comes_back_whole(jake: Client) -> None:
    draft = {**DRAFT, "tagList": ["training", "dragons"]}
    answer = jake.post("/articles", json={"article": draft})
    article = answer.json()["article"]
    assert answer.status_code == 201
    assert re.fullmatch(TIMESTAMP, article["createdAt"])
    assert article == {
        "slug": "dragons",
        "title": "Dragons",
        "description": "About dragons",
        "body": "They exist.",
        "tagList": ["training", "dragons"],
        "createdAt": article["createdAt"],
        "updatedAt": article["createdAt"],
        "favorited": False,
        "favoritesCount": 0,
        "author": {"username": "jake", "bio": None, "image": None, "following": False},
    }


def test_an_article_needs_no_tags(jake: Client) -> None:
    answer = jake.post("/articles", json={"article": DRAFT})
    assert answer.json()["article"]["tagList"] == []


def test_a_tag_counts_once(jake: Client) -> None:
    draft = {**DRAFT, "tagList": ["b", "a", "b"]}
    answer = jake.post("/articles", json={"article": draft})
    assert answer.json()["article"]["tagList"] == ["b", "a"]


@pytest.mark.parametrize("field", ["title", "description", "body"])
def test_a_field_of_a_new_article_cannot_be_blank(jake: Client, field: str) -> None:
    answer = jake.post("/articles", json={"article": {**DRAFT, field: ""}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {field: ["can't be blank"]}}


def test_one_title_can_stand_on_two_articles(jake: Client) -> None:
    first, second = publish(jake, "Dragons"), publish(jake, "Dragons")
    assert first == "dragons"
    assert re.fullmatch(r"dragons-[0-9a-f]{8}", second)


def test_an_article_named_feed_does_not_hide_behind_the_feed(jake: Client) -> None:
    slug = publish(jake, "Feed")
    answer = jake.get(f"/articles/{slug}")
    assert answer.json()["article"]["title"] == "Feed"


def test_anybody_reads_an_article(article: dict[str, Any], anybody: Client) -> None:
    answer = anybody.get(f"/articles/{article['slug']}")
    assert answer.status_code == 200
    assert answer.json() == {"article": article}


def test_a_change_touches_only_what_is_sent(article: dict[str, Any], jake: Client) -> None:
    path = f"/articles/{article['slug']}"
    answer = jake.put(path, json={"article": {"body": "With two hands"}})
    changed = answer.json()["article"]
    assert answer.status_code == 200
    assert changed["updatedAt"] > article["updatedAt"]
    assert changed == article | {"body": "With two hands", "updatedAt": changed["updatedAt"]}
    assert jake.get(path).json()["article"] == changed


def test_the_slug_follows_the_title(article: dict[str, Any], jake: Client) -> None:
    answer = jake.put(
        f"/articles/{article['slug']}", json={"article": {"title": "Did you train it?"}}
    )
    assert answer.json()["article"]["slug"] == "did-you-train-it"
    assert jake.get(f"/articles/{article['slug']}").status_code == 404


def test_the_slug_stays_where_the_title_does(jake: Client) -> None:
    publish(jake, "Dragons")
    slug = publish(jake, "Dragons")
    answer = jake.put(f"/articles/{slug}", json={"article": {"title": "Dragons"}})
    assert answer.json()["article"]["slug"] == slug


def test_tags_are_replaced_and_removed(article: dict[str, Any], jake: Client) -> None:
    path = f"/articles/{article['slug']}"
    answer = jake.put(path, json={"article": {"tagList": ["one"]}})
    assert answer.json()["article"]["tagList"] == ["one"]
    jake.put(path, json={"article": {"tagList": []}})
    assert jake.get(path).json()["article"]["tagList"] == []


@pytest.mark.parametrize("field", ["title", "description", "body", "tagList"])
def test_a_change_cannot_remove_a_field(article: dict[str, Any], jake: Client, field: str) -> None:
    answer = jake.put(f"/articles/{article['slug']}", json={"article": {field: None}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {field: ["can't be blank"]}}


def test_a_deleted_article_is_gone_with_all_that_hung_on_it(
    article: dict[str, Any], jake: Client, jane: Client
) -> None:
    path = f"/articles/{article['slug']}"
    jane.post(f"{path}/favorite")
    jane.post(f"{path}/comments", json={"comment": {"body": "Nice"}})
    answer = jake.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert jake.get(path).status_code == 404
    assert jake.get("/tags").json() == {"tags": []}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_its_author_changes_an_article(
    article: dict[str, Any], jane: Client, method: str
) -> None:
    path = f"/articles/{article['slug']}"
    answer = jane.request(method, path, json={"article": {"body": "hijacked"}})
    assert answer.status_code == 403
    assert answer.json() == {"errors": {"article": ["forbidden"]}}
    assert jane.get(path).json()["article"]["body"] == article["body"]


UNKNOWN = [
    ("GET", "/articles/unknown"),
    ("PUT", "/articles/unknown"),
    ("DELETE", "/articles/unknown"),
    ("POST", "/articles/unknown/favorite"),
    ("DELETE", "/articles/unknown/favorite"),
]


@pytest.mark.parametrize(("method", "path"), UNKNOWN)
def test_an_unknown_slug_is_not_found(jake: Client, method: str, path: str) -> None:
    body = {"article": {"body": "test"}} if method == "PUT" else None
    answer = jake.request(method, path, json=body)
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"article": ["not found"]}}


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/articles"), ("GET", "/articles/feed"), *UNKNOWN[1:]]
)
def test_whoever_changes_something_needs_a_token(anybody: Client, method: str, path: str) -> None:
    answer = anybody.request(method, path)
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": ["is missing"]}}


def test_a_favourite_is_counted_and_marked_for_its_fan(
    article: dict[str, Any], jake: Client, jane: Client
) -> None:
    path = f"/articles/{article['slug']}"
    answer = jane.post(f"{path}/favorite")
    assert answer.status_code == 200
    assert answer.json()["article"] == article | {"favorited": True, "favoritesCount": 1}
    seen_by_jake = jake.get(path).json()["article"]
    assert seen_by_jake == article | {"favorited": False, "favoritesCount": 1}


def test_a_favourite_counts_once_for_each_fan(
    article: dict[str, Any], jake: Client, jane: Client
) -> None:
    path = f"/articles/{article['slug']}/favorite"
    for fan in [jane, jane, jake]:
        answer = fan.post(path)
    assert answer.json()["article"]["favoritesCount"] == 2


def test_a_favourite_can_be_taken_back(article: dict[str, Any], jane: Client) -> None:
    path = f"/articles/{article['slug']}/favorite"
    jane.post(path)
    for _ in range(2):
        answer = jane.delete(path)
        assert answer.status_code == 200
        assert answer.json() == {"article": article}


def test_a_favourite_needs_no_body_but_may_say_it_is_json(
    article: dict[str, Any], jane: Client
) -> None:
    empty = {"content-type": "application/json"}
    answer = jane.post(f"/articles/{article['slug']}/favorite", headers=empty)
    assert answer.status_code == 200


def test_a_list_has_no_bodies(article: dict[str, Any], anybody: Client) -> None:
    answer = anybody.get("/articles")
    assert answer.status_code == 200
    article.pop("body")
    assert answer.json() == {"articles": [article], "articlesCount": 1}


def test_no_articles_are_an_empty_list(anybody: Client) -> None:
    answer = anybody.get("/articles")
    assert answer.json() == {"articles": [], "articlesCount": 0}


def test_the_newest_article_comes_first(jake: Client) -> None:
    published = [publish(jake, f"Article {number}") for number in range(3)]
    assert slugs(jake, "/articles") == published[::-1]


def test_a_list_comes_in_pages_and_counts_them_all(jake: Client) -> None:
    for number in range(3):
        publish(jake, f"Article {number}")
    answer = jake.get("/articles?limit=1&offset=1")
    assert [article["slug"] for article in answer.json()["articles"]] == ["article-1"]
    assert answer.json()["articlesCount"] == 3
    assert slugs(jake, "/articles?offset=3") == []


def test_a_page_has_twenty_articles_unless_told_otherwise(jake: Client) -> None:
    for number in range(21):
        publish(jake, f"Article {number}")
    assert len(slugs(jake, "/articles")) == 20


@pytest.mark.parametrize("path", ["/articles", "/articles/feed"])
@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", "0"), ("limit", "-1"), ("limit", "many"), ("limit", "1001"), ("offset", "-1")],
)
def test_a_page_that_cannot_be_is_refused(jake: Client, path: str, field: str, value: str) -> None:
    answer = jake.get(path, params={field: value})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


def test_a_list_by_tag_author_and_fan(jake: Client, jane: Client) -> None:
    tagged = publish(jake, "Tagged", tagList=["dragons"])
    loved = publish(jane, "Loved", tagList=["dragons", "love"])
    jake.post(f"/articles/{loved}/favorite")
    assert slugs(jake, "/articles?tag=dragons") == [loved, tagged]
    assert slugs(jake, "/articles?author=jane") == [loved]
    assert slugs(jake, "/articles?favorited=jake") == [loved]
    assert slugs(jake, "/articles?tag=dragons&author=jake") == [tagged]
    assert slugs(jake, "/articles?author=nobody") == []


def test_a_reader_sees_own_favourites_and_authors_in_lists(
    article: dict[str, Any], jane: Client
) -> None:
    jane.post(f"/articles/{article['slug']}/favorite")
    jane.post("/profiles/jake/follow")
    (listed,) = jane.get("/articles").json()["articles"]
    assert (listed["favorited"], listed["author"]["following"]) == (True, True)


def test_the_feed_holds_what_followed_authors_wrote(jake: Client, jane: Client) -> None:
    publish(jane, "My own")
    first, second = publish(jake, "First"), publish(jake, "Second")
    assert jane.get("/articles/feed").json() == {"articles": [], "articlesCount": 0}
    jane.post("/profiles/jake/follow")
    assert slugs(jane, "/articles/feed") == [second, first]
    page = jane.get("/articles/feed?limit=1&offset=1").json()
    assert [article["slug"] for article in page["articles"]] == [first]
    assert page["articlesCount"] == 2
    assert "body" not in page["articles"][0]
