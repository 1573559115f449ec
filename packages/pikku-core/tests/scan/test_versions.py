"""Functions of several versions: their ids, what calls of them mean, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project

HEAD = "from pikku_core import Rpc, pikku_func\n"
CARDS = f"""{HEAD}
@pikku_func(version=1)
async def create_card_v1(data: int) -> None: ...

@pikku_func(version=2)
async def create_card_v2(data: str) -> None: ...
"""


def test_the_version_is_part_of_the_id(scan_source: Callable[..., Project]) -> None:
    project = scan_source(CARDS)
    assert project.diagnostics == ()
    assert [(one.id, one.base, one.version) for one in project.functions.values()] == [
        ("create_card@v1", "create_card", 1),
        ("create_card@v2", "create_card", 2),
    ]


def test_the_name_without_a_version_is_the_newest(scan_source: Callable[..., Project]) -> None:
    assert scan_source(CARDS).rpc_names == {
        "create_card": "create_card@v2",
        "create_card_v1": "create_card@v1",
        "create_card_v2": "create_card@v2",
    }


@pytest.mark.parametrize(
    ("mark", "id_"),
    [
        ('@pikku_func(name="card", version=2)\nasync def create_v2() -> None: ...', "card@v2"),
        ('@pikku_func(name="a_v2", version=2)\nasync def create() -> None: ...', "a_v2@v2"),
        ("@pikku_func(version=3)\nasync def create_v() -> None: ...", "create_v@v3"),
        ("N = 4\n@pikku_func(version=N)\nasync def create() -> None: ...", "create@v4"),
        ("@pikku_func(version=None)\nasync def create() -> None: ...", "create"),
    ],
)
def test_the_base_is_the_given_name_or_that_of_the_def(
    mark: str, id_: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(HEAD + mark)
    assert project.diagnostics == ()
    assert list(project.functions) == [id_]


@pytest.mark.parametrize(
    ("call", "id_"),
    [
        ("rpc.create_card(1)", "create_card@v2"),
        ('rpc.invoke("create_card", 1)', "create_card@v2"),
        ("rpc.create_card_v1(1)", "create_card@v1"),
        ('rpc.invoke("create_card@v1", 1)', "create_card@v1"),
    ],
)
def test_a_call_is_followed_to_the_version_that_it_means(
    call: str, id_: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(
        f"{CARDS}\n@pikku_func\nasync def issue(*, rpc: Rpc) -> None:\n    await {call}\n"
    )
    assert project.diagnostics == ()
    assert project.functions["issue"].rpc == (id_,)


def test_a_wiring_names_the_version_by_its_def(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"{CARDS}\nfrom pikku_http import wire_http\n"
        'wire_http(method="post", route="/v1/cards", func=create_card_v1)\n'
        'wire_http(method="post", route="/v2/cards", func=create_card_v2)\n'
    )
    assert project.diagnostics == ()
    assert {wiring.id: wiring.function for wiring in project.wirings} == {
        "http:post:/v1/cards": "create_card@v1",
        "http:post:/v2/cards": "create_card@v2",
    }


@pytest.mark.parametrize(
    "call",
    [
        "rpc.create_card_v3(1)",
        'rpc.invoke("create_card@v3", 1)',
        # `invoke` takes an id, not the attribute.
        'rpc.invoke("create_card_v2", 1)',
    ],
)
def test_a_version_that_there_is_not_is_an_error_that_names_those_there_are(
    call: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(
        f"{CARDS}\n@pikku_func\nasync def issue(*, rpc: Rpc) -> None:\n    await {call}\n"
    )
    (found,) = project.diagnostics
    assert (found.code, str(found.location)) == ("PKU559", "app/main.py:11")
    assert found.hint == 'There is "create_card@v1", "create_card@v2".'
    assert project.functions["issue"].rpc == ()


@pytest.mark.parametrize("version", ["0", '"2"', "True", "1.5", "-1"])
def test_a_version_that_is_no_number_from_1_on_is_refused(
    version: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(
        f"{HEAD}@pikku_func(\n  version={version},\n)\nasync def g() -> None: ..."
    )
    assert [(one.code, str(one.location)) for one in project.diagnostics] == [
        ("PKU124", "app/main.py:3")
    ]


def test_a_version_that_is_computed_is_refused(found_in: Callable[[str], list[str]]) -> None:
    source = f'{HEAD}@pikku_func(version=int("2"))\nasync def g() -> None: ...'
    assert found_in(source) == ["PKU118 app/main.py:2"]


def test_a_name_does_not_state_a_version(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f'{HEAD}@pikku_func(name="g@v2")\nasync def g() -> None: ...')
    (found,) = project.diagnostics
    assert (found.code, str(found.location)) == ("PKU124", "app/main.py:3")
    assert found.hint == 'Write name="g", version=2.'


def test_a_version_twice_is_refused_where_it_comes_again(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(f"{CARDS}\n@pikku_func(version=2)\nasync def create_card() -> None: ...")
    (found,) = project.diagnostics
    assert (found.code, str(found.location)) == ("PKU850", "app/main.py:10")
    assert [str(place) for place in found.related] == ["app/main.py:7"]


def test_a_function_without_a_version_beside_versions_is_refused(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(f"{CARDS}\n@pikku_func\nasync def create_card() -> None: ...")
    (found,) = project.diagnostics
    assert (found.code, str(found.location)) == ("PKU852", "app/main.py:10")
    assert found.message == '"create_card" states no version although there is "create_card@v2".'
    assert [str(place) for place in found.related] == ["app/main.py:4", "app/main.py:7"]


@pytest.mark.parametrize(
    "other",
    [
        "@pikku_func\nasync def create_card_v2() -> None: ...",
        '@pikku_func(name="create-card")\nasync def other() -> None: ...',
    ],
)
def test_a_name_under_rpc_that_means_two_functions_is_refused(
    other: str, found_in: Callable[[str], list[str]]
) -> None:
    source = f"{HEAD}@pikku_func(version=2)\nasync def create_card() -> None: ...\n{other}"
    assert found_in(source) == ["PKU728 app/main.py:5"]


UNSTATED = """@pikku_func
async def cut_v1() -> None: ...
@pikku_func(version=2)
async def cut_v2() -> None: ...
"""


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        (
            UNSTATED,
            "app/main.py:3",
            'The name of "cut_v1" ends in "_v1", but it states no version, although there is "cut@v2".',
        ),
        (
            UNSTATED.replace("func\n", "func(version=1)\n").replace("=2", "=1"),
            "app/main.py:4",
            'The name of "cut_v2" ends in "_v2", but it states version 1.',
        ),
    ],
)
def test_a_name_that_ends_in_a_version_which_it_does_not_state_is_refused(
    source: str, place: str, message: str, scan_source: Callable[..., Project]
) -> None:
    (found,) = scan_source(HEAD + source).diagnostics
    assert (found.code, str(found.location), found.message) == ("PKU853", place, message)


@pytest.mark.parametrize(
    "source",
    [
        UNSTATED.replace("(version=2)", ""),
        UNSTATED.replace("func\n", 'func(name="cut_v1")\n'),
        '@pikku_func(name="cut", version=3)\nasync def cut_v2() -> None: ...\n',
    ],
)
def test_an_ending_that_no_version_is_mistaken_for_is_part_of_the_name(
    source: str, scan_source: Callable[..., Project]
) -> None:
    assert scan_source(HEAD + source).diagnostics == ()
