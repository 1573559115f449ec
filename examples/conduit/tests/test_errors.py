from __future__ import annotations

from httpx2 import Client


def test_a_body_that_is_not_json_is_refused_in_the_contracts_form(
    anybody: Client,
) -> None:
    json = {"content-type": "application/json"}
    answer = anybody.post("/users", content=b'{"user":', headers=json)
    assert 400 <= answer.status_code < 500
    assert list(answer.json()) == ["errors"]
    assert list(answer.json()["errors"]) == ["body"]


def test_an_unknown_path_is_not_found_in_the_contracts_form(anybody: Client) -> None:
    answer = anybody.get("/nothing")
    assert answer.status_code == 404
    assert list(answer.json()["errors"]) == ["body"]


def test_a_method_that_a_path_does_not_have_is_refused(anybody: Client) -> None:
    answer = anybody.patch("/tags")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert list(answer.json()["errors"]) == ["body"]
