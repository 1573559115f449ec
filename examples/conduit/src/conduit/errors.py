"""What can be wrong, in the contract's form: `{"errors": {"field or resource": ["message"]}}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import (
    ConflictError,
    FieldError,
    ForbiddenError,
    NotFoundError,
    PikkuError,
    UnauthorizedError,
)
from pikku_core.services import InvalidTokenError

if TYPE_CHECKING:
    from pikku_http import ErrorReport


def not_found(resource: str) -> PikkuError:
    return NotFoundError(payload={resource: ["not found"]})


def forbidden(resource: str) -> PikkuError:
    return ForbiddenError(payload={resource: ["forbidden"]})


def taken(field: str) -> PikkuError:
    return ConflictError(payload={field: ["has already been taken"]})


def wrong_credentials() -> PikkuError:
    return UnauthorizedError(payload={"credentials": ["invalid"]}, challenge="Token")


def in_contract_form(report: ErrorReport) -> dict[str, Any]:
    """The body of every error answer."""
    if report.payload is not None:
        return {"errors": dict(report.payload)}
    if report.details:
        return {"errors": by_field(report.details)}
    if report.status == UnauthorizedError.status:
        known = isinstance(report.error, InvalidTokenError)
        return {"errors": {"token": ["is invalid" if known else "is missing"]}}
    return {"errors": {"body": [report.message]}}


def by_field(details: tuple[FieldError, ...]) -> dict[str, list[str]]:
    """The messages under the innermost field that each is about; `body` where it is about the whole."""
    errors: dict[str, list[str]] = {}
    for detail in details:
        names = [step for step in detail.location if isinstance(step, str)]
        message = "can't be blank" if detail.code == "missing" else detail.message
        errors.setdefault(names[-1] if names else "body", []).append(message)
    return errors
