"""The table of what a broker can do."""

from __future__ import annotations

from pikku_core.plugin import Severity
from pikku_queue.queue.backend import HONOURED, Support
from pikku_queue.queue.doctor import table_of


def test_each_level_is_a_line_with_its_options_and_why() -> None:
    capabilities = {
        "priority": Support("approximated", "ten steps"),
        "delay": HONOURED,
        "attempts": HONOURED,
        "peek": Support("refused", "there is no result backend"),
    }
    found = list(table_of("celery", capabilities))
    assert [one.message for one in found] == [
        'The broker "celery" honours attempts, delay.',
        'The broker "celery" approximates priority (ten steps).',
        'The broker "celery" refuses peek (there is no result backend).',
    ]
    assert {one.severity for one in found} == {Severity.INFO}
