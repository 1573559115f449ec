from __future__ import annotations

from typing import Any

import pytest
from httpx2 import Client

JAKE = {"username": "jake", "email": "jake@conduit.test", "password": "secret"}
LOGIN = {"email": "jake@conduit.test", "password": "secret"}


def test_a_new_user_gets_an_account_and_a_token(anybody: Client) -> None:
    answer = anybody.post("/users", json={"user": JAKE})
    user = answer.json()["user"]
    assert answer.status_code == 201
    assert user.pop("token").count(".") == 2
    assert user == {"username": "jake", "email": "jake@conduit.test", "bio": None, "image": None}


@pytest.mark.parametrize("field", ["username", "email", "password"])
@pytest.mark.parametrize("value", ["", "  ", None])
def test_a_field_of_a_new_user_cannot_be_blank(
    anybody: Client, field: str, value: str | None
) -> None:
    answer = anybody.post("/users", json={"user": {**JAKE, field: value}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {field: ["can't be blank"]}}


def test_every_missing_field_is_named(anybody: Client) -> None:
    answer = anybody.post("/users", json={"user": {"username": "jake"}})
    assert answer.status_code == 422
    assert answer.json() == {
        "errors": {"email": ["can't be blank"], "password": ["can't be blank"]}
    }


def test_a_body_without_its_wrapper_is_refused(anybody: Client) -> None:
    answer = anybody.post("/users", json=JAKE)
    assert answer.status_code == 422
    assert answer.json() == {"errors": {"user": ["can't be blank"]}}


def test_an_address_needs_two_parts(anybody: Client) -> None:
    answer = anybody.post("/users", json={"user": {**JAKE, "email": "jake"}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {"email": ["is invalid"]}}


@pytest.mark.parametrize("field", ["username", "email"])
def test_what_another_user_has_is_taken(jake: Client, anybody: Client, field: str) -> None:
    john = {"username": "john", "email": "john@conduit.test", "password": "secret"}
    answer = anybody.post("/users", json={"user": {**john, field: JAKE[field]}})
    assert answer.status_code == 409
    assert answer.json() == {"errors": {field: ["has already been taken"]}}


def test_an_address_is_taken_in_any_case(jake: Client, anybody: Client) -> None:
    john = {"username": "john", "email": "JAKE@conduit.test", "password": "secret"}
    answer = anybody.post("/users", json={"user": john})
    assert answer.json() == {"errors": {"email": ["has already been taken"]}}


def test_what_is_not_a_field_is_ignored(anybody: Client) -> None:
    answer = anybody.post("/users", json={"user": {**JAKE, "id": 99, "bio": "root"}})
    assert answer.status_code == 201
    assert answer.json()["user"]["bio"] is None


def test_a_user_logs_in(jake: Client, anybody: Client) -> None:
    answer = anybody.post("/users/login", json={"user": LOGIN})
    token = answer.json()["user"]["token"]
    assert answer.status_code == 200
    me = anybody.get("/user", headers={"authorization": f"Token {token}"})
    assert me.json()["user"]["username"] == "jake"


@pytest.mark.parametrize("wrong", [{"password": "guess"}, {"email": "nobody@conduit.test"}])
def test_wrong_credentials_do_not_say_which(
    jake: Client, anybody: Client, wrong: dict[str, str]
) -> None:
    answer = anybody.post("/users/login", json={"user": {**LOGIN, **wrong}})
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"credentials": ["invalid"]}}


@pytest.mark.parametrize("field", ["email", "password"])
def test_credentials_cannot_be_blank(anybody: Client, field: str) -> None:
    answer = anybody.post("/users/login", json={"user": {**LOGIN, field: ""}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {field: ["can't be blank"]}}


def test_a_stale_token_does_not_keep_a_user_from_logging_in(jake: Client) -> None:
    stale = {"authorization": "Token stale"}
    answer = jake.post("/users/login", json={"user": LOGIN}, headers=stale)
    assert answer.status_code == 200


def test_a_user_reads_the_own_account(jake: Client) -> None:
    answer = jake.get("/user")
    assert answer.status_code == 200
    assert answer.json()["user"]["email"] == "jake@conduit.test"


def test_bearer_means_the_same_as_token(jake: Client) -> None:
    bearer = jake.headers["authorization"].replace("Token", "Bearer")
    answer = jake.get("/user", headers={"authorization": bearer})
    assert answer.json()["user"]["username"] == "jake"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({}, "is missing"),
        ({"authorization": "Basic amFrZTpzZWNyZXQ="}, "is missing"),
        ({"authorization": "Token"}, "is invalid"),
        ({"authorization": "Token no.token.atall"}, "is invalid"),
    ],
)
def test_who_is_unknown_has_no_account(
    anybody: Client, header: dict[str, str], message: str
) -> None:
    answer = anybody.get("/user", headers=header)
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": [message]}}


def test_a_bad_token_is_refused_before_the_body_is_looked_at(anybody: Client) -> None:
    answer = anybody.put("/user", content=b"{")
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": ["is missing"]}}


def test_only_what_is_sent_changes(jake: Client) -> None:
    before = jake.get("/user").json()["user"]
    answer = jake.put("/user", json={"user": {"bio": "I like to skateboard"}})
    after = answer.json()["user"]
    assert answer.status_code == 200
    assert after | {"token": ""} == before | {"token": "", "bio": "I like to skateboard"}
    assert jake.get("/user").json()["user"]["bio"] == "I like to skateboard"


@pytest.mark.parametrize("field", ["bio", "image"])
@pytest.mark.parametrize("nothing", [None, ""])
def test_bio_and_image_can_be_removed(jake: Client, field: str, nothing: str | None) -> None:
    jake.put("/user", json={"user": {"bio": "a", "image": "https://b.test/c.png"}})
    answer = jake.put("/user", json={"user": {field: nothing}})
    assert answer.json()["user"][field] is None
    assert jake.get("/user").json()["user"][field] is None


@pytest.mark.parametrize("field", ["username", "email", "password"])
@pytest.mark.parametrize("nothing", [None, ""])
def test_other_fields_cannot_be_removed(jake: Client, field: str, nothing: str | None) -> None:
    answer = jake.put("/user", json={"user": {field: nothing}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {field: ["can't be blank"]}}


def test_a_change_names_at_least_one_field(jake: Client) -> None:
    answer = jake.put("/user", json={"user": {}})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {"user": ["needs at least one field to change"]}}


def test_a_change_cannot_take_what_another_user_has(jake: Client, jane: Client) -> None:
    answer = jane.put("/user", json={"user": {"username": "jake"}})
    assert answer.status_code == 409
    assert answer.json() == {"errors": {"username": ["has already been taken"]}}


def test_a_new_password_replaces_the_old_one(jake: Client, anybody: Client) -> None:
    jake.put("/user", json={"user": {"password": "better"}})

    def status(password: str) -> int:
        login = {"user": {**LOGIN, "password": password}}
        return anybody.post("/users/login", json=login).status_code

    assert [status("better"), status("secret")] == [200, 401]


def test_a_token_stays_valid_when_the_name_changes(jake: Client) -> None:
    changes: dict[str, Any] = {"username": "jacob", "email": "jacob@conduit.test"}
    jake.put("/user", json={"user": changes})
    answer = jake.get("/user")
    assert answer.json()["user"]["username"] == "jacob"


def test_no_answer_holds_a_password(jake: Client) -> None:
    answer = jake.get("/user")
    assert set(answer.json()["user"]) == {"email", "token", "username", "bio", "image"}
