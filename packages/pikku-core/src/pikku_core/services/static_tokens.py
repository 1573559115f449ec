"""Tokens that are agreed on beforehand."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from pikku_core.services.tokens import InvalidTokenError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core.services.tokens import Claims

SHORTEST: Final = 16
"""The characters that a token which is agreed on beforehand has at least."""


class StaticTokens:
    """Tokens that were agreed on beforehand, of programs rather than of people.

    ```python
    @pikku_service
    def api_keys(*, secrets: Secrets) -> StaticTokens:
        return StaticTokens({"ci": secrets.ci_key.reveal()})
    ```

    Args:
        subjects: Whose token each is: the `sub` of its claims. Several tokens of one while they are exchanged.

    Raises:
        ValueError: A token has fewer than 16 characters, or two subjects have the same.
    """

    def __init__(self, subjects: Mapping[str, str | Iterable[str]]) -> None:
        self._subjects: list[tuple[bytes, str]] = []
        for subject, tokens in subjects.items():
            for token in [tokens] if isinstance(tokens, str) else tokens:
                if len(token) < SHORTEST:
                    raise ValueError(
                        f'The token of "{subject}" is too short to be safe: {SHORTEST} characters at least.'
                    )
                self._subjects.append((digest(token), subject))
        if len({known for known, _ in self._subjects}) < len(self._subjects):
            raise ValueError("Two static tokens are the same: nobody could tell who calls.")

    def read(self, token: str) -> Claims:
        """`{"sub": …}`; it takes as long for a wrong token as for a right one.

        Raises:
            InvalidTokenError: It is none of them.
        """
        given = digest(token)
        found: str | None = None
        for known, subject in self._subjects:
            if hmac.compare_digest(known, given):
                found = subject
        if found is None:
            raise InvalidTokenError
        return {"sub": found}


def digest(token: str) -> bytes:
    """What is compared in place of a token, so that the time tells nothing of its length either."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
