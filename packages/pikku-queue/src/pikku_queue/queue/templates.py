"""What `pikku new wiring queue` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming

_WIRING: Final = '''\
"""The queue `$kebab`."""

from __future__ import annotations

from pikku_queue import WorkerConfig, exponential, wire_queue_worker

from $module import $function

wire_queue_worker(
    name="$kebab",
    func=$function,
    config=WorkerConfig(attempts=5, backoff=exponential("1s")),
)
'''

_TEST: Final = """\
from __future__ import annotations

from pikku_core.testing import PikkuProject


def test_the_queue_has_a_worker(pikku: PikkuProject) -> None:
    with pikku.app() as app:
        found = [wiring.id for wiring in app.app.wirings("queue")]
    assert "queue:$kebab" in found
"""


def wiring(naming: Naming) -> Iterator[tuple[str, str]]:
    """A function behind a queue, and a test that the queue is there."""
    yield naming.fill("$folder/wirings/queue_$snake.py"), naming.fill(_WIRING)
    yield naming.fill("tests/test_queue_$snake.py"), naming.fill(_TEST)
