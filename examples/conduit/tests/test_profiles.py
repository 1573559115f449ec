from __future__ import annotations

import pytest
from httpx2 import Client

JAKE = {"username": "jake", "bio": None, "image": None, "following": False}


def test_anybody_reads_a_profile(jake: Client, anybody: Client) -> None:
    answer = anybody.get("/profiles/jake")
    assert answer.status_code == 200
    assert answer.json() == {"profile": JAKE}


def test_a_follower_sees_whom_they_follow(jake: Client, jane: Client) -> None:
    answer = jane.post("/profiles/jake/follow")
    assert answer.status_code == 200
    assert answer.json() == {"profile": JAKE | {"following": True}}
    assert jane.get("/profiles/jake").json()["profile"]["following"] is True
    assert jake.get("/profiles/jane").json()["profile"]["following"] is False


def test_following_twice_is_following(jake: Client, jane: Client) -> None:
    jane.post("/profiles/jake/follow")
    answer = jane.post("/profiles/jake/follow")
    assert answer.status_code == 200
    assert answer.json()["profile"]["following"] is True


def test_a_follower_can_unfollow(jake: Client, jane: Client) -> None:
    jane.post("/profiles/jake/follow")
    answer = jane.delete("/profiles/jake/follow")
    assert answer.status_code == 200
    assert answer.json() == {"profile": JAKE}
    assert jane.get("/profiles/jake").json() == {"profile": JAKE}


def test_unfollowing_somebody_unfollowed_changes_nothing(jake: Client, jane: Client) -> None:
    answer = jane.delete("/profiles/jake/follow")
    assert answer.status_code == 200
    assert answer.json() == {"profile": JAKE}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/profiles/nobody"),
        ("POST", "/profiles/nobody/follow"),
        ("DELETE", "/profiles/nobody/follow"),
    ],
)
def test_an_unknown_username_is_not_found(jake: Client, method: str, path: str) -> None:
    answer = jake.request(method, path)
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"profile": ["not found"]}}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_following_needs_a_token(jake: Client, anybody: Client, method: str) -> None:
    answer = anybody.request(method, "/profiles/jake/follow")
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": ["is missing"]}}


def test_a_bad_token_is_refused_where_none_is_needed(jake: Client, anybody: Client) -> None:
    answer = anybody.get("/profiles/jake", headers={"authorization": "Token forged"})
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": ["is invalid"]}}
