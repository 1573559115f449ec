"""What a process logs, and how."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from pikku_cli.server.log_format import LogFormat
from pikku_cli.server.logs import log_to_stderr
from pikku_core.tracing import trace_id

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def logged(capsys: pytest.CaptureFixture[str], set_up: Callable[[], None]) -> str:
    """What is on standard error once a record was logged where nobody else has set up logging."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, trace_id.set("4bf9")
    root.handlers.clear()
    try:
        set_up()
        logging.getLogger("shop").warning("said")
    finally:
        trace_id.reset(before)
        root.handlers[:] = handlers
        root.setLevel(level)
    return capsys.readouterr().err


def test_text_has_the_trace_id(capsys: pytest.CaptureFixture[str]) -> None:
    text = logged(capsys, lambda: log_to_stderr("info"))
    assert text.endswith(" WARNING shop: said [4bf9]\n")


def test_json_has_the_trace_id(capsys: pytest.CaptureFixture[str]) -> None:
    text = logged(capsys, lambda: log_to_stderr("info", LogFormat.JSON))
    assert json.loads(text)["trace_id"] == "4bf9"


def test_while_developing_it_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    text = logged(capsys, lambda: log_to_stderr("info", development=True))
    assert text.endswith(" WARNING shop: said\n")


def test_what_the_project_has_set_up_stays(capsys: pytest.CaptureFixture[str]) -> None:
    def set_up() -> None:
        logging.getLogger().addHandler(logging.NullHandler())
        log_to_stderr("info")

    assert logged(capsys, set_up) == ""
