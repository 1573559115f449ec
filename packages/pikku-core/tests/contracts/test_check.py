"""Contracts of the source against recorded ones: every finding at its exact place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.contracts import FILE, check_contracts, record, recorded_problems, update
from pikku_core.contracts.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pikku_core.contracts import Finding
    from pikku_core.plugin.model import Project

CARDS = """\
class CreateCard(BaseModel):
    title: str
    colour: str | None = None

class Card(BaseModel):
    id: int
    title: str

@pikku_sessionless_func(version=1)
async def create_card_v1(data: CreateCard) -> Card: ...

@pikku_sessionless_func(version=2)
async def create_card_v2(data: CreateCard) -> list[Card]: ...

@pikku_sessionless_func
async def ping() -> None: ...
"""
PING = "\n@pikku_sessionless_func\nasync def ping() -> None: ...\n"


class Recorded:
    """A project whose contracts were recorded, and what is found when its source is another.

    Attributes:
        root: Its folder.
    """

    def __init__(self, root: Path, project_of: Callable[[str], Project]) -> None:
        self.root = root
        self._project_of = project_of
        self.write(CARDS)

    def write(self, text: str) -> None:
        (self.root / FILE).write_text(record(self._project_of(text)).text())

    def findings(self, text: str) -> list[Finding]:
        return check_contracts(self._project_of(text), self.root)

    def places(self, text: str) -> list[tuple[str, str, str]]:
        return [(one.code, one.id, str(one.location)) for one in self.findings(text)]

    def update(
        self, text: str, accept: Sequence[str] = ()
    ) -> tuple[list[str], list[str], list[str]]:
        """Writes what an update comes to where nothing is refused: ids added, accepted, refused."""
        found = update(self._project_of(text), self.root, accept=accept)
        assert found.unknown == ()
        if not found.refused:
            (self.root / FILE).write_text(found.manifest.text())
        return [*found.added], [*found.accepted], [one.id for one in found.refused]


@pytest.fixture
def recorded(tmp_path: Path, project_of: Callable[[str], Project]) -> Recorded:
    return Recorded(tmp_path, project_of)


def test_what_is_recorded_is_what_is_found(recorded: Recorded) -> None:
    assert recorded.findings(CARDS) == []


def test_names_texts_and_bodies_do_not_count(recorded: Recorded) -> None:
    text = CARDS.replace("CreateCard", "NewCard").replace("...", "raise ValueError")
    assert (
        recorded.findings(text.replace("    title: str\n\n", '    title: str\n    """It."""\n\n'))
        == []
    )


def test_without_a_manifest_there_is_nothing_to_compare_with(
    tmp_path: Path, project_of: Callable[[str], Project]
) -> None:
    (found,) = check_contracts(project_of(CARDS), tmp_path)
    assert (found.code, found.location) == ("PKU860", None)
    assert "pikku versions init" in found.hint


def test_a_project_that_records_nothing_has_no_problem(
    tmp_path: Path, project_of: Callable[[str], Project]
) -> None:
    assert recorded_problems(project_of(CARDS), tmp_path) == []


def test_a_recorded_version_that_changed_names_the_fields(recorded: Recorded) -> None:
    text = CARDS.replace("colour: str | None = None", "colour: str | None").replace(
        "    id: int", "    id: str"
    )
    first, second = recorded.findings(text)
    assert (first.code, first.id, str(first.location)) == (
        "PKU861",
        "create_card@v1",
        "app/main.py:14",
    )
    assert [(str(one.direction), str(one), one.breaks) for one in first.changes] == [
        ("input", "CreateCard.colour: required now", True),
        ("output", "Card.id: was integer, is string", True),
    ]
    assert [str(one) for one in second.changes] == [
        "CreateCard.colour: required now",
        "list[Card][].id: was integer, is string",
    ]
    assert first.hint == ("This breaks callers: put it back, and make the change in version=3.")


def test_a_change_that_only_adds_is_said_to(recorded: Recorded) -> None:
    found, _ = recorded.findings(CARDS.replace("    id: int", "    id: int\n    note: str = ''"))
    assert [(str(one), one.breaks) for one in found.changes] == [("Card.note: new (string)", False)]
    assert found.hint.startswith("This only adds: ")


def test_a_function_without_a_version_that_changed_needs_one(recorded: Recorded) -> None:
    (found,) = recorded.findings(CARDS.replace("def ping()", "def ping(data: int)"))
    assert (found.code, found.id, str(found.location)) == ("PKU862", "ping", "app/main.py:20")
    assert [str(one) for one in found.changes] == ["int: new (integer, required)"]
    assert "make this version=2, and keep the old one beside it as version=1" in found.hint


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("ping() -> None", "ping() -> int", ["output int: new (integer)"]),
        ("ping() -> None", "ping(data: int = 1) -> None", ["input int: new (integer)"]),
        ("v1(data: CreateCard)", "v1()", ["input data: gone"]),
        ("v1(data: CreateCard) -> Card", "v1(data: CreateCard) -> None", ["output result: gone"]),
        (
            "v1(data: CreateCard)",
            "v1(data: CreateCard | None = None)",
            [
                "input CreateCard | None: optional now",
                "input CreateCard | None: was object, is object or null",
            ],
        ),
        ("-> Card: ...", "-> AsyncIterator[Card]:\n    yield", ["output Card: stream now"]),
        ("ping() -> None", "ping()", ["output result: new (anything)"]),
    ],
)
def test_data_and_result_as_a_whole_are_part_of_the_contract(
    old: str, new: str, changes: list[str], recorded: Recorded
) -> None:
    (found,) = recorded.findings(CARDS.replace(old, new, 1))
    assert [f"{one.direction} {one}" for one in found.changes] == changes


def test_a_function_without_a_return_annotation_is_said_to_have_none(recorded: Recorded) -> None:
    (found,) = recorded.findings(CARDS.replace("ping() -> None", "ping()"))
    assert found.message == (
        'The contract of "ping" is not the recorded one (it has no return annotation).'
    )


def test_a_function_that_is_not_listed_is_an_error(recorded: Recorded) -> None:
    text = CARDS + PING.replace("ping", "pong")
    assert recorded.places(text) == [("PKU866", "pong", "app/main.py:23")]


def test_the_next_version_is_not_listed_yet(recorded: Recorded) -> None:
    text = CARDS + PING.replace("_func", "_func(version=3)").replace("ping", "create_card")
    assert recorded.places(text) == [("PKU866", "create_card@v3", "app/main.py:23")]


def test_a_version_lower_than_a_recorded_one_is_refused(recorded: Recorded) -> None:
    recorded.write(CARDS.replace("version=2", "version=4").replace("card_v2", "card_v4"))
    text = CARDS.replace("version=2", "version=4").replace("card_v2", "card_v4")
    text += PING.replace("_func", "_func(version=2)").replace("ping", "create_card")
    assert recorded.places(text) == [("PKU863", "create_card@v2", "app/main.py:23")]


def test_a_version_that_leaves_a_number_out_is_refused(recorded: Recorded) -> None:
    text = CARDS + PING.replace("_func", "_func(version=4)").replace("ping", "create_card")
    (found,) = recorded.findings(text)
    assert (found.code, str(found.location)) == ("PKU864", "app/main.py:23")
    assert found.hint == "Give it version=3."


def test_versions_that_are_listed_for_the_first_time_leave_no_number_out(
    recorded: Recorded,
) -> None:
    text = CARDS.replace("version=1", "version=3").replace("version=2", "version=10")
    text = text.replace("_v1", "_v3").replace("_v2", "_v10")
    recorded.write(PING)
    found = [one for one in recorded.findings(text) if one.code == "PKU864"]
    assert [(one.id, str(one.location)) for one in found] == [("create_card@v10", "app/main.py:17")]


def test_a_listed_function_that_is_gone_is_found_at_its_line_of_the_file(
    recorded: Recorded,
) -> None:
    lines = (recorded.root / FILE).read_text().splitlines()
    (place,) = [number for number, line in enumerate(lines, 1) if line.startswith('    "ping"')]
    assert recorded.places(CARDS.replace("ping", "pong")) == [
        ("PKU867", "ping", f"{FILE}:{place}"),
        ("PKU866", "pong", "app/main.py:20"),
    ]


def test_a_listed_version_that_is_gone_is_an_error(recorded: Recorded) -> None:
    text = CARDS.replace("@pikku_sessionless_func(version=1)", "")
    assert recorded.places(text) == [("PKU867", "create_card@v1", f"{FILE}:4")]


def test_what_a_filter_left_out_is_not_missed(
    recorded: Recorded, project_of: Callable[[str], Project]
) -> None:
    project = project_of(CARDS.replace("@pikku_sessionless_func(version=1)", "").partition(PING)[0])
    assert recorded_problems(project, recorded.root, whole=False) == []


def test_the_first_version_may_state_that_it_is_one(recorded: Recorded) -> None:
    text = CARDS.replace(PING, PING.replace("_func", "_func(version=1)"))
    assert recorded.findings(text) == []


def test_a_damaged_file_is_found_at_its_line(recorded: Recorded) -> None:
    file = recorded.root / FILE
    file.write_text(file.read_text().replace('"integer"', '"string"', 1))
    (found,) = recorded.findings(CARDS)
    assert (found.code, str(found.location)) == ("PKU865", f"{FILE}:4")
    assert found.message == (
        f'"{FILE}" is damaged: "create_card" has a version 1 whose output is not what its hash is of.'
    )


def test_an_update_adds_what_is_new_and_then_nothing(recorded: Recorded) -> None:
    text = CARDS + PING.replace("ping", "pong")
    text += PING.replace("_func", "_func(version=3)").replace("ping", "create_card")
    assert recorded.update(text) == (["create_card@v3", "pong"], [], [])
    assert recorded.findings(text) == []
    assert recorded.update(text) == ([], [], [])


def test_an_update_refuses_what_changed_or_went(recorded: Recorded) -> None:
    before = (recorded.root / FILE).read_text()
    text = CARDS.replace("    id: int", "    id: str").replace("ping", "pong")
    assert recorded.update(text) == (["pong"], [], ["create_card@v1", "create_card@v2", "ping"])
    assert (recorded.root / FILE).read_text() == before


def test_an_accepted_change_is_recorded(recorded: Recorded) -> None:
    text = CARDS.replace("    id: int", "    id: str")
    assert recorded.update(text, ["create_card@v1"]) == ([], ["create_card@v1"], ["create_card@v2"])
    assert recorded.update(text, ["create_card"]) == ([], ["create_card@v1", "create_card@v2"], [])
    assert recorded.findings(text) == []


def test_an_accepted_end_is_taken_off_the_list(recorded: Recorded) -> None:
    text = CARDS.replace("@pikku_sessionless_func(version=1)", "").partition(PING)[0]
    accepted = ["create_card@v1", "ping"]
    assert recorded.update(text, accepted) == ([], accepted, [])
    assert recorded.findings(text) == []


def test_a_name_of_which_nothing_changed_is_not_accepted(
    recorded: Recorded, project_of: Callable[[str], Project]
) -> None:
    found = update(project_of(CARDS), recorded.root, accept=["create_card", "nobody"])
    assert found.unknown == ("create_card", "nobody")


def test_the_same_contracts_give_the_same_bytes(
    recorded: Recorded, project_of: Callable[[str], Project]
) -> None:
    ping = CARDS[CARDS.index(PING) :]
    reordered = ping + CARDS.replace(ping, "\n")
    assert record(project_of(reordered)).text() == (recorded.root / FILE).read_text()


def test_every_code_is_explained() -> None:
    assert [one.code for one in CODES] == [f"PKU{number}" for number in range(860, 868)]
    assert all(one.title and one.explanation for one in CODES)


@pytest.mark.parametrize("code", ["PKU861", "PKU862", "PKU864", "PKU866", "PKU867"])
def test_an_example_causes_its_code(code: str, recorded: Recorded) -> None:
    explained = {one.code: one for one in CODES}
    recorded.write(explained["PKU861"].mended)
    assert recorded.findings(explained["PKU861"].mended) == []
    assert code in {one.code for one in recorded.findings(explained[code].example)}
