"""Tokens that say who calls: JSON Web Tokens (RFC 7519)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias, get_args

from pikku_core.errors import UnauthorizedError
from pikku_core.services.clock import Clock, SystemClock

if TYPE_CHECKING:
    from joserfc.jwk import Key
    from joserfc.jws import CompactSignature, JWSRegistry

Claims: TypeAlias = Mapping[str, Any]
"""What a token says; `sub` is who it speaks of (RFC 7519, 4)."""

Algorithm: TypeAlias = Literal[
    "HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "ES384", "Ed25519"
]
"""How a token is signed (RFC 7518, 3 and RFC 9864, 2): `HS…` with a secret, the others with a key pair."""

SECRET_BYTES: Final = {"HS256": 32, "HS384": 48, "HS512": 64}
"""How long a secret is at least (RFC 7518, 3.2)."""

KeyType: TypeAlias = Literal["oct", "RSA", "EC", "OKP"]
KEY_TYPES: Final[Mapping[str, KeyType]] = {
    "HS": "oct",
    "RS": "RSA",
    "PS": "RSA",
    "ES": "EC",
    "Ed": "OKP",
}

REGISTERED: Final = frozenset({"sub", "exp", "iat", "iss", "aud"})
"""Claims that `Tokens.issue` writes by itself."""


class InvalidTokenError(UnauthorizedError):
    """A token that was forged, has ended, or was never one."""

    code = "invalid_token"
    default_message = "The token is not valid."


class ExpiredTokenError(InvalidTokenError):
    """A token of ours whose time is over."""

    code = "expired_token"
    default_message = "The token has expired."


class TokenReader(Protocol):
    """Knows what tokens say: the services `tokens` and `api_keys` that middleware asks for."""

    def read(self, token: str) -> Claims:
        """The claims of a token.

        Raises:
            InvalidTokenError: It is none of those that are accepted; whatever the text is, nothing else is raised.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKey:
    """A key, with the one algorithm that it is used with.

    Attributes:
        value: The secret of an `HS…` algorithm, of 32, 48 or 64 bytes at least; of the others a key in PEM: the private
            one signs and reads, the public one reads.
        algorithm: A token that names another is refused, whatever it is signed with.
        id: Its name in tokens (`kid`). Default: none; a token without one is tried with each key.
    """

    value: str | bytes = field(repr=False)
    algorithm: Algorithm = "HS256"
    id: str | None = None


