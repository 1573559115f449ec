from __future__ import annotations

import re
from typing import Any

import pytest
from httpx2 import AsyncClient

pytestmark = pytest.mark.anyio

DRAFT = {"title": "Dragons", "description": "About dragons", "body": "They exist."}
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"


async def publish(author: AsyncClient, title: str, **fields: Any) -> str:
    """Publishes an article and returns its slug."""
    answer = await author.post("/articles", json={"article": {**DRAFT, "title": title, **fields}})
    slug: str = answer.json()["article"]["slug"]
    return slug


async def slugs(reader: AsyncClient, path: str) -> list[str]:
    answer = await reader.get(path)
    return [article["slug"] for article in answer.json()["articles"]]


async def test_a_new_article_comes_back_whole(jake: AsyncClient) -> None:
    draft = {**DRAFT, "tagList": ["training", "dragons"]}
    answer = await jake.post("/articles", json={"article": draft})
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


async def test_an_article_needs_no_tags(jake: AsyncClient) -> None:
    answer = await jake.post("/articles", json={"article": DRAFT})
    assert answer.json()["article"]["tagList"] == []


async def test_a_tag_counts_once(jake: AsyncClient) -> None:
    draft = {**DRAFT, "tagList": ["b", "a", "b"]}
    answer = await jake.post("/articles", json={"article": draft})
    assert answer.json()["article"]["tagList"] == ["b", "a"]


@pytest.mark.parametrize("field", ["title", "description", "body"])
async def test_a_field_of_a_new_article_cannot_be_blank(jake: AsyncClient, field: str) -> None:
    answer = await jake.post("/articles", json={"article": {**DRAFT, field: ""}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {field: ["can't be blank"]}}


async def test_one_title_can_stand_on_two_articles(jake: AsyncClient) -> None:
    first, second = await publish(jake, "Dragons"), await publish(jake, "Dragons")
    assert first == "dragons"
    assert re.fullmatch(r"dragons-[0-9a-f]{8}", second)


async def test_an_article_named_feed_does_not_hide_behind_the_feed(jake: AsyncClient) -> None:
    slug = await publish(jake, "Feed")
    answer = await jake.get(f"/articles/{slug}")
    assert answer.json()["article"]["title"] == "Feed"


async def test_anybody_reads_an_article(article: dict[str, Any], anybody: AsyncClient) -> None:
    answer = await anybody.get(f"/articles/{article['slug']}")
    assert answer.status_code == 200
    assert answer.json() == {"article": article}


async def test_a_change_touches_only_what_is_sent(
    article: dict[str, Any], jake: AsyncClient
) -> None:
    path = f"/articles/{article['slug']}"
    answer = await jake.put(path, json={"article": {"body": "With two hands"}})
    changed = answer.json()["article"]
    assert answer.status_code == 200
    assert changed["updatedAt"] > article["updatedAt"]
    assert changed == article | {"body": "With two hands", "updatedAt": changed["updatedAt"]}
    assert (await jake.get(path)).json()["article"] == changed


async def test_the_slug_follows_the_title(article: dict[str, Any], jake: AsyncClient) -> None:
    answer = await jake.put(
        f"/articles/{article['slug']}", json={"article": {"title": "Did you train it?"}}
    )
    assert answer.json()["article"]["slug"] == "did-you-train-it"
    assert (await jake.get(f"/articles/{article['slug']}")).status_code == 404


async def test_the_slug_stays_where_the_title_does(jake: AsyncClient) -> None:
    await publish(jake, "Dragons")
    slug = await publish(jake, "Dragons")
    answer = await jake.put(f"/articles/{slug}", json={"article": {"title": "Dragons"}})
    assert answer.json()["article"]["slug"] == slug


async def test_tags_are_replaced_and_removed(article: dict[str, Any], jake: AsyncClient) -> None:
    path = f"/articles/{article['slug']}"
    answer = await jake.put(path, json={"article": {"tagList": ["one"]}})
    assert answer.json()["article"]["tagList"] == ["one"]
    await jake.put(path, json={"article": {"tagList": []}})
    assert (await jake.get(path)).json()["article"]["tagList"] == []


@pytest.mark.parametrize("field", ["title", "description", "body", "tagList"])
async def test_a_change_cannot_remove_a_field(
    article: dict[str, Any], jake: AsyncClient, field: str
) -> None:
    answer = await jake.put(f"/articles/{article['slug']}", json={"article": {field: None}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {field: ["can't be blank"]}}


async def test_a_deleted_article_is_gone_with_all_that_hung_on_it(
    article: dict[str, Any], jake: AsyncClient, jane: AsyncClient
) -> None:
    path = f"/articles/{article['slug']}"
    await jane.post(f"{path}/favorite")
    await jane.post(f"{path}/comments", json={"comment": {"body": "Nice"}})
    answer = await jake.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await jake.get(path)).status_code == 404
    assert (await jake.get("/tags")).json() == {"tags": []}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_only_its_author_changes_an_article(
    article: dict[str, Any], jane: AsyncClient, method: str
) -> None:
    path = f"/articles/{article['slug']}"
    answer = await jane.request(method, path, json={"article": {"body": "hijacked"}})
    assert answer.status_code == 403
    assert answer.json() == {"errors": {"article": ["forbidden"]}}
    assert (await jane.get(path)).json()["article"]["body"] == article["body"]


UNKNOWN = [
    ("GET", "/articles/unknown"),
    ("PUT", "/articles/unknown"),
    ("DELETE", "/articles/unknown"),
    ("POST", "/articles/unknown/favorite"),
    ("DELETE", "/articles/unknown/favorite"),
]


@pytest.mark.parametrize(("method", "path"), UNKNOWN)
async def test_an_unknown_slug_is_not_found(jake: AsyncClient, method: str, path: str) -> None:
    body = {"article": {"body": "test"}} if method == "PUT" else None
    answer = await jake.request(method, path, json=body)
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"article": ["not found"]}}


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/articles"), ("GET", "/articles/feed"), *UNKNOWN[1:]]
)
async def test_whoever_changes_something_needs_a_token(
    anybody: AsyncClient, method: str, path: str
) -> None:
    answer = await anybody.request(method, path)
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": ["is missing"]}}


