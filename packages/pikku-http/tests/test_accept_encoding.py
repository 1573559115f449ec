"""Which coding a client would have (RFC 9110, 12.5.3)."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pikku_http.http.accept_encoding import chosen_coding, refuses_identity, weights_of

OFFERED = ("zstd", "br", "gzip")


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br ; q=0.2 ,\tgzip;q=0.3", "gzip"),
        ("deflate", "identity"),
        ("identity", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.000, br", "br"),
        ("*", "zstd"),
        ("*;q=0", "identity"),
        ("zstd;q=0, *", "br"),
        ("gzip, *;q=0", "gzip"),
        ("gzip;q=2", "identity"),
        ("gzip;q=-1", "identity"),
        ("gzip;q=0.1234", "identity"),
        ("gzip;q=nan", "identity"),
        ("gzip;level=9", "identity"),
        ("gzip br", "identity"),
        ("gzip;q=0, gzip", "identity"),
        (",, gzip ,", "gzip"),
    ],
)
def test_the_best_of_what_is_accepted_is_chosen(header: str, coding: str) -> None:
    assert chosen_coding(header, OFFERED) == coding


def test_what_is_not_offered_is_not_chosen() -> None:
    assert chosen_coding("br, zstd, gzip;q=0.1", ["gzip"]) == "gzip"
    assert chosen_coding("gzip", []) == "identity"


@pytest.mark.parametrize("header", ["identity;q=0, gzip", "gzip, *;q=0", "*;q=0"])
def test_a_client_may_take_nothing_without_a_coding(header: str) -> None:
    assert refuses_identity(header)


@pytest.mark.parametrize("header", ["", "gzip", "*;q=0, identity;q=0.1", "identity, *;q=0", "*"])
def test_other_clients_take_it(header: str) -> None:
    assert not refuses_identity(header)


codings = st.sampled_from([*OFFERED, "identity", "deflate", "*"])
weights = st.integers(0, 1000).map(lambda one: one / 1000)


@given(st.dictionaries(codings, weights))
def test_what_is_written_is_read(listed: dict[str, float]) -> None:
    header = ", ".join(f"{name};q={weight:.3f}" for name, weight in listed.items())
    assert weights_of(header) == listed


@given(st.dictionaries(codings, weights))
def test_no_coding_that_is_accepted_is_wanted_more(listed: dict[str, float]) -> None:
    header = ", ".join(f"{name};q={weight:.3f}" for name, weight in listed.items())
    chosen = chosen_coding(header, OFFERED)
    wanted = {one: listed.get(one, listed.get("*", 0.0)) for one in OFFERED}
    if chosen == "identity":
        assert all(one == 0 or one < listed.get("identity", 0.0) for one in wanted.values())
    else:
        assert wanted[chosen] == max(wanted.values()) > 0
        assert wanted[chosen] >= listed.get("identity", 0.0)


@given(st.text())
@example("gzip;q=1" + "0" * 5000)
@example(";" * 5000)
@example(" " * 5000)
def test_whatever_comes_is_read(header: str) -> None:
    assert chosen_coding(header, OFFERED) in {*OFFERED, "identity"}
    assert all(0 <= weight <= 1 for weight in weights_of(header).values())
