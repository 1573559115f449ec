"""A fake of the wire thing `logger`."""

from __future__ import annotations

import logging


class FakeLogger(logging.Logger):
    """A logger that keeps what it is told and prints nothing.

    ```python
    logger = FakeLogger()
    await greet(Greet(name="Ada"), logger=logger)
    assert logger.messages == ["INFO Greeted Ada"]
    ```

    What an App's functions log goes to the loggers `pikku.<function>`, which pytest's `caplog` sees.

    Attributes:
        records: What was logged, in order.
    """

    def __init__(self) -> None:
        super().__init__("pikku.test", logging.DEBUG)
        self.propagate = False
        self.records: list[logging.LogRecord] = []

    def handle(self, record: logging.LogRecord) -> None:
        """Keeps a record."""
        self.records.append(record)

    @property
    def messages(self) -> list[str]:
        """The level and the text of each record: `WARNING 3 attempts left`."""
        return [f"{record.levelname} {record.getMessage()}" for record in self.records]