async def test_a_favourite_is_counted_and_marked_for_its_fan(
    article: dict[str, Any], jake: AsyncClient, jane: AsyncClient
) -> None:
    path = f"/articles/{article['slug']}"
    answer = await jane.post(f"{path}/favorite")
    assert answer.status_code == 200
    assert answer.json()["article"] == article | {"favorited": True, "favoritesCount": 1}
    seen_by_jake = (await jake.get(path)).json()["article"]
    assert seen_by_jake == article | {"favorited": False, "favoritesCount": 1}


async def test_a_favourite_counts_once_for_each_fan(
    article: dict[str, Any], jake: AsyncClient, jane: AsyncClient
) -> None:
    path = f"/articles/{article['slug']}/favorite"
    for fan in [jane, jane, jake]:
        answer = await fan.post(path)
    assert answer.json()["article"]["favoritesCount"] == 2


async def test_a_favourite_can_be_taken_back(article: dict[str, Any], jane: AsyncClient) -> None:
    path = f"/articles/{article['slug']}/favorite"
    await jane.post(path)
    for _ in range(2):
        answer = await jane.delete(path)
        assert answer.status_code == 200
        assert answer.json() == {"article": article}


async def test_a_favourite_needs_no_body_but_may_say_it_is_json(
    article: dict[str, Any], jane: AsyncClient
) -> None:
    empty = {"content-type": "application/json"}
    answer = await jane.post(f"/articles/{article['slug']}/favorite", headers=empty)
    assert answer.status_code == 200


async def test_a_list_has_no_bodies(article: dict[str, Any], anybody: AsyncClient) -> None:
    answer = await anybody.get("/articles")
    assert answer.status_code == 200
    article.pop("body")
    assert answer.json() == {"articles": [article], "articlesCount": 1}


async def test_no_articles_are_an_empty_list(anybody: AsyncClient) -> None:
    answer = await anybody.get("/articles")
    assert answer.json() == {"articles": [], "articlesCount": 0}


async def test_the_newest_article_comes_first(jake: AsyncClient) -> None:
    published = [await publish(jake, f"Article {number}") for number in range(3)]
    assert await slugs(jake, "/articles") == published[::-1]


async def test_a_list_comes_in_pages_and_counts_them_all(jake: AsyncClient) -> None:
    for number in range(3):
        await publish(jake, f"Article {number}")
    answer = await jake.get("/articles?limit=1&offset=1")
    assert [article["slug"] for article in answer.json()["articles"]] == ["article-1"]
    assert answer.json()["articlesCount"] == 3
    assert await slugs(jake, "/articles?offset=3") == []


async def test_a_page_has_twenty_articles_unless_told_otherwise(jake: AsyncClient) -> None:
    for number in range(21):
        await publish(jake, f"Article {number}")
    assert len(await slugs(jake, "/articles")) == 20


@pytest.mark.parametrize("path", ["/articles", "/articles/feed"])
@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", "0"), ("limit", "-1"), ("limit", "many"), ("limit", "1001"), ("offset", "-1")],
)
async def test_a_page_that_cannot_be_is_refused(
    jake: AsyncClient, path: str, field: str, value: str
) -> None:
    answer = await jake.get(path, params={field: value})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


async def test_a_list_by_tag_author_and_fan(jake: AsyncClient, jane: AsyncClient) -> None:
    tagged = await publish(jake, "Tagged", tagList=["dragons"])
    loved = await publish(jane, "Loved", tagList=["dragons", "love"])
    await jake.post(f"/articles/{loved}/favorite")
    assert await slugs(jake, "/articles?tag=dragons") == [loved, tagged]
    assert await slugs(jake, "/articles?author=jane") == [loved]
    assert await slugs(jake, "/articles?favorited=jake") == [loved]
    assert await slugs(jake, "/articles?tag=dragons&author=jake") == [tagged]
    assert await slugs(jake, "/articles?author=nobody") == []


async def test_a_reader_sees_own_favourites_and_authors_in_lists(
    article: dict[str, Any], jane: AsyncClient
) -> None:
    await jane.post(f"/articles/{article['slug']}/favorite")
    await jane.post("/profiles/jake/follow")
    (listed,) = (await jane.get("/articles")).json()["articles"]
    assert (listed["favorited"], listed["author"]["following"]) == (True, True)


async def test_the_feed_holds_what_followed_authors_wrote(
    jake: AsyncClient, jane: AsyncClient
) -> None:
    await publish(jane, "My own")
    first, second = await publish(jake, "First"), await publish(jake, "Second")
    assert (await jane.get("/articles/feed")).json() == {"articles": [], "articlesCount": 0}
    await jane.post("/profiles/jake/follow")
    assert await slugs(jane, "/articles/feed") == [second, first]
    page = (await jane.get("/articles/feed?limit=1&offset=1")).json()
    assert [article["slug"] for article in page["articles"]] == [first]
    assert page["articlesCount"] == 2
    assert "body" not in page["articles"][0]
