"""What `pikku new schedule` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

_SCHEDULE: Final = '''\
"""$title: every day at seven, UTC."""

from __future__ import annotations

from pikku_core import pikku_sessionless_func
from pikku_queue import wire_scheduler


@pikku_sessionless_func(title="$title")
async def ${snake}_daily() -> str:
    """Says that it was called, until it has something better to do."""
    return "$title"


wire_scheduler(name="$kebab", schedule="0 7 * * *", func=${snake}_daily)
'''

_TEST: Final = """\
from __future__ import annotations

from $package.schedules.$snake import ${snake}_daily


async def test_it_says_what_it_did() -> None:
    assert await ${snake}_daily() == "$title"
"""


def schedule(naming: Naming) -> Iterator[tuple[str, str]]:
    """A function without data that is called every day, and a test of it."""
    yield naming.fill("$folder/schedules/$snake.py"), naming.fill(_SCHEDULE)
    yield naming.fill("tests/test_schedule_$snake.py"), naming.fill(_TEST)
