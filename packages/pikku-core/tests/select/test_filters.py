"""What core's filters match patterns with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.select import filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project
    from pikku_core.select import Entry


@pytest.mark.parametrize(
    ("id", "names"),
    [
        ("line:BAN", {"ban", "line:BAN", "BAN"}),
        ("queue:orders", {"checkout", "queue:orders", "orders"}),
        ("rpc:send_receipt", {"send_receipt", "rpc:send_receipt"}),
    ],
)
def test_names_are_those_of_function_and_wiring(
    entry: Callable[[str], Entry], id: str, names: set[str]
) -> None:
    assert set(filters.names(entry(id))) == names


@pytest.mark.parametrize(
    ("id", "tags"),
    [
        ("line:USERS", ["admin:users", "admin"]),
        ("line:BAN", ["admin", "danger"]),
        ("rpc:write_down", []),
    ],
)
def test_tags_are_those_of_function_and_wiring_and_the_ones_above(
    entry: Callable[[str], Entry], id: str, tags: list[str]
) -> None:
    assert filters.tags(entry(id)) == tags


@pytest.mark.parametrize(
    ("id", "wire"), [("line:ADD", "line"), ("queue:orders", "queue"), ("rpc:add_to_cart", "rpc")]
)
def test_wires_are_kinds(entry: Callable[[str], Entry], id: str, wire: str) -> None:
    assert filters.wires(entry(id)) == [wire]


def test_the_directory_is_that_of_the_function(entry: Callable[[str], Entry]) -> None:
    assert filters.directories(entry("line:USERS"))[0] == "app/admin"


@pytest.mark.parametrize(
    ("flags", "functions"),
    [
        ({"names": ["ban"]}, ["ban", "write_down"]),
        ({"names": ["line:B*"]}, ["ban", "write_down"]),
        ({"names": ["orders"]}, ["add_to_cart", "checkout", "send_receipt"]),
        ({"tags": ["admin"]}, ["ban", "list_users", "write_down"]),
        ({"tags": ["admin:users"]}, ["list_users", "write_down"]),
        ({"tags": ["danger"]}, ["ban", "write_down"]),
        ({"wires": ["queue"]}, ["add_to_cart", "checkout", "send_receipt"]),
        ({"wires": ["rpc"]}, ["add_to_cart", "send_receipt", "write_down"]),
        ({"directories": ["app/admin"]}, ["ban", "list_users", "write_down"]),
        ({"directories": ["./app/admin/"]}, ["ban", "list_users", "write_down"]),
        ({"directories": ["app/*p"]}, ["add_to_cart", "checkout", "send_receipt"]),
        ({"target": ["server"]}, ["ban", "write_down"]),
        ({"verbs": ["add"], "exclude-wires": ["queue"]}, ["add_to_cart"]),
        ({"exclude-directories": ["app/shop"]}, ["ban", "list_users", "write_down"]),
        (
            {"exclude-names": ["*ban"], "wires": ["line"]},
            ["add_to_cart", "list_users", "write_down"],
        ),
        ({"exclude-tags": ["shop"], "exclude-wires": ["rpc"]}, ["ban", "list_users", "write_down"]),
        ({"exclude-target": ["server"], "tags": ["admin"]}, ["list_users", "write_down"]),
        ({"exclude-verbs": ["BAN"], "tags": ["admin"]}, ["list_users", "write_down"]),
    ],
)
def test_every_flag_chooses_wirings_and_functions(
    kept: Callable[[dict[str, list[str]]], Project],
    flags: dict[str, list[str]],
    functions: list[str],
) -> None:
    assert list(kept(flags).functions) == functions


def test_a_point_means_every_directory(kept: Callable[[dict[str, list[str]]], Project]) -> None:
    assert len(kept({"directories": ["."]}).functions) == 6


def test_a_name_without_a_version_means_all_versions(
    scan_text: Callable[[str], Project],
    kept_of: Callable[[Project, dict[str, list[str]]], Project],
) -> None:
    project = scan_text(
        """\
# app/__init__.py
# app/cards.py
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func(version=1)
async def create_card(): ...

@pikku_sessionless_func(version=2)
async def create_card_v2(): ...

@pikku_sessionless_func
async def create_cards(): ...
"""
    )
    both = ["create_card@v1", "create_card@v2"]
    assert list(kept_of(project, {"names": ["create_card"]}).functions) == both
    assert list(kept_of(project, {"names": ["create_card@v1"]}).functions) == both[:1]
