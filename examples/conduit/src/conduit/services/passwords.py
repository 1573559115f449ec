from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from pikku_core import pikku_service

if TYPE_CHECKING:
    from pydantic import SecretStr


class Passwords:
    """Hashes passwords with Argon2id, at the cost that OWASP's cheat sheet asks for."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobodys = self._hasher.hash(secrets.token_hex())

    def hash(self, password: SecretStr) -> str:
        return self._hasher.hash(password.get_secret_value())

    def match(self, password: SecretStr, password_hash: str | None) -> bool:
        """Whether it is the password; without a hash it is not, after the same time.

        So how long a login takes does not tell which addresses have an account.
        """
        try:
            self._hasher.verify(password_hash or self._nobodys, password.get_secret_value())
        except VerifyMismatchError:
            return False
        return password_hash is not None


@pikku_service
def passwords() -> Passwords:
    return Passwords()
