"""The ways into a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.select.entry import entries_of
from pikku_core.select.needs import Needs

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project
    from pikku_core.select import Entry
    from pikku_core.settings import Settings


def test_wirings_and_what_is_called_by_name_are_entries(
    project: Project, settings: Settings
) -> None:
    assert [each.id for each in entries_of(project, Needs(project), settings)] == [
        "line:ADD",
        "line:BAN",
        "line:USERS",
        "queue:orders",
        "rpc:add_to_cart",
        "rpc:send_receipt",
        "rpc:write_down",
    ]


def test_a_wiring_has_its_kind_and_its_function(entry: Callable[[str], Entry]) -> None:
    orders = entry("queue:orders")
    assert orders.wiring is orders.item
    assert (orders.wire, orders.function.id) == ("queue", "checkout")
    assert orders.location.file == "app/wirings.py"


def test_a_function_that_is_called_by_name_is_an_entry_of_rpc(
    entry: Callable[[str], Entry],
) -> None:
    receipt = entry("rpc:send_receipt")
    assert receipt.wiring is None
    assert receipt.wire == "rpc"
    assert receipt.location.file == "app/shop/cart.py"
