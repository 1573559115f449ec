"""What a backend cannot do is said when the App starts, and never passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core import DeclarationError
from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_queue.queue.backend import Backend

ALWAYS: Final = ("attempts", "visibility", "keep")
"""Options that every job has, whether or not its worker says something about them."""


def refuse_unsupported(backend: Backend, queues: Mapping[str, WorkerConfig]) -> None:
    """Refuses a project whose workers ask for what their backend cannot do.

    Raises:
        DeclarationError: It names the queue and the option.
    """
    for problem in unsupported(backend, queues):
        raise DeclarationError(problem)


def unsupported(backend: Backend, queues: Mapping[str, WorkerConfig]) -> Iterator[str]:
    """What the backend cannot do that workers ask for, a sentence each."""
    default = WorkerConfig()
    for queue, config in sorted(queues.items()):
        for option in WorkerConfig.__dataclass_fields__:
            support = backend.capabilities[option]
            asked = option in ALWAYS or getattr(config, option) != getattr(default, option)
            if asked and support.level == "refused":
                yield (
                    f'The queue "{queue}" sets the option "{option}", which the broker "{backend.name}" cannot honour: '
                    f"{support.note}."
                )