class Tokens:
    """Issues and reads JSON Web Tokens; needs the extra `pikku-core[tokens]`.

    ```python
    @pikku_service
    def tokens(*, secrets: Secrets, clock: Clock) -> Tokens:
        keys = [TokenKey(value=secrets.signing.reveal(), id="2031")]
        return Tokens(keys, issuer="https://shop.example", audience="shop", clock=clock)
    ```

    A token that is read must be signed by one of the keys, must say of whom it speaks (`sub`) and when it ends (`exp`),
    and must come from `issuer` and be meant for `audience` where these are given.

    Args:
        keys: The first signs, each reads: a new one goes to the front, an old one is taken away when its tokens are over.
        issuer: Who issues (`iss`). Default: not written, not asked for.
        audience: Whom tokens are meant for (`aud`). Default: nobody in particular; a token that is meant for somebody
            is refused then (RFC 7519, 4.1.3).
        lifetime: How long an issued token holds. Default: an hour.
        leeway: For how many seconds the clocks of two machines may differ. Default: 0.
        clock: What time it is. Default: the machine's.

    Raises:
        ImportError: The extra is not installed.
        ValueError: There is no key, or one does not go with its algorithm.
    """

    def __init__(
        self,
        keys: Sequence[TokenKey],
        *,
        issuer: str | None = None,
        audience: str | None = None,
        lifetime: timedelta = timedelta(hours=1),
        leeway: int = 0,
        clock: Clock | None = None,
    ) -> None:
        if find_spec("joserfc") is None:
            raise ImportError('"Tokens" needs "joserfc": install "pikku-core[tokens]".')
        if not keys:
            raise ValueError('"Tokens" needs one key at least.')
        if lifetime < timedelta(seconds=1) or leeway < 0:
            raise ValueError('The "lifetime" of tokens is a second at least, "leeway" 0 or more.')
        self._keys = [(key, import_key(key), _registry_of(key)) for key in keys]
        self._issuer = issuer
        self._audience = audience
        self._lifetime = lifetime
        self._clock = SystemClock() if clock is None else clock
        self._registry = _claims_registry(issuer, audience, leeway, self._now)

    def issue(
        self, subject: str, claims: Claims | None = None, *, lifetime: timedelta | None = None
    ) -> str:
        """A new token.

        Args:
            subject: Whom it speaks of (`sub`).
            claims: What else it says, as JSON. Everybody who has the token can read it.
            lifetime: For how long it holds. Default: that of the service.

        Raises:
            ValueError: The claims hold one that is written here, or the key can only read.
        """
        from joserfc import jwt

        taken = sorted(REGISTERED & set(claims or {}))
        if taken:
            raise ValueError(f'The claim "{taken[0]}" is written by "Tokens": leave it out.')
        seconds = int((self._lifetime if lifetime is None else lifetime).total_seconds())
        if seconds < 1:
            raise ValueError('The "lifetime" of a token is a second at least.')
        key, imported, registry = self._keys[0]
        if not imported.is_private:
            raise ValueError("The first key is a public one, which cannot sign.")
        now = self._now()
        named = {"iss": self._issuer, "aud": self._audience}
        written = {
            **(claims or {}),
            "sub": subject,
            "iat": now,
            "exp": now + seconds,
            **{name: value for name, value in named.items() if value is not None},
        }
        header = {"alg": key.algorithm} | ({} if key.id is None else {"kid": key.id})
        return jwt.encode(header, written, imported, registry=registry)

    def read(self, token: str) -> Claims:
        """The claims of a token.

        Raises:
            ExpiredTokenError: It was issued here, and its time is over.
            InvalidTokenError: Anything else is wrong with it.
        """
        import json

        from joserfc import errors, jws

        try:
            signed = jws.extract_compact(token.encode("ascii"))
            if not self._is_signed(signed):
                raise InvalidTokenError
            claims = json.loads(signed.payload)
            self._registry.validate(claims)
            if self._audience is None and "aud" in claims:
                raise InvalidTokenError
        except errors.ExpiredTokenError:
            raise ExpiredTokenError from None
        except (*UNREADABLE, errors.JoseError):
            raise InvalidTokenError from None
        read: Claims = claims
        return read

    def _is_signed(self, signed: CompactSignature) -> bool:
        from joserfc import errors, jws

        header = signed.headers()
        if type(header) is not dict:
            return False
        name = header.get("kid")
        for key, imported, registry in self._keys:
            if header.get("alg") != key.algorithm or (name is not None and name != key.id):
                continue
            try:
                if jws.validate_compact(signed, imported, registry=registry):
                    return True
            except errors.JoseError:
                continue
        return False

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What parsers raise at bytes that are no token."""


def import_key(key: TokenKey) -> Key:
    """The key as the library has it.

    Raises:
        ValueError: It does not go with its algorithm.
    """
    from joserfc.errors import JoseError
    from joserfc.jwk import import_key as imported
    from joserfc.jws import JWSRegistry

    if key.algorithm not in get_args(Algorithm):
        known = ", ".join(get_args(Algorithm))
        raise ValueError(f'The algorithm "{key.algorithm}" is none of {known}.')
    value = key.value.encode() if isinstance(key.value, str) else key.value
    shortest = SECRET_BYTES.get(key.algorithm)
    if shortest is not None and len(value) < shortest:
        raise ValueError(
            f'The secret of an "{key.algorithm}" key has {len(value)} bytes: {shortest} at least (RFC 7518, 3.2).'
        )
    try:
        found: Key = imported(value, KEY_TYPES[key.algorithm[:2]])
        JWSRegistry.algorithms[key.algorithm].check_key(found)
    except (JoseError, ValueError, TypeError):
        # What was raised may show the key.
        raise ValueError(f'The value of the "{key.algorithm}" key is none for it.') from None
    return found


def _registry_of(key: TokenKey) -> JWSRegistry:
    """What admits the algorithm of a key and no other."""
    from joserfc.jws import JWSRegistry

    return JWSRegistry(algorithms=[key.algorithm])


def _claims_registry(issuer: str | None, audience: str | None, leeway: int, now: Any) -> Any:
    from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

    options: dict[str, ClaimsOption] = {"sub": {"essential": True}, "exp": {"essential": True}}
    if issuer is not None:
        options["iss"] = {"essential": True, "value": issuer}
    if audience is not None:
        options["aud"] = {"essential": True, "value": audience}
    return JWTClaimsRegistry(now=now, leeway=leeway, **options)
