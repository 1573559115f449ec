"""Filters together: what they keep, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pikku_core.select import FilterError, select
from pikku_core.select.selection import selection_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import Settings

    Kept = Callable[[dict[str, list[str]]], Project]


def ways(project: Project) -> list[str]:
    return [wiring.id for wiring in project.wirings]


def test_without_filters_a_project_is_left_as_it_is(
    project: Project, registry: Registry, settings: Settings
) -> None:
    assert select(project, {}, registry=registry, settings=settings) is project


def test_values_of_one_flag_are_alternatives(kept: Kept) -> None:
    assert ways(kept({"tags": ["danger", "admin:users"]})) == ["line:BAN", "line:USERS"]


def test_flags_must_all_hold(kept: Kept) -> None:
    assert ways(kept({"tags": ["shop"], "wires": ["line"]})) == ["line:ADD"]


def test_what_is_excluded_goes_whatever_includes_it(kept: Kept) -> None:
    assert ways(kept({"tags": ["admin"], "exclude-tags": ["danger"]})) == ["line:USERS"]


def test_a_flag_says_nothing_of_other_kinds(kept: Kept) -> None:
    assert ways(kept({"verbs": ["ADD"]})) == ["line:ADD", "queue:orders"]
    assert ways(kept({"exclude-verbs": ["ADD"], "tags": ["shop"]})) == ["queue:orders"]


def test_functions_that_are_called_by_name_are_chosen_and_never_left_over(kept: Kept) -> None:
    only_lines = kept({"verbs": ["ADD"], "wires": ["line", "rpc"]})
    assert "write_down" in only_lines.functions  # "--wires=rpc" chooses it
    assert "write_down" not in kept({"verbs": ["ADD"]}).functions


def test_they_stay_where_things_are_only_excluded(kept: Kept) -> None:
    assert "write_down" in kept({"exclude-names": ["ban"]}).functions


def test_a_pattern_without_effect_among_others_is_a_warning(kept: Kept) -> None:
    (warning,) = kept({"tags": ["admin", "shp"]}).diagnostics
    assert str(warning) == 'PKU792 "--tags=shp" matches nothing. Did you mean "shop"?'
    assert warning.severity == "warning"


def test_an_exclusion_without_effect_is_a_warning(kept: Kept) -> None:
    (warning,) = kept({"exclude-names": ["zzz"]}).diagnostics
    assert warning.message == '"--exclude-names=zzz" matches nothing.'


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (
            {"tags": ["admni"]},
            '"--tags=admni" matches nothing (did you mean "admin"?): there is "admin", "admin:users", "shop".',
        ),
        ({"wires": ["zzz"]}, '"--wires=zzz" matches nothing: there is "line", "queue", "rpc".'),
        (
            {"directories": ["app/adm"]},
            '"--directories=app/adm" matches nothing (did you mean "app/admin"?): there is "app/admin", "app/shop".',
        ),
        (
            {"tags": ["danger"], "wires": ["queue"]},
            'of 7 wirings and functions "--tags=danger" matches 1, "--wires=queue" matches 1, and none is left',
        ),
        (
            {"exclude-names": ["*"]},
            'The filters select nothing: of 7 wirings and functions "--exclude-names=*" matches 7, and none is left',
        ),
        (
            {"target": ["lambda"]},
            '"--target=lambda" can match nothing: the values are "server", "serverless".',
        ),
        (
            {"exclude-target": ["servre"]},
            '"--exclude-target=servre" can match nothing (did you mean "server"?): the values are "server", "serverless".',
        ),
        (
            {"tag": ["admin"]},
            'There is no filter "--tag" (did you mean "--tags"?): the filters are --directories, --names, --tags, ',
        ),
    ],
)
def test_filters_that_cannot_be_honoured_are_said_with_what_there_is(
    kept: Kept, filters: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(FilterError) as caught:
        kept(filters)
    assert message in str(caught.value)


def test_a_project_without_functions_is_said_to_have_none(
    scan_text: Callable[[str], Project], registry: Registry, settings: Settings
) -> None:
    empty = scan_text("# app/__init__.py\n")
    with pytest.raises(FilterError, match="the project has no functions"):
        select(empty, {"exclude-tags": ("a",)}, registry=registry, settings=settings)


def test_what_nothing_in_a_project_has_is_said_to_be_nowhere(
    scan_text: Callable[[str], Project], registry: Registry, settings: Settings
) -> None:
    plain = scan_text(
        "# app/__init__.py\n# app/main.py\nfrom pikku_core import pikku_sessionless_func\n\n"
        "@pikku_sessionless_func\nasync def ping(): ...\n"
    )
    with pytest.raises(
        FilterError, match='"--tags=a" matches nothing: no wiring or function has any'
    ):
        select(plain, {"tags": ("a",)}, registry=registry, settings=settings)


def test_the_setting_holds_where_no_filters_are_given(
    project: Project, registry: Registry, settings: Settings
) -> None:
    presets = {"shop": {"tags": ("shop",)}}
    chosen = replace(settings, filters=presets, filter=("shop",))
    assert ways(select(project, {}, registry=registry, settings=chosen)) == [
        "line:ADD",
        "queue:orders",
    ]
    given = select(project, {"names": ("BAN",)}, registry=registry, settings=chosen)
    assert ways(given) == ["line:BAN"]


def test_verdicts_name_the_flags(project: Project, registry: Registry, settings: Settings) -> None:
    filters = {"exclude-tags": ("danger",), "tags": ("admin",)}
    selection = selection_of(project, filters, registry=registry, settings=settings)
    said = {each.entry.id: each for each in selection.verdicts}
    assert [str(flag) for flag in said["line:USERS"].matched] == ["--tags=admin"]
    assert str(said["line:BAN"].dropped) == "--exclude-tags=danger"
    assert str(said["queue:orders"].dropped) == "--tags=admin"
    assert said["line:USERS"].dropped is None
