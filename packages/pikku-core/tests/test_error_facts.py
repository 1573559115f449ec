"""What a caller may know of an error."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pikku_core import (
    ConflictError,
    FieldError,
    InternalError,
    InvalidDataError,
    MissingServiceError,
    NotFoundError,
    PikkuError,
    ServiceUnavailableError,
    UnauthorizedError,
)
from pikku_core.runtime import ErrorFacts, error_facts, is_outcome

SAFE = "The server could not complete the call."


class OddError(PikkuError):
    """Somebody's own, whose status is none of an error."""

    status = 200
    code = "odd"


class ShownError(InternalError):
    """Somebody's own, who shows what happened in the server."""

    code = "shown"

    @property
    def is_public(self) -> bool:
        return True


def test_an_error_below_500_shows_what_it_says() -> None:
    assert error_facts(ConflictError("Taken.", payload={"name": "Ada"}), "abc") == ErrorFacts(
        status=409,
        code="conflict",
        mcp_code=-32603,
        message="Taken.",
        trace_id="abc",
        payload={"name": "Ada"},
    )


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("the password is x"), 500),
        (SystemExit("the password is x"), 500),
        (asyncio.CancelledError("the password is x"), 500),
        (MissingServiceError("the password is x", payload={"password": "x"}), 500),
        (ServiceUnavailableError("the password is x"), 503),
        (OddError("the password is x"), 500),
    ],
)
def test_of_any_other_only_the_trace_id_is_shown(error: BaseException, status: int) -> None:
    assert error_facts(error, "abc") == ErrorFacts(
        status=status, code="internal_error", mcp_code=-32603, message=SAFE, trace_id="abc"
    )


def test_an_error_may_say_of_itself_that_it_is_public() -> None:
    assert error_facts(ShownError("Try later."), "abc").message == "Try later."


def test_wrong_data_says_where() -> None:
    error = InvalidDataError([FieldError(("lines", 0), "missing", "Field required")])
    shown = error_facts(error, "abc")
    assert (shown.status, shown.mcp_code, shown.details) == (422, -32602, error.details)
    assert shown.as_dict() == {
        "code": "invalid_data",
        "message": "The data is not valid.",
        "trace_id": "abc",
        "details": [{"location": ["lines", 0], "code": "missing", "message": "Field required"}],
    }


def test_whoever_is_unknown_is_told_how_to_say_it() -> None:
    assert error_facts(UnauthorizedError(challenge="Basic"), "abc").challenge == "Basic"
    assert error_facts(NotFoundError(), "abc").challenge is None


async def _ends(raised: BaseException, *, cancel: bool = False) -> bool:
    """Whether what a function raises is its outcome, its task being cancelled or not."""

    async def failing() -> None:
        raise raised

    async def call() -> bool:
        try:
            await (asyncio.Event().wait() if cancel else failing())
        except BaseException as error:  # noqa: BLE001 -- what is asked about
            return is_outcome(error)
        return False

    task = asyncio.create_task(call())
    await asyncio.sleep(0)
    if cancel:
        task.cancel()
    return await task


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError(), True),
        (SystemExit(1), True),
        (asyncio.CancelledError(), True),
        (KeyboardInterrupt(), False),
        (GeneratorExit(), False),
    ],
)
def test_what_a_function_raises_is_its_outcome(error: BaseException, expected: Any) -> None:
    assert asyncio.run(_ends(error)) is expected


def test_the_cancellation_of_the_task_is_not() -> None:
    assert asyncio.run(_ends(ValueError(), cancel=True)) is False
