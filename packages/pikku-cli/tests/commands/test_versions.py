"""`pikku versions`: contracts are recorded, compared, and added to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Pikku = Callable[..., CompletedProcess[str]]

GREET = "async def greet(data: str, *, clock: int) -> str:"


@pytest.fixture
def recorded(pikku: Pikku, project: Path) -> Path:
    """The manifest of the project, just written."""
    assert pikku("versions", "init").returncode == 0
    return project / "versions.pikku.json"


def edit(project: Path, old: str, new: str) -> None:
    source = project / "app/functions.py"
    assert old in source.read_text()
    source.write_text(source.read_text().replace(old, new))


def test_init_records_the_contracts_as_they_are(pikku: Pikku, project: Path) -> None:
    result = pikku("versions", "init")
    assert (result.stdout, result.stderr) == ("Recorded 2 functions in versions.pikku.json.\n", "")
    document = json.loads((project / "versions.pikku.json").read_text())
    (version,) = document["functions"]["greet"]["versions"].values()
    assert version["input"] == {"$": {"required": True, "type": "string"}}
    assert len(version["input_hash"]) == 16
    result = pikku("versions", "check")
    assert (result.returncode, result.stdout, result.stderr) == (
        0,
        "The contracts of 2 functions are as recorded.\n",
        "",
    )


def test_init_refuses_versions_that_leave_a_number_out(pikku: Pikku, project: Path) -> None:
    source = project / "app/functions.py"
    source.write_text(
        "from pikku_core import pikku_sessionless_func\n"
        "@pikku_sessionless_func(version=1)\nasync def cut_v1() -> None: ...\n"
        "@pikku_sessionless_func(version=3)\nasync def cut_v3() -> None: ...\n"
    )
    result = pikku("versions", "init")
    assert (result.returncode, (project / "versions.pikku.json").exists()) == (1, False)
    assert "PKU864" in result.stdout + result.stderr
    assert pikku("versions", "init", "--force").returncode == 0


def test_init_leaves_a_manifest_alone_unless_it_is_forced(
    pikku: Pikku, project: Path, recorded: Path
) -> None:
    before = recorded.read_text()
    edit(project, "data: str", "data: int")
    result = pikku("versions", "init")
    assert (result.returncode, recorded.read_text()) == (1, before)
    assert '"pikku versions update" adds to it, "--force" records all anew' in result.stderr
    assert pikku("versions", "init", "--force", "--json").returncode == 0
    assert recorded.read_text() != before
    assert pikku("versions", "check").returncode == 0


def test_check_without_a_manifest_gives_the_command(pikku: Pikku, project: Path) -> None:
    result = pikku("versions", "check")
    assert result.returncode == 1
    assert result.stdout.startswith("PKU860 ")
    assert "pikku versions init" in result.stdout


def test_check_names_the_field_and_who_calls_the_function(
    pikku: Pikku, project: Path, recorded: Path
) -> None:
    edit(project, "-> str", "-> str | None")
    edit(
        project,
        "async def leave() -> None: ...",
        'async def leave(*, rpc: Rpc) -> None:\n    await rpc.greet("x")',
    )
    edit(project, "import pikku_func", "import Rpc, pikku_func")
    result = pikku("versions", "check")
    assert result.returncode == 1
    head, *rest = result.stdout.splitlines()
    assert head == (
        'app/functions.py:10: PKU862 The contract of "greet" is not the recorded one. This breaks callers: make this '
        "version=2, and keep the old one beside it as version=1."
    )
    assert rest == [
        "  output str | None: was string, is string or null (breaks callers)",
        "  called by function leave, app/functions.py:15",
    ]
    assert result.stderr == "Error: The contracts are not as recorded: 1 finding.\n"


def test_findings_are_json_on_request(pikku: Pikku, project: Path, recorded: Path) -> None:
    edit(project, "data: str", "data: int")
    result = pikku("versions", "check", "--json")
    assert result.returncode == 1
    (found,) = json.loads(result.stdout)["findings"]
    assert (found["code"], found["function"], found["place"]) == (
        "PKU862",
        "greet",
        "app/functions.py:10",
    )
    assert found["changes"] == [
        {
            "direction": "input",
            "field": "int",
            "change": "was string, is integer",
            "was": "string",
            "now": "integer",
            "breaks": True,
        }
    ]
    assert found["affected"] == []


def test_update_adds_what_is_new(pikku: Pikku, project: Path, recorded: Path) -> None:
    edit(project, GREET, f"{GREET}\n    ...\n\n@pikku_sessionless_func\nasync def wave() -> None:")
    result = pikku("versions", "check")
    assert 'PKU866 "wave" is not listed in "versions.pikku.json".' in result.stdout
    assert pikku("versions", "update").stdout == "Added wave\n"
    assert pikku("versions", "check").returncode == 0
    assert pikku("versions", "update").stdout == "Nothing is new.\n"


def test_update_refuses_a_change_and_accepts_it_by_name(
    pikku: Pikku, project: Path, recorded: Path
) -> None:
    before = recorded.read_text()
    edit(project, "data: str", "data: int")
    result = pikku("versions", "update")
    assert (result.returncode, recorded.read_text()) == (1, before)
    assert "PKU862" in result.stdout
    assert result.stderr == 'Error: Nothing was written to "versions.pikku.json".\n'
    result = pikku("versions", "update", "--accept", "greet", "--json")
    assert json.loads(result.stdout) == {
        "written": True,
        "added": [],
        "accepted": ["greet"],
        "refused": [],
    }
    assert pikku("versions", "check").returncode == 0


def test_update_accepts_nothing_that_did_not_change(
    pikku: Pikku, project: Path, recorded: Path
) -> None:
    result = pikku("versions", "update", "--accept", "greet")
    assert (result.returncode, result.stderr) == (
        2,
        'Error: There is no change of "greet" to accept.\n',
    )


def test_update_accepts_no_function_that_there_is_not(
    pikku: Pikku, project: Path, recorded: Path
) -> None:
    assert pikku("versions", "update", "--accept", "gret").stderr == (
        'Error: There is no change of "gret" to accept. There is no function "gret": did you mean "greet"?\n'
    )


@pytest.mark.parametrize("command", ["check", "update"])
def test_a_damaged_manifest_is_one_sentence(
    command: str, pikku: Pikku, project: Path, recorded: Path
) -> None:
    recorded.write_text("{")
    result = pikku("versions", command)
    assert result.returncode == 1
    assert result.stdout.startswith("versions.pikku.json:1: PKU865 ")
    assert recorded.read_text() == "{"


@pytest.mark.parametrize("command", ["check", "init", "update"])
def test_a_source_with_errors_has_no_contracts(command: str, pikku: Pikku, project: Path) -> None:
    edit(project, "clock: int)", "clack: int)")
    result = pikku("versions", command)
    assert (result.returncode, (project / "versions.pikku.json").exists()) == (1, False)
    assert '"clack"' in result.stdout
    assert "its contracts cannot be told" in result.stderr


def test_a_filter_of_the_settings_leaves_no_function_out(
    pikku: Pikku, project: Path, recorded: Path
) -> None:
    with (project / "pyproject.toml").open("a") as file:
        file.write('filter = ["greeting"]\n[tool.pikku.filters.greeting]\ntags = ["greeting"]\n')
    assert pikku("versions", "check").stdout == "The contracts of 2 functions are as recorded.\n"
    assert pikku("check").returncode == 0


def test_pikku_check_compares_where_contracts_are_recorded(
    pikku: Pikku, project: Path, recorded: Path
) -> None:
    assert pikku("check").returncode == 0
    edit(project, "data: str", "data: int")
    result = pikku("check")
    assert result.returncode == 1
    assert 'PKU862 The contract of "greet" is not the recorded one: input int: was' in result.stdout
    assert pikku("all").returncode == 0
