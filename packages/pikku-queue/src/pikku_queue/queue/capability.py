"""What a backend cannot do is said when the App starts, or where a job is added, and never passed over."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError
from pikku_queue.queue.backend import OPTIONS, Support
from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_queue.queue.backend import Backend

log: Final = logging.getLogger("pikku.queue")

ALWAYS: Final = ("attempts", "visibility", "keep")
"""Options that every job has, whether or not its worker says something about them."""
SILENT: Final = Support("refused", "it says nothing about it")
"""What an option is to a backend whose table leaves it out."""


class Demands:
    """What is asked of a backend, held against what it can do.

    Args:
        lenient: Whether what it cannot do is a warning, once for each option of a queue, and not an error.
    """

    def __init__(self, backend: Backend, *, lenient: bool = False) -> None:
        self._backend = backend
        self._lenient = lenient
        self._said: set[str] = set()

    def check_workers(self, queues: Mapping[str, WorkerConfig]) -> None:
        """Refuses a project whose workers ask for what the backend cannot do.

        Raises:
            DeclarationError: It names the queue and the option.
        """
        for problem in unsupported(self._backend, queues):
            self._refuse(problem)

    def check_job(self, queue: str, options: Mapping[str, Any]) -> None:
        """Refuses a job with an option that the backend cannot honour.

        Raises:
            DeclarationError: It names the queue and the option.
        """
        for option, value in options.items():
            if option in OPTIONS and value is not None:
                support = self._backend.capabilities.get(option, SILENT)
                if support.level == "refused":
                    self._refuse(
                        f'A job of "{queue}" has the option "{option}", which the broker "{self._backend.name}" cannot honour: '
                        f"{support.note}."
                    )

    def _refuse(self, problem: str) -> None:
        if not self._lenient:
            raise DeclarationError(problem)
        if problem not in self._said:
            self._said.add(problem)
            log.warning("%s", problem)


def unsupported(backend: Backend, queues: Mapping[str, WorkerConfig]) -> Iterator[str]:
    """What the backend cannot do that workers ask for, a sentence each."""
    default = WorkerConfig()
    for queue, config in sorted(queues.items()):
        for option in WorkerConfig.__dataclass_fields__:
            support = backend.capabilities.get(option, SILENT)
            asked = option in ALWAYS or getattr(config, option) != getattr(default, option)
            if asked and support.level == "refused":
                yield (
                    f'The queue "{queue}" sets the option "{option}", which the broker "{backend.name}" cannot honour: '
                    f"{support.note}."
                )
