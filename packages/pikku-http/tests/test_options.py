"""Options from settings."""

from __future__ import annotations

import pytest

from pikku_http import HttpOptions
from pikku_http.plugin import pikku_settings

DEFAULTS = {one.name.removeprefix("http."): one.default for one in pikku_settings()}


def test_without_settings_they_are_those_of_an_app_by_hand() -> None:
    assert HttpOptions.of(DEFAULTS) == HttpOptions()


@pytest.mark.parametrize(
    ("setting", "development", "is_logged"),
    [
        ("dev", True, True),
        ("dev", False, False),
        ("always", True, True),
        ("always", False, True),
        ("never", True, False),
        ("never", False, False),
    ],
)
def test_the_access_log_depends_on_who_serves(
    setting: str, *, development: bool, is_logged: bool
) -> None:
    options = HttpOptions.of(DEFAULTS | {"access_log": setting}, development=development)
    assert options.access_log is is_logged
