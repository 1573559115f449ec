"""`pikku new service`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

_SERVICE: Final = '''\
"""The service `$snake`."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from pikku_core import pikku_service


class $pascal:
    """What a function is given that asks for `$snake: $pascal`."""

    def __init__(self) -> None:
        self.is_open = True

    async def close(self) -> None:
        self.is_open = False


@pikku_service
async def $snake() -> AsyncGenerator[$pascal]:
    """Starts with the application where a function needs it, and is closed with it."""
    opened = $pascal()
    yield opened
    await opened.close()
'''

_TEST: Final = """\
from __future__ import annotations

from contextlib import asynccontextmanager

from $package.services.$snake import $snake


async def test_it_is_open_until_the_application_ends() -> None:
    async with asynccontextmanager($snake)() as opened:
        assert opened.is_open
    assert not opened.is_open
"""


def files(naming: Naming) -> Iterator[tuple[str, str]]:
    """A class, the factory that makes it and takes it down, and a test of both."""
    yield naming.fill("$folder/services/$snake.py"), naming.fill(_SERVICE)
    yield naming.fill("tests/test_service_$snake.py"), naming.fill(_TEST)
