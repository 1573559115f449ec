"""Claims: a session is good for one job and its data alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import BaseModel

from pikku_core import UnauthorizedError
from pikku_core.services import Signer
from pikku_queue import Claims
from pikku_queue.queue.message import Message


class Session(BaseModel):
    user: str


CLAIMS = Claims(Session, Signer(["s" * 32]))
DATA = b'{"to": "ada", "list": [1, 2]}'
SIGNED = Message(
    id="1",
    queue="mails",
    data=DATA,
    claim=CLAIMS.of(Session(user="ada"), queue="mails", id="1", data=DATA),
)


def test_the_session_comes_back() -> None:
    assert CLAIMS.session(SIGNED) == Session(user="ada")


def test_another_spelling_of_the_same_data_is_the_same_data() -> None:
    assert CLAIMS.session(replace(SIGNED, data=b'{"list":[1,2],"to":"ada"}')) == Session(user="ada")


@pytest.mark.parametrize(
    "changed",
    [
        replace(SIGNED, id="2"),
        replace(SIGNED, queue="other"),
        replace(SIGNED, data=b'{"to": "bob", "list": [1, 2]}'),
        replace(SIGNED, data=b"{"),
        replace(SIGNED, claim=SIGNED.claim[:-2]),
        replace(SIGNED, claim="nothing"),
    ],
    ids=["job", "queue", "data", "no JSON", "cut", "made up"],
)
def test_for_anything_else_it_is_not_genuine(changed: Message) -> None:
    with pytest.raises(UnauthorizedError):
        CLAIMS.session(changed)


def test_another_secret_does_not_read_it() -> None:
    with pytest.raises(UnauthorizedError):
        Claims(Session, Signer(["t" * 32])).session(SIGNED)
