"""What stays of a project with some of its functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.codegen.services import required_services
from pikku_core.plugin.model import WiringModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project

    Kept = Callable[[dict[str, list[str]]], Project]
    KeptOf = Callable[[Project, dict[str, list[str]]], Project]


def declared(project: Project) -> list[str]:
    """The declarations that name no function."""
    return [each.id for each in project.declarations if not isinstance(each, WiringModel)]


def test_functions_that_are_called_stay_with_their_callers(kept: Kept) -> None:
    orders = kept({"wires": ["queue"]})
    assert list(orders.functions) == ["add_to_cart", "checkout", "send_receipt"]
    assert orders.rpc_names == {name: name for name in orders.functions}


def test_a_function_stays_that_only_middleware_calls(kept: Kept) -> None:
    assert "write_down" in kept({"names": ["list_users"]}).functions
    assert "write_down" not in kept({"names": ["add_to_cart"]}).functions


def test_wirings_of_functions_that_stay_for_others_go(kept: Kept) -> None:
    assert [wiring.id for wiring in kept({"wires": ["queue"]}).wirings] == ["queue:orders"]


@pytest.mark.parametrize(
    ("flags", "services"),
    [
        ({"wires": ["queue"]}, ["bank", "clock", "tracer"]),
        ({"names": ["ban"]}, ["clock", "directory", "disk", "journal"]),
        ({"names": ["list_users"]}, ["clock", "directory", "disk", "journal", "tracer"]),
        ({"names": ["send_receipt"]}, ["clock"]),
    ],
)
def test_services_stay_that_something_needs(
    kept: Kept, flags: dict[str, list[str]], services: list[str]
) -> None:
    project = kept(flags)
    assert list(project.services) == services
    assert required_services(project) == services


def test_what_is_declared_for_all_functions_stays(kept: Kept) -> None:
    assert declared(kept({"names": ["send_receipt"]})) == ["middleware:global"]


def test_what_is_declared_for_a_tag_stays_with_what_has_it_or_one_below(kept: Kept) -> None:
    assert declared(kept({"names": ["ban"]})) == [
        "middleware:global",
        "middleware:tag:admin",
        "permissions:tag:admin",
    ]


def test_what_is_declared_for_wirings_stays_where_its_kind_says_so(kept: Kept) -> None:
    assert "line:middleware:USER*" in declared(kept({"names": ["USERS"]}))
    assert "line:middleware:USER*" not in declared(kept({"names": ["BAN"]}))


def test_of_a_kind_that_says_nothing_it_stays_with_any_wiring(kept: Kept) -> None:
    assert "queue:defaults" in declared(kept({"wires": ["queue"]}))
    assert "queue:defaults" not in declared(kept({"wires": ["line"]}))


def test_middleware_and_permissions_go_with_what_names_them(kept: Kept) -> None:
    assert list(kept({"names": ["ADD"]}).callables) == ["app.guards:timed"]
    assert list(kept({"names": ["BAN"]}).callables) == [
        "app.guards:audited",
        "app.guards:is_admin",
        "app.guards:timed",
    ]


def test_the_source_that_was_read_stays_known(kept: Kept, project: Project) -> None:
    assert kept({"names": ["ADD"]}).modules == project.modules


def test_mappings_stay_sorted(kept: Kept, project: Project) -> None:
    whole = kept({"names": ["*"]})
    assert list(whole.functions) == list(project.functions)
    assert whole.wirings == project.wirings


NAMED = """\
# app/__init__.py
# app/values.py
from pikku_core import define_secret, define_variable

define_secret("stripe_key", str)
define_secret("smtp_key", str)
define_variable("page_size", int, default=20)
define_variable("greeting", str, default="hello")
# app/services.py
from pikku_core import pikku_service

@pikku_service
def stripe(*, secrets):
    return secrets.stripe_key.reveal()

@pikku_service
def smtp(*, secrets):
    return secrets.smtp_key.reveal()

@pikku_service
def vault(*, secrets):
    return dict(secrets)
# app/functions.py
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func
async def pay(*, stripe, variables):
    return variables.page_size

@pikku_sessionless_func
async def write(*, smtp): ...

@pikku_sessionless_func
async def lock(*, vault): ...
"""


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("pay", ["page_size", "stripe_key"]),
        ("write", ["smtp_key"]),
        ("lock", ["smtp_key", "stripe_key"]),
    ],
)
def test_secrets_and_variables_stay_that_something_reads(
    scan_text: Callable[[str], Project], kept_of: KeptOf, name: str, values: list[str]
) -> None:
    project = kept_of(scan_text(NAMED), {"names": [name]})
    assert sorted(str(each.meta["name"]) for each in project.declarations) == values
