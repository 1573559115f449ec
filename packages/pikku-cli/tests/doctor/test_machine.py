"""What is installed."""

from __future__ import annotations

import pytest

from pikku_cli.doctor.findings import Level
from pikku_cli.doctor.machine import lockstep, packages, python


def test_the_interpreter_is_named() -> None:
    (found,) = python()
    assert found.message.startswith("Python 3.")


def test_the_packages_that_are_installed_belong_together() -> None:
    (found,) = packages()
    assert found.level is Level.OK
    assert "pikku-core" in found.message


@pytest.mark.parametrize(
    ("versions", "wrong"),
    [
        ({"pikku-core": "0.1.0", "pikku-http": "0.1.4"}, []),
        ({"pikku-core": "0.1.0", "pikku-http": "0.2.0"}, ["pikku-http"]),
        (
            {"pikku-cli": "1.1.0", "pikku-core": "0.1.0", "pikku-http": "0.10.0"},
            ["pikku-cli", "pikku-http"],
        ),
    ],
)
def test_versions_that_do_not_go_together_are_named(
    versions: dict[str, str], wrong: list[str]
) -> None:
    found = list(lockstep(versions))
    errors = [one.message for one in found if one.level is Level.ERROR]
    assert [message.split('"')[1] for message in errors] == wrong
    assert all('"pikku-core" is 0.1.0' in message for message in errors)
