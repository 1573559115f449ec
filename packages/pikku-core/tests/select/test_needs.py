"""The edges of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.select.needs import Needs, Thing, ThingKind, reach

if TYPE_CHECKING:
    from pikku_core.plugin.model import Project


def needed(project: Project, kind: ThingKind, id: str) -> list[str]:
    return sorted(str(thing.id) for thing in Needs(project).of(Thing(kind, id)))


def test_a_wiring_needs_its_function_and_what_is_declared_for_its_tags(project: Project) -> None:
    assert needed(project, ThingKind.WIRING, "queue:orders") == ["checkout"]
    assert needed(project, ThingKind.WIRING, "line:BAN") == ["ban"]


def test_a_function_needs_services_and_what_it_calls(project: Project) -> None:
    assert needed(project, ThingKind.FUNCTION, "checkout") == ["bank", "send_receipt"]


def test_a_function_needs_what_is_declared_for_its_tags_and_those_above(project: Project) -> None:
    assert needed(project, ThingKind.FUNCTION, "list_users") == [
        "middleware middleware:tag:admin",
        "permissions permissions:tag:admin",
    ]


def test_a_service_needs_services(project: Project) -> None:
    assert needed(project, ThingKind.SERVICE, "journal") == ["disk"]


def test_middleware_needs_services_and_what_it_calls(project: Project) -> None:
    audited = "app.guards:audited"
    assert needed(project, ThingKind.MIDDLEWARE, audited) == ["journal", "write_down"]


def test_what_is_reached_knows_what_led_to_it(project: Project) -> None:
    checkout = Thing(ThingKind.FUNCTION, "checkout")
    came_from = reach(Needs(project), [checkout])
    receipt = Thing(ThingKind.FUNCTION, "send_receipt")
    assert came_from[checkout] is None
    assert came_from[receipt] == checkout
    assert came_from[Thing(ThingKind.FUNCTION, "add_to_cart")] == receipt


def test_some_kinds_can_be_left_alone(project: Project) -> None:
    checkout = Thing(ThingKind.FUNCTION, "checkout")
    came_from = reach(Needs(project), [checkout], without=frozenset({ThingKind.FUNCTION}))
    assert [thing.id for thing in came_from] == ["checkout", "bank"]
