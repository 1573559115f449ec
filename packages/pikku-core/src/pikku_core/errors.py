"""Errors that an invocation can end in, one tree for every transport.

```
PikkuError                      500  internal_error
├── BadRequestError             400  bad_request
├── UnauthorizedError           401  unauthorized
├── PaymentRequiredError        402  payment_required
├── ForbiddenError              403  forbidden
│   ├── MissingScopeError       403  missing_scope
│   └── ReadonlySessionError    403  readonly_session
├── NotFoundError               404  not_found
│   └── FunctionNotFoundError   404  function_not_found
├── MethodNotAllowedError       405  method_not_allowed
├── NotAcceptableError          406  not_acceptable
├── RequestTimeoutError         408  request_timeout
├── ConflictError               409  conflict
├── GoneError                   410  gone
├── PreconditionFailedError     412  precondition_failed
├── PayloadTooLargeError        413  payload_too_large
├── UnsupportedMediaTypeError   415  unsupported_media_type
├── InvalidDataError            422  invalid_data
├── LockedError                 423  locked
├── TooManyRequestsError        429  too_many_requests
├── InternalError               500  internal_error
│   ├── InvalidResultError      500  invalid_result
│   ├── MissingServiceError     500  missing_service
│   ├── ServiceStartError       500  service_start
│   ├── EnvironmentFaultsError  500  environment_faults
│   └── RpcDepthError           500  rpc_depth
├── NotSupportedError           501  not_supported
├── BadGatewayError             502  bad_gateway
├── ServiceUnavailableError     503  service_unavailable
└── GatewayTimeoutError         504  gateway_timeout
```

A subclass of a project's own sets `status`, `code` and `mcp_code` as class attributes; nothing is registered anywhere.
Below 500 a caller sees the message and the payload; from 500 on only the trace id (see `PikkuError.is_public`).

`DeclarationError` stands outside the tree: it is raised while a program is being put together, never by a call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class DeclarationError(TypeError):
    """A declaration that cannot be honoured: an unknown option, a clash of names, a wrong type."""


class PikkuError(Exception):
    """An error that a function raises to end its invocation with a status.

    Args:
        message: One sentence for the caller. Default: the class's `default_message`.
        payload: JSON-serialisable facts for the caller's program, shown beside the message.
    """

    status: ClassVar[int] = 500
    """The HTTP status (RFC 9110); other transports translate it."""
    code: ClassVar[str] = "internal_error"
    """A stable identifier for programs."""
    mcp_code: ClassVar[int] = -32603
    """The JSON-RPC error code that MCP answers with."""
    default_message: ClassVar[str] = "The server could not complete the call."

    def __init__(
        self, message: str | None = None, *, payload: Mapping[str, Any] | None = None
    ) -> None:
        self.message = self.default_message if message is None else message
        self.payload: Mapping[str, Any] | None = payload
        super().__init__(self.message)

    @property
    def is_public(self) -> bool:
        """Whether the message and payload may be shown to the caller: true below status 500."""
        return self.status < 500


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with the data of a call.

    Attributes:
        location: The way to the value: field names and list positions; empty for the data as a whole.
        code: A stable identifier; pydantic's error type where pydantic found it (`missing`, `int_parsing` …).
        message: One sentence about the value.
    """

    location: tuple[str | int, ...]
    code: str
    message: str


class BadRequestError(PikkuError):
    """The call cannot be understood (RFC 9110, 15.5.1)."""

    status = 400
    code = "bad_request"
    mcp_code = -32600
    default_message = "The request could not be understood."


class UnauthorizedError(PikkuError):
    """Who calls is unknown (RFC 9110, 15.5.2).

    Args:
        challenge: The value of `WWW-Authenticate` on HTTP. Default: `Bearer`, which stands for that of the route's own
            middleware where it has some.
    """

    status = 401
    code = "unauthorized"
    default_message = "Authentication is required."

    def __init__(
        self,
        message: str | None = None,
        *,
        payload: Mapping[str, Any] | None = None,
        challenge: str = "Bearer",
    ) -> None:
        super().__init__(message, payload=payload)
        self.challenge = challenge


class PaymentRequiredError(PikkuError):
    """The call must be paid for first (RFC 9110, 15.5.3)."""

    status = 402
    code = "payment_required"
    default_message = "Payment is required."


class ForbiddenError(PikkuError):
    """Who calls is known and may not (RFC 9110, 15.5.4)."""

    status = 403
    code = "forbidden"
    default_message = "Permission denied."


class MissingScopeError(ForbiddenError):
    """The session lacks a scope; the payload names it: `{"scope": "articles:write"}`."""

    code = "missing_scope"
    default_message = "The session lacks a scope that this call needs."


class ReadonlySessionError(ForbiddenError):
    """The session is read-only and the function does not declare `readonly=True`."""

    code = "readonly_session"
    default_message = "A read-only session may not call this."


class NotFoundError(PikkuError):
    """What the call is about does not exist (RFC 9110, 15.5.5)."""

    status = 404
    code = "not_found"
    mcp_code = -32601
    default_message = "Not found."


