from __future__ import annotations

from httpx2 import Client


def test_without_articles_there_are_no_tags(anybody: Client) -> None:
    answer = anybody.get("/tags")
    assert answer.status_code == 200
    assert answer.json() == {"tags": []}


def test_the_most_used_tag_comes_first(jake: Client, anybody: Client) -> None:
    for tags in [["b", "c"], ["c"], ["a"]]:
        draft = {"title": "T", "description": "d", "body": "b", "tagList": tags}
        jake.post("/articles", json={"article": draft})
    assert anybody.get("/tags").json() == {"tags": ["c", "a", "b"]}
