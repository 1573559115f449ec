"""What `pikku new wiring http` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

_WIRING: Final = '''\
"""`POST /$kebab`."""

from __future__ import annotations

from pikku_http import wire_http

from $module import $function

wire_http(method="post", route="/$kebab", func=$function)
'''

_TEST: Final = """\
from __future__ import annotations

from pikku_http.testing import HttpProject


def test_post_calls_the_function(pikku: HttpProject) -> None:
    with pikku.client() as http:
        answer = http.post("/$kebab", json={})
    assert answer.status_code != 404
"""


def wiring(naming: Naming) -> Iterator[tuple[str, str]]:
    """A function behind a route, and a test that the route is there."""
    yield naming.fill("$folder/wirings/http_$snake.py"), naming.fill(_WIRING)
    yield naming.fill("tests/test_http_$snake.py"), naming.fill(_TEST)