class FunctionNotFoundError(NotFoundError):
    """No function has that name, or the caller may not know that one does."""

    code = "function_not_found"
    default_message = "No such function."


class MethodNotAllowedError(PikkuError):
    """The resource exists and does not take this method (RFC 9110, 15.5.6)."""

    status = 405
    code = "method_not_allowed"
    default_message = "The method is not allowed here."


class NotAcceptableError(PikkuError):
    """No form of the answer is one that the caller accepts (RFC 9110, 15.5.7)."""

    status = 406
    code = "not_acceptable"
    default_message = "No acceptable answer can be given."


class RequestTimeoutError(PikkuError):
    """The request did not arrive in time (RFC 9110, 15.5.9)."""

    status = 408
    code = "request_timeout"
    default_message = "The request took too long to arrive."


class ConflictError(PikkuError):
    """The call conflicts with the state of what it is about (RFC 9110, 15.5.10)."""

    status = 409
    code = "conflict"
    default_message = "The call conflicts with the current state."


class GoneError(PikkuError):
    """What the call is about existed and will not come back (RFC 9110, 15.5.11)."""

    status = 410
    code = "gone"
    default_message = "No longer there."


class PreconditionFailedError(PikkuError):
    """A condition that the caller set does not hold (RFC 9110, 15.5.13)."""

    status = 412
    code = "precondition_failed"
    default_message = "A precondition of the call does not hold."


class PayloadTooLargeError(PikkuError):
    """The body is larger than the server reads (RFC 9110, 15.5.14)."""

    status = 413
    code = "payload_too_large"
    default_message = "The body is too large."


class UnsupportedMediaTypeError(PikkuError):
    """The body has a content type that the function does not take (RFC 9110, 15.5.16)."""

    status = 415
    code = "unsupported_media_type"
    default_message = "The content type of the body is not supported."


class InvalidDataError(PikkuError):
    """The data of a call does not have its declared type.

    Args:
        details: What is wrong, one entry per value; never empty.
    """

    status = 422
    code = "invalid_data"
    mcp_code = -32602
    default_message = "The data is not valid."

    def __init__(self, details: Sequence[FieldError], message: str | None = None) -> None:
        super().__init__(message)
        self.details: tuple[FieldError, ...] = tuple(details)


class LockedError(PikkuError):
    """The resource is locked (RFC 4918, 11.3)."""

    status = 423
    code = "locked"
    default_message = "The resource is locked."


class TooManyRequestsError(PikkuError):
    """The caller calls too often (RFC 6585, 4).

    Args:
        retry_after: Seconds after which the caller may come back: `Retry-After` on HTTP. Default: not said.
    """

    status = 429
    code = "too_many_requests"
    default_message = "Too many requests."

    def __init__(
        self,
        message: str | None = None,
        *,
        payload: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message, payload=payload)
        self.retry_after = retry_after


class InternalError(PikkuError):
    """The server is at fault. The message is for the log; a caller sees the trace id."""


class InvalidResultError(InternalError):
    """A function's result does not have its declared return type."""

    code = "invalid_result"


class MissingServiceError(InternalError):
    """A service or wire thing that a function needs is not there on this invocation."""

    code = "missing_service"


class ServiceStartError(InternalError):
    """A service failed to start; the message names it and what needed it."""

    code = "service_start"


class EnvironmentFaultsError(InternalError):
    """Secrets and variables that are missing or malformed, all of them at once.

    Args:
        faults: A sentence for each; never empty. No value of a secret is in them.
    """

    code = "environment_faults"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults: tuple[str, ...] = tuple(faults)
        super().__init__("\n".join(["The environment lacks what is needed:", *self.faults]))


class RpcDepthError(InternalError):
    """Functions call each other more deeply than the App allows."""

    code = "rpc_depth"


class NotSupportedError(PikkuError):
    """The server cannot do this (RFC 9110, 15.6.2)."""

    status = 501
    code = "not_supported"
    default_message = "Not supported."


class BadGatewayError(PikkuError):
    """A server further up answered badly (RFC 9110, 15.6.3)."""

    status = 502
    code = "bad_gateway"
    default_message = "A server that this one depends on answered badly."


class ServiceUnavailableError(PikkuError):
    """The server cannot answer now and may later (RFC 9110, 15.6.4).

    Args:
        retry_after: Seconds after which the caller may come back: `Retry-After` on HTTP. Default: not said.
        is_logged: Whether the log has the reason already, once for all the calls that meet with it: a line is enough then.
    """

    status = 503
    code = "service_unavailable"
    default_message = "The service is not available now."

    def __init__(
        self,
        message: str | None = None,
        *,
        payload: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
        is_logged: bool = False,
    ) -> None:
        super().__init__(message, payload=payload)
        self.retry_after = retry_after
        self.is_logged = is_logged


class GatewayTimeoutError(PikkuError):
    """A server further up did not answer in time (RFC 9110, 15.6.5)."""

    status = 504
    code = "gateway_timeout"
    default_message = "A server that this one depends on took too long."
