"""`pikku secrets` and `pikku variables`: what is there, where from, what is missing for whom."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

VALUES = """
from pikku_core import define_secret, define_variable

define_secret("stripe_key", str, description="Pays.", docs_url="https://docs.stripe.test")
define_secret("mail_login", dict[str, str], optional=True)
define_secret("unused", str)
define_variable("page_size", int, default=20)
define_variable("ports", list[int])
"""
USERS = """
from pikku_core import pikku_service, pikku_sessionless_func


@pikku_service
def stripe(*, secrets) -> str:
    return f"{secrets.stripe_key.reveal()} {secrets.mail_login}"


@pikku_sessionless_func
async def pay(*, stripe: str, variables) -> str:
    return f"{stripe} {variables.page_size} {variables.ports}"
"""


@pytest.fixture
def shop(project: Path, pikku: Callable[..., CompletedProcess[str]]) -> Path:
    """The project with secrets and variables, generated."""
    (project / "app/values.py").write_text(VALUES)
    (project / "app/users.py").write_text(USERS)
    assert pikku("all").returncode == 0
    return project


def test_secrets_are_listed_with_where_they_come_from_and_who_needs_them(
    shop: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    (shop / ".env").write_text("UNUSED=sk_live_1\n")
    result = pikku("secrets", "list")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == (
        "Secrets:\n"
        "  Name        Key         Type            Status        Needed by\n"
        '  mail_login  MAIL_LOGIN  dict[str, str]  optional      service "stripe"\n'
        '  stripe_key  STRIPE_KEY  str             missing       service "stripe"\n'
        "  unused      UNUSED      str             set (dotenv)  nobody\n"
    )


def test_variables_are_listed_with_their_values(
    shop: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    result = pikku("variables", "list", PORTS="[80, 443]")
    assert result.stdout == (
        "Variables:\n"
        "  Name       Key        Type       Status         Value      Needed by\n"
        '  page_size  PAGE_SIZE  int        default        20         function "pay"\n'
        '  ports      PORTS      list[int]  set (process)  [80, 443]  function "pay"\n'
    )


def test_variables_that_json_does_not_know_are_listed_as_python_writes_them(
    shop: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    (shop / "app/values.py").write_text(
        f"{VALUES}\n"
        'define_variable("ratio", float)\n'
        'define_variable("mark", bytes, default=bytes([255]))\n'
    )
    assert pikku("all").returncode == 0
    result = pikku("variables", "list", "--json", RATIO="inf")
    found = {one["name"]: one["value"] for one in json.loads(result.stdout)["found"]}
    assert (found["ratio"], found["mark"]) == ("Infinity", r"b'\xff'")
    assert r"b'\\xff'" in pikku("variables", "list").stdout


def test_a_value_that_is_malformed_is_listed_with_the_reason(
    shop: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    result = pikku("secrets", "list", MAIL_LOGIN="hunter2")
    assert result.returncode == 0
    assert "malformed" in result.stdout
    assert result.stdout.endswith('in "MAIL_LOGIN" of the source "process": it is no JSON.\n')
    assert "hunter2" not in result.stdout


def test_the_check_names_what_is_missing_and_fails(
    shop: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    result = pikku("secrets", "check")
    assert result.returncode == 1
    assert result.stdout == (
        'The secret "stripe_key" (str, needed by service "stripe") is missing: set "STRIPE_KEY". '
        "See https://docs.stripe.test\n"
    )
    assert (
        result.stderr == "Error: The check failed: 1 fault would keep the project from starting.\n"
    )


def test_the_check_passes_where_all_that_is_needed_is_there(
    shop: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    result = pikku("secrets", "check", STRIPE_KEY="sk_live_1")
    assert (result.returncode, result.stdout) == (0, "Checked 3 secrets: 2 needed.\n")
    result = pikku("variables", "check", PORTS="none")
    assert result.returncode == 1
    assert "Invalid JSON" in result.stdout


def test_a_source_that_cannot_be_read_fails_the_check(
    shop: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    (shop / ".env").write_text("sk_live_1\n")
    result = pikku("secrets", "check", STRIPE_KEY="x")
    assert result.returncode == 1
    assert '.env", line 1 is no assignment: write KEY=value' in result.stdout
    assert "sk_live_1" not in result.stdout + result.stderr


@pytest.mark.parametrize("command", ["check", "list"])
def test_all_of_it_can_be_had_as_json(
    command: str, shop: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    result = pikku("secrets", command, "--json", STRIPE_KEY="sk_live_1")
    document = json.loads(result.stdout)
    assert document["failures"] == []
    assert {one["name"]: one["status"] for one in document["found"]} == {
        "mail_login": "optional",
        "stripe_key": "set",
        "unused": "missing",
    }
    assert document["found"][1] == {
        "name": "stripe_key",
        "key": "STRIPE_KEY",
        "type": "str",
        "status": "set",
        "source": "process",
        "optional": False,
        "description": "Pays.",
        "docs_url": "https://docs.stripe.test",
        "fault": "",
        "needed_by": ['service "stripe"'],
    }
    assert "sk_live_1" not in result.stdout
    values = json.loads(pikku("variables", command, "--json", PORTS="[1]").stdout)["found"]
    assert {one["name"]: one["value"] for one in values} == {"page_size": 20, "ports": [1]}


def test_a_project_without_any_says_so(
    project: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    assert pikku("all").returncode == 0
    assert pikku("secrets", "list").stdout == "The project declares no secrets.\n"
    assert pikku("variables", "check").stdout == "Checked 0 variables: 0 needed.\n"


def test_stale_files_are_refused(shop: Path, pikku: Callable[..., CompletedProcess[str]]) -> None:
    (shop / "app/values.py").write_text("")
    result = pikku("secrets", "check")
    assert result.returncode == 1
    assert '"app/values.py" has changed. Run "pikku" first.' in result.stderr


def test_a_source_that_is_not_there_is_a_wrong_setting(
    shop: Path, pikku: Callable[..., CompletedProcess[str]]
) -> None:
    result = pikku("secrets", "check", PIKKU_ENVIRONMENT_SOURCES="vault")
    assert result.returncode == 2
    assert 'names the source "vault", which is not there' in result.stderr
