"""The testing kit of queues and schedules: fakes of `queue`, waiting for jobs, and the suites that every backend passes.

```python
async def test_sign_up_sends_a_mail() -> None:
    queue = fake_queue()
    await sign_up(SignUp(name="Ada"), queue=queue)
    assert added(queue) == [Added("emails", Welcome(name="Ada"))]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_queue.queue.serve import working as working
    from pikku_queue.testing.conformance.processes import (
        SharedQueueConformance as SharedQueueConformance,
    )
    from pikku_queue.testing.conformance.queues import QueueConformance as QueueConformance
    from pikku_queue.testing.conformance.schedules import (
        SchedulerConformance as SchedulerConformance,
    )
    from pikku_queue.testing.queue import Added as Added
    from pikku_queue.testing.queue import added as added
    from pikku_queue.testing.queue import fake_queue as fake_queue
    from pikku_queue.testing.queue import fake_sync_queue as fake_sync_queue
    from pikku_queue.testing.waiting import all_settled as all_settled

__all__ = [
    "Added",
    "QueueConformance",
    "SchedulerConformance",
    "SharedQueueConformance",
    "added",
    "all_settled",
    "fake_queue",
    "fake_sync_queue",
    "working",
]

_MODULES = {
    "Added": "testing.queue",
    "QueueConformance": "testing.conformance.queues",
    "SchedulerConformance": "testing.conformance.schedules",
    "SharedQueueConformance": "testing.conformance.processes",
    "added": "testing.queue",
    "all_settled": "testing.waiting",
    "fake_queue": "testing.queue",
    "fake_sync_queue": "testing.queue",
    "working": "queue.serve",
}


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
    from importlib import import_module

    value = getattr(import_module(f"pikku_queue.{module}"), name)
    globals()[name] = value
    return value
