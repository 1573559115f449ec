"""The diagnostics of queues."""

from __future__ import annotations

from pikku_core.plugin import DiagnosticCode

CODES = (
    DiagnosticCode(
        code="PKU900",
        title="The name of a queue is not well-formed",
        explanation=(
            "A queue's name begins with a letter and holds nothing but letters, digits, `_`, `-` and `.`, so that every broker "
            "and every command line can spell it."
        ),
        example='wire_queue_worker(name="send mail", func=send)',
    ),
    DiagnosticCode(
        code="PKU901",
        title="The configuration of a worker cannot be read",
        explanation=(
            "What a worker is configured with is part of what is generated, and of what is checked against its broker: it must be a "
            "call of `WorkerConfig` that stands in the wiring, with literals."
        ),
        example='wire_queue_worker(name="mail", func=send, config=make_config())',
    ),
)
