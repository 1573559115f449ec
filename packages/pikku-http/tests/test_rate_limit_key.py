"""Whose calls are counted together."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pikku_core import DeclarationError
from pikku_http import by_client, by_header, by_session
from pikku_http.testing import FakeHttp


@dataclass
class Member:
    user_id: int


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "client:192.0.2.7"),
        ("::ffff:192.0.2.7", "client:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "client:2001:db8:1:2::/64"),
        ("::1", "client:::/64"),
        ("fe80::1%eth0", "client:fe80::/64"),
        ("not:an:address", "client:not:an:address"),
        (None, "client:"),
    ],
)
def test_a_client_is_its_address_or_its_network(address: str | None, key: str) -> None:
    assert by_client(FakeHttp(client=address), None) == key


def test_without_http_there_is_no_client() -> None:
    assert by_client(None, Member(7)) is None


def test_a_session_is_known_by_its_field_and_a_stranger_by_its_address() -> None:
    count_by = by_session("user_id")
    assert count_by(FakeHttp(), Member(7)) == count_by(None, Member(7)) == "session:7"
    assert count_by(FakeHttp(client="192.0.2.7"), None) == "client:192.0.2.7"
    assert count_by(None, None) is None


def test_who_has_none_in_the_field_is_known_by_its_address() -> None:
    count_by = by_session("tenant")
    stranger = FakeHttp(client="192.0.2.7")
    assert count_by(stranger, {"tenant": None}) == "client:192.0.2.7"
    assert count_by(stranger, {"tenant": "acme"}) == "session:acme"


def test_a_header_is_known_by_a_hash_of_it() -> None:
    count_by = by_header("X-API-Key")
    keys = [count_by(FakeHttp(headers={"x-api-key": key}), None) for key in ("a-secret", "b")]
    assert keys[0] != keys[1]
    assert keys[0] is not None
    assert keys[0].startswith("x-api-key:")
    assert "a-secret" not in keys[0]
    assert count_by(FakeHttp(client="192.0.2.7"), None) == "client:192.0.2.7"
    assert count_by(None, None) is None


def test_a_header_may_hold_any_bytes() -> None:
    assert by_header("x-key")(FakeHttp(headers={"x-key": "\xff"}), None) is not None


def test_what_names_nothing_is_refused() -> None:
    with pytest.raises(DeclarationError, match="no name"):
        by_session("user.id")
    with pytest.raises(DeclarationError, match="no name of a header"):
        by_header("a b")
