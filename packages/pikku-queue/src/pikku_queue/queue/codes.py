"""The diagnostics of queues."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode, Severity

_SEND = """\
from pikku_core import pikku_sessionless_func
from pikku_queue import WorkerConfig, wire_queue_worker

@pikku_sessionless_func
async def send(data: str) -> None: ...

"""

_BLOCK = _SEND.replace("async def", "def")

CODES: Final = (
    DiagnosticCode(
        code="PKU930",
        title="The name of a queue is not well-formed",
        explanation=(
            "A queue's name begins with a letter and holds nothing but letters, digits, `_`, `-` and `.`, so that every broker "
            "and every command line can spell it. It is an attribute too, `queue.new_users` for `new-users`: a keyword of Python "
            "or a method of `queue` cannot be one. Names that begin with `pikku-` are Pikku's own."
        ),
        example=_SEND + 'wire_queue_worker(name="send mail", func=send)\n',
        mended=_SEND + 'wire_queue_worker(name="send-mail", func=send)\n',
    ),
    DiagnosticCode(
        code="PKU931",
        title="The configuration of a worker cannot be read",
        explanation=(
            "What a worker is configured with is part of what is generated, and of what is checked against its broker: it "
            "must be a call of `WorkerConfig` that stands in the wiring, with literals."
        ),
        example=_SEND
        + 'wire_queue_worker(name="mail", func=send, config=WorkerConfig(attempts=0))\n',
        mended=_SEND
        + 'wire_queue_worker(name="mail", func=send, config=WorkerConfig(attempts=1))\n',
    ),
    DiagnosticCode(
        code="PKU932",
        title="A sync function cannot be timed out",
        explanation=(
            "An attempt that takes longer than `timeout` is cancelled. A sync function runs in a thread, which nothing can end: its "
            "job would be tried again beside it, and its effect made twice."
        ),
        example=_BLOCK
        + 'wire_queue_worker(name="mail", func=send, config=WorkerConfig(timeout="5s"))\n',
        mended=_SEND
        + 'wire_queue_worker(name="mail", func=send, config=WorkerConfig(timeout="5s"))\n',
    ),
    DiagnosticCode(
        code="PKU933",
        title="Two queues have one attribute",
        explanation=(
            "Jobs are added with `queue.new_users.add(...)`: of two queues whose names differ in nothing but `-`, `.` and `_` only "
            "one could be reached."
        ),
        example=_SEND
        + 'wire_queue_worker(name="new-users", func=send)\n'
        + 'wire_queue_worker(name="new_users", func=send)\n',
        mended=_SEND
        + 'wire_queue_worker(name="new-users", func=send)\n'
        + 'wire_queue_worker(name="old-users", func=send)\n',
    ),
    DiagnosticCode(
        code="PKU934",
        title="A queue is declared in two ways",
        explanation=(
            "`wire_queue` says what the jobs of a queue take, for parts of the project that do not work it off. It must say what the "
            "worker's function says, and say it once: which of two holds would depend on the part."
        ),
        example=_SEND.replace("import WorkerConfig", "import wire_queue")
        + 'wire_queue_worker(name="mail", func=send)\n'
        + 'wire_queue(name="mail", data=int)\n',
        mended=_SEND.replace("import WorkerConfig", "import wire_queue")
        + 'wire_queue_worker(name="mail", func=send)\n'
        + 'wire_queue(name="mail", data=str)\n',
    ),
    DiagnosticCode(
        code="PKU957",
        title="What the broker of queues can do",
        severity=Severity.INFO,
        explanation=(
            "`pikku doctor` says of each option of jobs and workers whether the broker honours it, approximates it (and how), or "
            "refuses it: a project that sets one of these does not start."
        ),
        example='# pyproject.toml\n[tool.pikku.queue]\nbroker = "embedded"\n',
        mended="$ pikku doctor\n",
    ),
    DiagnosticCode(
        code="PKU958",
        title="The broker of queues cannot be used",
        explanation=(
            "The setting `queue.broker` names a broker that nothing installed is for, or that cannot be used as it is set up."
        ),
        example='# pyproject.toml\n[tool.pikku.queue]\nbroker = "redis://localhost:6379/0"\n',
        mended='# pyproject.toml\n[tool.pikku.queue]\nbroker = "embedded"\n',
    ),
)
