"""`pikku new function`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

_FUNCTION: Final = '''\
"""$title."""

from __future__ import annotations

from pikku_core import pikku_sessionless_func
from pydantic import BaseModel


class ${pascal}Data(BaseModel):
    """What `$snake` is called with."""

    name: str


class ${pascal}Result(BaseModel):
    """What `$snake` answers."""

    text: str


@pikku_sessionless_func(title="$title")
async def $snake(data: ${pascal}Data) -> ${pascal}Result:
    """Greets, until it has something better to do."""
    return ${pascal}Result(text=f"Hello, {data.name}!")
'''

_TEST: Final = """\
from __future__ import annotations

from $package.functions.$snake import ${pascal}Data, ${pascal}Result, $snake


async def test_it_greets() -> None:
    result = await $snake(${pascal}Data(name="Ada"))
    assert result == ${pascal}Result(text="Hello, Ada!")
"""


def files(naming: Naming) -> Iterator[tuple[str, str]]:
    """A function that anybody may call, the types of its data and its result, and a test that calls it."""
    yield naming.fill("$folder/functions/$snake.py"), naming.fill(_FUNCTION)
    yield naming.fill("tests/test_$snake.py"), naming.fill(_TEST)
