"""From the token of a request to its session: what every scheme shares."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from inspect import isawaitable, iscoroutinefunction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pikku_core import DeclarationError
from pikku_core.services import Claims, InvalidTokenError

if TYPE_CHECKING:
    from pikku_core.services import TokenReader

SessionOf: TypeAlias = Callable[[Claims], Any]
"""Makes the session out of what a token says: a plain function. Where it raises `LookupError`, `TypeError` or
`ValueError` (pydantic's are), or returns None, the token names nobody: 401."""

DESCRIBABLE: Final = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]+")
"""What `error_description` may hold (RFC 6750, 3)."""

log: Final = logging.getLogger("pikku.http.auth")


def check_session_of(factory: str, session_of: SessionOf) -> None:
    """Raises `DeclarationError` for an async function, whose sessions would be coroutines."""
    if iscoroutinefunction(session_of):
        raise DeclarationError(
            f'"{factory}" was given the async function "{session_of.__qualname__}": make it a plain one, and load what '
            "it asks for in a middleware of your own."
        )


def session_of_token(
    reader: TokenReader, token: str | None, session_of: SessionOf, challenge: str
) -> Any:
    """The session that a token stands for.

    Args:
        token: None: what was sent is none, whatever it is.
        challenge: The scheme with its parameters, to which the reason is added (RFC 6750, 3.1).

    Raises:
        InvalidTokenError: There is none.
    """
    try:
        return _session(_claims(reader, token), session_of)
    except InvalidTokenError as error:
        error.challenge = refused(challenge, error.message)
        raise


def _claims(reader: TokenReader, token: str | None) -> Claims:
    if token is None:
        raise InvalidTokenError
    return reader.read(token)


def _session(claims: Claims, session_of: SessionOf) -> Any:
    try:
        session = session_of(claims)
    except (LookupError, TypeError, ValueError) as error:
        # Its text may hold claims, which are about people.
        log.warning("The claims of a genuine token make no session (%s).", type(error).__name__)
        raise InvalidTokenError from error
    if session is None:
        raise InvalidTokenError
    if isawaitable(session):
        raise DeclarationError(
            "What makes sessions of tokens returned an awaitable, which would pass for a session: make it a plain function."
        )
    return session


def refused(challenge: str, message: str) -> str:
    """The challenge that says why a token was refused."""
    parameters = ['error="invalid_token"']
    if DESCRIBABLE.fullmatch(message):
        parameters.append(f'error_description="{message}"')
    scheme, _, more = challenge.partition(" ")
    return f"{scheme} {', '.join([*([more] if more else []), *parameters])}"
