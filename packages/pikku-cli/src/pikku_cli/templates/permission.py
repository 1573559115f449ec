"""`pikku new permission`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

_PERMISSION: Final = '''\
"""Permission: $title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core import pikku_permission

if TYPE_CHECKING:
    from pikku_app import Session


@pikku_permission
async def $snake(*, session: Session | None = None) -> bool:
    """Lets everybody pass who has a session, until it knows better.

    `permissions=[$snake]` makes a function or a wiring ask it. It may take the data,
    `data: Article, *, session: Session`, and ask for services.
    """
    return session is not None
'''

_TEST: Final = """\
from __future__ import annotations

from $package.permissions.$snake import $snake


async def test_nobody_passes_without_a_session() -> None:
    assert not await $snake()
"""


def files(naming: Naming) -> Iterator[tuple[str, str]]:
    """A permission that asks for a session, and a test of it."""
    yield naming.fill("$folder/permissions/$snake.py"), naming.fill(_PERMISSION)
    yield naming.fill("tests/test_permission_$snake.py"), naming.fill(_TEST)
