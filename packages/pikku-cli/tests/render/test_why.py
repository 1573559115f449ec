"""Explanations as they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_cli.render.why import explanation_facts, show_explanation
from pikku_core.select import Explanation
from pikku_core.select.explanation import Pulled, Way
from pikku_core.select.subject import Step

if TYPE_CHECKING:
    import pytest

WIRING = Step(kind="wiring", id="http:get:/users")
FUNCTION = Step(kind="function", id="list_users")


def explained(*ways: Way, kind: str = "function") -> Explanation:
    return Explanation(
        kind=kind,
        id="list_users",
        place="app/users.py:4",
        kept=any(not way.dropped for way in ways),
        ways=ways,
        pulls=(Pulled(kind="service", id="database", through=FUNCTION),),
        modules=("app", "app.users"),
        distributions=("pydantic",),
    )


def way(dropped: str = "", chosen: tuple[str, ...] = ()) -> Way:
    return Way(steps=(WIRING, FUNCTION), place="app/wirings.py:3", dropped=dropped, chosen=chosen)


def printed(capsys: pytest.CaptureFixture[str], explanation: Explanation) -> list[str]:
    show_explanation(explanation)
    return capsys.readouterr().out.splitlines()


def test_what_is_kept_is_printed_with_its_ways_and_what_it_brings(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert printed(capsys, explained(way(chosen=("--tags=admin",)))) == [
        'The function "list_users" (app/users.py:4) is generated.',
        "Because of:",
        "  http:get:/users > list_users (app/wirings.py:3): chosen by --tags=admin",
        "Brings:",
        "  What     Name      Through",
        "  service  database  list_users",
        "Modules (2): app, app.users",
        "Distributions (1): pydantic",
    ]


def test_what_is_left_out_is_printed_with_the_flag(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(
        capsys, explained(way("--tags=shop"), way("--exclude-names=list*"), way("nothing is left"))
    )
    assert lines[:5] == [
        'The function "list_users" (app/users.py:4) is not generated.',
        "Left out:",
        "  http:get:/users > list_users (app/wirings.py:3): --tags=shop does not choose it",
        "  http:get:/users > list_users (app/wirings.py:3): --exclude-names=list* leaves it out",
        "  http:get:/users > list_users (app/wirings.py:3): nothing is left",
    ]


def test_what_nothing_leads_to_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nothing leads to it." in printed(capsys, explained())


def test_a_module_is_imported_and_not_generated(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, explained(way(), kind="module"))[0].endswith(" is imported.")


def test_of_many_ways_the_first_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, explained(*[way()] * 13))
    assert lines[12] == '  and 3 more, which "--json" lists'


def test_programs_get_all_of_it() -> None:
    (facts,) = explanation_facts([explained(way())])
    assert facts["kept"] is True
    assert facts["ways"][0]["steps"][0] == {"kind": "wiring", "id": "http:get:/users"}
    (pulled,) = facts["pulls"]
    assert pulled["through"] == {"kind": "function", "id": "list_users"}
