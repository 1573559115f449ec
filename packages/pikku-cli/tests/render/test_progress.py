"""A line for work that takes long."""

from __future__ import annotations

from io import StringIO
from threading import Event

import pytest

from pikku_cli.render.progress import progress


class Screen(StringIO):
    """A terminal that says when something was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        count = super().write(text)
        self.written.set()
        return count


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def test_long_work_is_spoken_of_and_the_line_taken_away() -> None:
    screen = Screen()
    with progress("Reading", stream=screen, delay=0):
        assert screen.written.wait(60)
        assert screen.getvalue().endswith("Reading: 0 s")
    assert screen.getvalue().endswith("Reading: 0 s\r\x1b[K")


def test_short_work_is_not() -> None:
    screen = Screen()
    with progress("Reading", stream=screen, delay=60):
        pass
    assert screen.getvalue() == ""


def fail(screen: Screen) -> None:
    with progress("Reading", stream=screen, delay=0):
        assert screen.written.wait(60)
        raise OSError("disk full")


def test_the_line_goes_away_when_the_work_fails() -> None:
    screen = Screen()
    with pytest.raises(OSError, match="disk"):
        fail(screen)
    assert screen.getvalue().endswith("\r\x1b[K")


def test_nothing_is_written_where_there_is_no_terminal() -> None:
    file = StringIO()
    with progress("Reading", stream=file, delay=0):
        pass
    assert file.getvalue() == ""


def test_nothing_is_written_over_on_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    screen = Screen()
    with progress("Reading", stream=screen, delay=0):
        pass
    assert screen.getvalue() == ""
