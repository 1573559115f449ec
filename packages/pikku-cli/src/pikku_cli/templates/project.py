"""`pikku new project`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_cli import __version__
from pikku_cli.templates.pyproject import pyproject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

IGNORED: Final = """\
# Written by pikku
.pikku/

# Environments and secrets
.env
.venv/

# Caches and builds
*.py[cod]
.mypy_cache/
.pytest_cache/
.ruff_cache/
__pycache__/
dist/
"""

_README: Final = """\
# $title

```sh
uv sync                  # or: pip install -e . --group dev
uv run pikku dev         # serves, again with every change
curl localhost:8000/greetings/Ada
uv run pytest
uv run mypy
```

| | |
|---|---|
| `src/$snake/functions/` | what the application does; nothing here knows HTTP |
| `src/$snake/services/` | what functions work with, asked for by name |
| `src/$snake/wirings/` | which function answers which request |
| `.pikku/` | what `pikku` writes, and what runs; not to be edited |
"""

_PYPROJECT: Final = pyproject(
    """\
dependencies = [
    "pikku-cli$compatible",
    "pikku-core$compatible",
    "pikku-http$compatible",
    "pydantic>=2.14",
]

[dependency-groups]
dev = ["mypy>=1.18", "pikku-http[testing]$compatible", "pytest>=9"]
""",
    is_project=True,
)

_FUNCTION: Final = '''\
"""Greeting people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core import pikku_sessionless_func
from pydantic import BaseModel

if TYPE_CHECKING:
    from $snake.services.guests import Guests


class Greet(BaseModel):
    """Whom to greet."""

    name: str


class Greeting(BaseModel):
    """What is said, and for the how manieth time."""

    text: str
    visit: int


@pikku_sessionless_func(title="Greet somebody")
async def greet(data: Greet, *, guests: Guests) -> Greeting:
    """Greets everybody by name."""
    return Greeting(text=f"Hello, {data.name}!", visit=guests.add(data.name))
'''

_SERVICE: Final = '''\
"""The service `guests`."""

from __future__ import annotations

from collections import Counter

from pikku_core import pikku_service


class Guests:
    """Who has been here how often, as long as the process lives."""

    def __init__(self) -> None:
        self._visits = Counter[str]()

    def add(self, name: str) -> int:
        """Counts a visit, and says how many there have been."""
        self._visits[name] += 1
        return self._visits[name]


@pikku_service
def guests() -> Guests:
    return Guests()
'''

_WIRINGS: Final = '''\
"""Which function answers which request."""

from __future__ import annotations

from pikku_http import wire_http

from $snake.functions.greet import greet

wire_http(method="get", route="/greetings/{name}", func=greet)
'''

_TEST: Final = """\
from __future__ import annotations

from pikku_http.testing import HttpProject

from $snake.functions.greet import Greet, Greeting, greet
from $snake.services.guests import Guests


async def test_each_visit_is_counted() -> None:
    guests = Guests()
    for visit in (1, 2):
        greeting = await greet(Greet(name="Ada"), guests=guests)
        assert greeting == Greeting(text="Hello, Ada!", visit=visit)


def test_a_name_in_the_path_is_greeted(pikku: HttpProject) -> None:
    with pikku.client() as http:
        answer = http.get("/greetings/Ada")
    assert answer.json() == {"text": "Hello, Ada!", "visit": 1}
"""


def files(naming: Naming) -> Iterator[tuple[str, str]]:
    """A project with a function, a service, a wiring and their tests."""
    written = {
        ".gitignore": IGNORED,
        "README.md": _README,
        "pyproject.toml": _PYPROJECT,
        "src/$snake/__init__.py": "",
        "src/$snake/functions/__init__.py": "",
        "src/$snake/functions/greet.py": _FUNCTION,
        "src/$snake/services/__init__.py": "",
        "src/$snake/services/guests.py": _SERVICE,
        "src/$snake/wirings/__init__.py": "",
        "src/$snake/wirings/http.py": _WIRINGS,
        "tests/test_greet.py": _TEST,
    }
    for path, text in written.items():
        yield naming.fill(path), naming.fill(text, compatible=compatible())


def compatible() -> str:
    """The versions of our packages that go with this one: all have one version."""
    major, minor, *_ = __version__.split(".")
    return f"~={major}.{minor}.0"
