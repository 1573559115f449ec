"""The function that a wiring is for is found in the source, errors there or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_cli.exits import CommandError
from pikku_cli.scaffold.wired import function_named
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
from pikku_core import pikku_sessionless_func


@pikku_sessionless_func
async def greet() -> str: ...


@pikku_sessionless_func(name="say_goodbye")
async def leave() -> str: ...


@pikku_sessionless_func(version=1)
async def price_v1() -> str: ...


@pikku_sessionless_func(version=2)
async def price_v2() -> str: ...
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/main.py").write_text(SOURCE)
    (tmp_path / "shop/broken.py").write_text("def pikku(:\n")
    return Settings(root=tmp_path)


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("greet", "greet"),
        ("say_goodbye", "leave"),
        ("say-goodbye", "leave"),
        ("price", "price_v2"),
        ("price@v1", "price_v1"),
    ],
)
def test_it_is_named_by_its_identity_or_without_the_version(
    settings: Settings, name: str, attribute: str
) -> None:
    origin = function_named(name, settings, registry_of()).origin
    assert (origin.module, origin.attribute) == ("shop.main", attribute)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("gret", 'did you mean "greet"?'), ("order", '"pikku new function order" writes one')],
)
def test_one_that_is_not_there_is_met_with_the_nearest_or_how_to_write_it(
    settings: Settings, name: str, hint: str
) -> None:
    with pytest.raises(CommandError) as refused:
        function_named(name, settings, registry_of())
    assert str(refused.value).startswith(f'There is no function "{name}" to be wired: {hint}')
