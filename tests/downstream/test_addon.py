"""An addon that a stranger wrote and packed: functions and services that a project calls from its wheel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.downstream.conftest import Environment


def test_scanning_does_not_import_the_addon(acme: Environment, branch: Path) -> None:
    broken = acme.run("python", "-c", "import acme_mail.functions", cwd=branch, ACME_EXPLODE="1")
    assert "acme_mail.functions was imported" in broken.stderr
    result = acme.run("pikku", cwd=branch, ACME_EXPLODE="1")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_function_of_the_addon_is_called_by_attribute_and_by_name(
    acme: Environment, branch: Path
) -> None:
    outbox = branch / "outbox"
    assert acme.run("pikku", cwd=branch).returncode == 0
    command = ("pikku", "serve", "--port", "0")
    with acme.serve(*command, cwd=branch, ACME_OUTBOX=str(outbox)) as server:
        where = server.wait_for(r"http://[\d.:]+")[0]
        response = httpx.post(
            f"{where}/orders",
            json={"buyer": "ada", "article": "a pen"},
            headers={"authorization": "Bearer ada"},
        )
        assert response.json() == [{"number": 1, "to": "ada"}, {"number": 2, "to": "stock"}]
        assert (outbox / "1-ada.txt").read_text() == "You bought a pen."
        assert not (outbox / "closed").exists()
        assert server.stop() == 0, server.output
    assert (outbox / "closed").exists()


def test_the_environment_of_the_addon_is_the_projects_to_supply(
    acme: Environment, branch: Path
) -> None:
    assert acme.run("pikku", cwd=branch).returncode == 0
    listed = acme.run("pikku", "secrets", "list", "--json", cwd=branch, ACME_SIGNATURE="yours")
    (signature,) = json.loads(listed.stdout)["found"]
    assert (signature["name"], signature["key"]) == ("acme:signature", "ACME_SIGNATURE")
    assert (signature["status"], signature["needed_by"]) == ("set", ['service "acme:mailer"'])
    command = ("pikku", "serve", "--port", "0")
    with acme.serve(*command, cwd=branch, ACME_SIGNATURE="Yours") as server:
        where = server.wait_for(r"http://[\d.:]+")[0]
        order = {"buyer": "ada", "article": "a pen"}
        httpx.post(f"{where}/orders", json=order, headers={"authorization": "Bearer ada"})
        assert (branch / "outbox" / "1-ada.txt").read_text() == "You bought a pen. Yours"
        assert server.stop() == 0, server.output


def test_the_generated_names_are_those_of_the_namespace(acme: Environment, branch: Path) -> None:
    assert acme.run("pikku", cwd=branch).returncode == 0
    names = json.loads((branch / ".pikku/rpc/pikku-rpc-wirings-meta.internal.gen.json").read_text())
    assert names["acme.send"] == "acme:send"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('package="acme_mail"', 'package="acme_post"', ['"acme_post"']),
        ('package="acme_mail"', 'package="acme_line"', ['"acme_line"']),
        (
            'wire_addon(name="acme", package="acme_mail")',
            'wire_addon(name="acme", package="acme_mail")\nwire_addon(name="acme", package="acme_mail")',
            ['"acme"', "app/wirings.py:13", "app/wirings.py:14"],
        ),
        (
            'wire_addon(name="acme", package="acme_mail")',
            'wire_addon(name="acme", package="acme_mail")\nwire_addon(name="post", package="acme_mail")',
            ['"acme_mail"', '"acme"', '"post"', "app/wirings.py:13", "app/wirings.py:14"],
        ),
    ],
    ids=["not installed", "no addon", "one name twice", "one addon twice"],
)
def test_an_addon_that_cannot_be_is_a_diagnostic_with_its_place(
    acme: Environment, branch: Path, before: str, after: str, words: list[str]
) -> None:
    wirings = branch / "app/wirings.py"
    wirings.write_text(wirings.read_text().replace(before, after))
    result = acme.run("pikku", cwd=branch)
    output = result.stdout + result.stderr
    assert result.returncode != 0
    assert "app/wirings.py:13" in output
    assert all(word in output for word in words), output
