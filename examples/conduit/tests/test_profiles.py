from __future__ import annotations

import pytest
from httpx2 import AsyncClient

pytestmark = pytest.mark.anyio

JAKE = {"username": "jake", "bio": None, "image": None, "following": False}


async def test_anybody_reads_a_profile(jake: AsyncClient, anybody: AsyncClient) -> None:
    answer = await anybody.get("/profiles/jake")
    assert answer.status_code == 200
    assert answer.json() == {"profile": JAKE}


async def test_a_follower_sees_whom_they_follow(jake: AsyncClient, jane: AsyncClient) -> None:
    answer = await jane.post("/profiles/jake/follow")
    assert answer.status_code == 200
    assert answer.json() == {"profile": JAKE | {"following": True}}
    assert (await jane.get("/profiles/jake")).json()["profile"]["following"] is True
    assert (await jake.get("/profiles/jane")).json()["profile"]["following"] is False


async def test_following_twice_is_following(jake: AsyncClient, jane: AsyncClient) -> None:
    await jane.post("/profiles/jake/follow")
    answer = await jane.post("/profiles/jake/follow")
    assert answer.status_code == 200
    assert answer.json()["profile"]["following"] is True


async def test_a_follower_can_unfollow(jake: AsyncClient, jane: AsyncClient) -> None:
    await jane.post("/profiles/jake/follow")
    answer = await jane.delete("/profiles/jake/follow")
    assert answer.status_code == 200
    assert answer.json() == {"profile": JAKE}
    assert (await jane.get("/profiles/jake")).json() == {"profile": JAKE}


async def test_unfollowing_somebody_unfollowed_changes_nothing(
    jake: AsyncClient, jane: AsyncClient
) -> None:
    answer = await jane.delete("/profiles/jake/follow")
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
async def test_an_unknown_username_is_not_found(jake: AsyncClient, method: str, path: str) -> None:
    answer = await jake.request(method, path)
    assert answer.status_code == 404
    assert answer.json() == {"errors": {"profile": ["not found"]}}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_following_needs_a_token(
    jake: AsyncClient, anybody: AsyncClient, method: str
) -> None:
    answer = await anybody.request(method, "/profiles/jake/follow")
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": ["is missing"]}}


async def test_a_bad_token_is_refused_where_none_is_needed(
    jake: AsyncClient, anybody: AsyncClient
) -> None:
    answer = await anybody.get("/profiles/jake", headers={"authorization": "Token forged"})
    assert answer.status_code == 401
    assert answer.json() == {"errors": {"token": ["is invalid"]}}
