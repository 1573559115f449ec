"""Values of HTTP's settings that cannot be meant."""

from __future__ import annotations

import pytest

from pikku_core.plugin.registry import Registry
from pikku_http.http.setting_checks import (
    at_least_one,
    heartbeat,
    max_connections,
    max_head,
    not_negative,
    timeout,
    trusted_proxies,
    unobserved,
)

REGISTRY = Registry()


@pytest.mark.parametrize(("value", "fault"), [(1, ""), (0, "must be 1 or more, and is 0.")])
def test_a_limit_has_room_for_a_byte(value: int, fault: str) -> None:
    assert at_least_one(value, REGISTRY) == fault


def test_there_may_be_no_memory_for_files_and_not_less() -> None:
    assert not_negative(0, REGISTRY) == ""
    assert not_negative(-1, REGISTRY) == "must be 0 or more, and is -1."


def test_a_head_has_room_for_what_browsers_send() -> None:
    assert max_head(1024, REGISTRY) == ""
    assert max_head(1023, REGISTRY) == "must be 1024 or more, and is 1023."


def test_a_server_has_connections() -> None:
    assert max_connections(0, REGISTRY) == max_connections(1, REGISTRY) == ""
    assert max_connections(-1, REGISTRY).startswith("must be 1 or more, or 0 for any number")


@pytest.mark.parametrize(("value", "holds"), [(0.1, True), (3600.0, True), (0.0, False)])
def test_a_timeout_is_a_time(value: float, *, holds: bool) -> None:
    assert (timeout(value, REGISTRY) == "") is holds


@pytest.mark.parametrize(
    ("value", "holds"), [(0.5, True), (3600.0, True), (0.0, False), (float("inf"), False)]
)
def test_a_heartbeat_takes_time(value: float, *, holds: bool) -> None:
    assert (heartbeat(value, REGISTRY) == "") is holds


@pytest.mark.parametrize(
    "value", [(), ("*",), ("10.0.0.1",), ("10.0.0.0/8", "::1"), ("2001:db8::/32",)]
)
def test_proxies_are_addresses_or_networks(value: tuple[str, ...]) -> None:
    assert trusted_proxies(value, REGISTRY) == ""


@pytest.mark.parametrize("name", ["localhost", "10.0.0.1:80", "10.0.0.5/8", ""])
def test_what_is_no_address_is_named(name: str) -> None:
    assert trusted_proxies(("10.0.0.1", name), REGISTRY).endswith(f'and holds "{name}".')


def test_what_is_not_observed_are_paths() -> None:
    assert unobserved(("/healthz", "/items/{id}"), REGISTRY) == ""
    assert unobserved(("/healthz", "ready"), REGISTRY).endswith(', and holds "ready".')
