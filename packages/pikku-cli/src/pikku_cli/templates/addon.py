"""`pikku new addon`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_cli.templates.project import IGNORED, compatible
from pikku_cli.templates.pyproject import pyproject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

_README: Final = """\
# $title

An addon for Pikku projects. A project that has it installed says so beside its wirings,
and chooses the name that its functions are called by:

```python
from pikku_core import wire_addon

wire_addon(name="$snake", package="$snake")
```

```python
receipt = await rpc.$snake.send(Message(to="ada", text="Hello"))
```
"""

_PYPROJECT: Final = pyproject(
    """\
dependencies = ["pikku-core$compatible", "pydantic>=2.14"]

[project.entry-points."pikku.addons"]
$kebab = "$snake"

[dependency-groups]
dev = ["mypy>=1.18", "pikku-cli$compatible", "pytest>=9"]
""",
    is_project=True,
)

_FUNCTIONS: Final = '''\
"""What the addon does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core import pikku_sessionless_func
from pydantic import BaseModel

if TYPE_CHECKING:
    from $snake.services import Outbox


class Message(BaseModel):
    """What to send, and to whom."""

    to: str
    text: str


class Receipt(BaseModel):
    """The number of a message that was sent."""

    number: int


@pikku_sessionless_func(title="Send a message")
async def send(data: Message, *, outbox: Outbox) -> Receipt:
    """Sends a message."""
    return Receipt(number=outbox.put(data.to, data.text))
'''

_SERVICES: Final = '''\
"""What the addon works with. A project that uses it starts these services itself."""

from __future__ import annotations

from pikku_core import pikku_service


class Outbox:
    """Messages by recipient, as long as the process lives."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []

    def put(self, to: str, text: str) -> int:
        """Keeps a message, and says how many there are."""
        self.messages.append((to, text))
        return len(self.messages)


@pikku_service
def outbox() -> Outbox:
    return Outbox()
'''

_TEST: Final = """\
from __future__ import annotations

from $snake.functions import Message, send
from $snake.services import Outbox


async def test_what_is_sent_is_in_the_outbox() -> None:
    outbox = Outbox()
    receipt = await send(Message(to="ada", text="Hello"), outbox=outbox)
    assert receipt.number == 1
    assert outbox.messages == [("ada", "Hello")]
"""


def files(naming: Naming) -> Iterator[tuple[str, str]]:
    """A distribution whose entry point names it as an addon, with a function, a service and a test."""
    written = {
        ".gitignore": IGNORED,
        "README.md": _README,
        "pyproject.toml": _PYPROJECT,
        "src/$snake/__init__.py": "",
        "src/$snake/functions.py": _FUNCTIONS,
        "src/$snake/py.typed": "",
        "src/$snake/services.py": _SERVICES,
        "tests/test_send.py": _TEST,
    }
    for path, text in written.items():
        yield naming.fill(path), naming.fill(text, compatible=compatible())
