"""The error tree."""

from __future__ import annotations

import re

import pytest

from pikku_core import errors
from pikku_core.errors import (
    DeclarationError,
    FieldError,
    ForbiddenError,
    InternalError,
    InvalidDataError,
    MissingScopeError,
    NotFoundError,
    PikkuError,
    UnauthorizedError,
)


def tree(root: type[PikkuError]) -> list[type[PikkuError]]:
    return [root, *(each for child in root.__subclasses__() for each in tree(child))]


OWN = [each for each in tree(PikkuError) if each.__module__ == errors.__name__]


def test_the_overview_says_status_and_code_of_every_error() -> None:
    rows = re.findall(r"(\w+Error) +(\d{3})  (\w+)", errors.__doc__ or "")
    assert sorted(rows) == sorted((each.__name__, str(each.status), each.code) for each in OWN)


def test_no_two_errors_share_a_code_but_the_root_and_its_plain_subclass() -> None:
    codes = [each.code for each in OWN if each is not InternalError]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("error", OWN)
def test_every_default_message_is_a_sentence(error: type[PikkuError]) -> None:
    assert re.fullmatch(r"[A-Z].*\.", error.default_message)


def test_a_message_of_ones_own_takes_the_place_of_the_default() -> None:
    assert NotFoundError().message == "Not found."
    assert str(NotFoundError("No such user.")) == "No such user."


@pytest.mark.parametrize(("status", "public"), [(400, True), (499, True), (500, False)])
def test_below_500_the_message_is_for_the_caller(status: int, public: bool) -> None:
    class OwnError(PikkuError): ...

    OwnError.status = status
    assert OwnError().is_public is public


def test_a_subclass_sets_status_and_code_as_attributes() -> None:
    class QuotaError(ForbiddenError):
        code = "quota"

    error = QuotaError(payload={"left": 0})
    assert (error.status, error.code, error.payload) == (403, "quota", {"left": 0})


def test_who_is_unknown_is_challenged() -> None:
    assert UnauthorizedError().challenge == "Bearer"
    assert UnauthorizedError(challenge="Token").challenge == "Token"


def test_invalid_data_lists_its_faults() -> None:
    fault = FieldError(("user", 0, "email"), "missing", "Field required")
    assert InvalidDataError([fault]).details == (fault,)


def test_a_declaration_error_is_no_answer_to_a_call() -> None:
    assert not issubclass(DeclarationError, PikkuError)
    assert issubclass(MissingScopeError, ForbiddenError)
