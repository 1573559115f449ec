"""Texts that come back as they were given out, or not at all: for cookies, links, and the like."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from math import ceil, isfinite
from typing import TYPE_CHECKING, Final

from pikku_core.services.clock import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import Sequence

SECRET_BYTES: Final = 32
"""How long a secret is at least."""

END_BYTES: Final = 8
"""The end of a text stands before what it holds: seconds since 1970, big-endian."""


class Signer:
    """Signs with HMAC-SHA-256 (RFC 2104). What is signed can be read by everybody, and made by nobody else.

    ```python
    @pikku_service
    def cookie_signer(*, secrets: Secrets, clock: Clock) -> Signer:
        return Signer([secrets.cookie_key.reveal()], clock=clock)
    ```

    Args:
        secrets: Of 32 bytes at least each. The first signs, each reads: a new one goes to the front, an old one is taken
            away when what it has signed is over.
        clock: What time it is. Default: the machine's.

    Raises:
        ValueError: There is no secret, or one is too short.
    """

    def __init__(self, secrets: Sequence[str | bytes], *, clock: Clock | None = None) -> None:
        if isinstance(secrets, str | bytes) or not secrets:
            raise ValueError('A "Signer" needs a list of one secret at least.')
        self._secrets = [one.encode() if isinstance(one, str) else one for one in secrets]
        shortest = min(map(len, self._secrets))
        if shortest < SECRET_BYTES:
            raise ValueError(f"A secret has {shortest} bytes: {SECRET_BYTES} at least.")
        self._clock = SystemClock() if clock is None else clock

    def sign(self, data: bytes, *, purpose: str, lifetime: float) -> str:
        """A text of letters, digits, `-`, `_` and one dot that holds the data.

        Args:
            purpose: What it is for; it is read for that alone.
            lifetime: For how many seconds.

        Raises:
            ValueError: They are 0 or less, or no number.
        """
        if not (isfinite(lifetime) and lifetime > 0):
            raise ValueError(
                f'A text cannot hold for {lifetime} seconds: "lifetime" is more than 0.'
            )
        end = ceil(self._clock.now().timestamp() + lifetime).to_bytes(END_BYTES, "big")
        held = urlsafe_b64encode(end + data).rstrip(b"=")
        return (held + b"." + mac(self._secrets[0], purpose, held)).decode()

    def read(self, text: str, *, purpose: str) -> bytes | None:
        """The data of a text; None where it was not signed here, for this purpose, or its time is over."""
        held, _, given = text.encode("utf-8", "surrogatepass").partition(b".")
        genuine = False
        for secret in self._secrets:
            genuine |= hmac.compare_digest(mac(secret, purpose, held), given)
        if not genuine:
            return None
        opened = urlsafe_b64decode(held + b"=" * (-len(held) % 4))
        end = int.from_bytes(opened[:END_BYTES], "big")
        return opened[END_BYTES:] if self._clock.now().timestamp() < end else None


def mac(secret: bytes, purpose: str, held: bytes) -> bytes:
    """The signature, by a key of the purpose's own: what is signed for one is worthless for another."""
    key = hmac.digest(secret, b"pikku signer\0" + purpose.encode(), "sha256")
    return urlsafe_b64encode(hmac.digest(key, held, "sha256")).rstrip(b"=")
