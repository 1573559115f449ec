"""Which services are started beside those that an App was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pikku_core import pikku_service
from pikku_core.runtime.records import Needs, ServiceRecord
from pikku_core.runtime.required import still_required

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@pikku_service
def nothing() -> None:
    """A service."""


def services(asks: Mapping[str, Sequence[str]]) -> dict[str, ServiceRecord]:
    """Records of services, each with what it asks for."""

    def factory() -> Callable[..., object]:
        return nothing

    return {
        name: ServiceRecord(
            id=name,
            scope="singleton",
            needs=Needs(kind="sync", parameters={each: each for each in others}),
            factory=factory,
        )
        for name, others in asks.items()
    }


CHAIN = {"database": ["pool"], "pool": ["config"], "config": [], "mailer": ["config"]}


def test_all_are_required_where_nothing_is_given() -> None:
    required = sorted(CHAIN)
    found = still_required(required, services(CHAIN), asked={"database", "mailer"}, given=())
    assert found == required


def test_what_only_a_given_one_asks_for_is_not() -> None:
    found = still_required(
        sorted(CHAIN), services(CHAIN), asked={"database", "mailer"}, given={"database"}
    )
    assert found == ["config", "database", "mailer"]


def test_what_a_function_asks_for_itself_stays() -> None:
    asked = {"database", "pool"}
    found = still_required(
        ["config", "database", "pool"], services(CHAIN), asked=asked, given={"database"}
    )
    assert found == ["config", "database", "pool"]


def test_what_nobody_is_known_to_ask_for_stays() -> None:
    assert still_required(["mailer"], services(CHAIN), asked=(), given={"database"}) == ["mailer"]


NAMES = [f"s{number}" for number in range(7)]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    """Services that ask for ones before them."""
    return {
        name: draw(st.lists(st.sampled_from(NAMES[:index]), unique=True)) if index else []
        for index, name in enumerate(NAMES)
    }


@given(
    graphs(),
    st.sets(st.sampled_from(NAMES), min_size=1),
    st.sets(st.sampled_from(NAMES)),
)
def test_it_is_what_can_be_reached_without_going_through_a_given_one(
    asks: dict[str, list[str]], asked: set[str], given: set[str]
) -> None:
    def reach(through: set[str]) -> set[str]:
        found = set(asked)
        while True:
            more = {other for name in found - through for other in asks[name]} - found
            if not more:
                return found
            found |= more

    required = sorted(reach(set()))
    found = still_required(required, services(asks), asked=asked, given=given)
    assert set(found) == reach(given)
