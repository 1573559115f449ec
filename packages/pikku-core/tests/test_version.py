"""How an id states a version."""

from __future__ import annotations

from typing import Any

import pytest

from pikku_core import DeclarationError, pikku_func
from pikku_core.version import newest_versions, own_name, split_version, versioned, versions_meant


@pytest.mark.parametrize(
    ("function", "base", "version"),
    [
        ("create_card@v2", "create_card", 2),
        ("acme:send@v10", "acme:send", 10),
        ("create_card", "create_card", 0),
        ("create_card@v0", "create_card@v0", 0),
        ("create_card@2", "create_card@2", 0),
        ("create_card_v2", "create_card_v2", 0),
        ("@v2", "@v2", 0),
    ],
)
def test_an_id_is_a_base_and_a_version(function: str, base: str, version: int) -> None:
    assert split_version(function) == (base, version)
    assert versioned(base, version) == function


@pytest.mark.parametrize(
    ("name", "version", "own"),
    [
        ("create_card_v2", 2, "create_card"),
        ("create_card_v2", 3, "create_card_v2"),
        ("create_card_v12", 2, "create_card_v12"),
        ("create_card_v2", 0, "create_card_v2"),
        ("create_card", 2, "create_card"),
        ("_v2", 2, "_v2"),
    ],
)
def test_a_def_that_ends_in_its_own_version_is_called_without_it(
    name: str, version: int, own: str
) -> None:
    assert own_name(name, version) == own


def test_the_newest_version_has_the_highest_number() -> None:
    functions = ["ping", "card@v9", "card@v10", "card@v1", "acme:card@v1"]
    assert newest_versions(functions) == {"card": "card@v10", "acme:card": "acme:card@v1"}


@pytest.mark.parametrize("name", ["send-card@v3", "send_card_v3", "send_card@v03"])
def test_whoever_asks_for_a_version_means_those_that_there_are(name: str) -> None:
    functions = ["send-card@v10", "send-card@v2", "card@v1", "ping"]
    assert versions_meant(name, functions) == ["send-card@v2", "send-card@v10"]
    assert versions_meant("ping_v1", functions) == []
    assert versions_meant("ping", functions) == []


@pytest.mark.parametrize("version", [0, -1, "2", True, 1.0])
def test_a_version_is_a_whole_number_from_1_on(version: Any) -> None:
    with pytest.raises(DeclarationError, match="must be a whole number from 1 on"):
        pikku_func(version=version)
