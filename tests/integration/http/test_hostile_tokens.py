"""Tokens that nobody honest sends, as bytes to a real server: each is a 401 that says so, and none an error of the server."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from tests.integration.http.conftest import SERVE, running

from pikku_core.services import TokenKey, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.conftest import ProjectOf
    from tests.integration.http.conftest import Server

SECRET = "s" * 32
PAIR = rsa.generate_private_key(65537, 2048)
PRIVATE = PAIR.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = PAIR.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

FILES = {
    "app/main.py": """
        from __future__ import annotations
        from typing import TYPE_CHECKING
        from pydantic import BaseModel
        from pikku_core import (
            define_secret, pikku_func, pikku_service, pikku_session, pikku_sessionless_func,
        )
        from pikku_core.services import Claims, StaticTokens, TokenKey, Tokens
        from pikku_http import api_key, bearer, wire_http

        if TYPE_CHECKING:
            from pikku_app import Secrets

        define_secret("signing", str)
        define_secret("public", str)

        @pikku_session
        class Session(BaseModel):
            user: str

        def session_of(claims: Claims) -> Session:
            return Session(user=claims["sub"])

        @pikku_service
        def tokens(*, secrets: Secrets) -> Tokens:
            keys = [
                TokenKey(value=secrets.signing.reveal()),
                TokenKey(value=secrets.public.reveal(), algorithm="RS256"),
            ]
            return Tokens(keys, issuer="https://shop.test", audience="shop")

        @pikku_service
        def api_keys() -> StaticTokens:
            return StaticTokens({"ci": "the-key-of-the-ci"})

        @pikku_func
        async def me(*, session: Session) -> str:
            return session.user

        @pikku_sessionless_func
        async def hello() -> str:
            return "hello"

        wire_http(method="get", route="/hello", func=hello)
        wire_http(method="get", route="/me", func=me, middleware=[bearer(session_of, realm="shop")])
        wire_http(
            method="get",
            route="/key",
            func=me,
            middleware=[api_key(session_of, header="x-api-key", query="key")],
        )
        """,
}
NOW = int(time.time())
GENUINE: dict[str, Any] = {
    "sub": "ada",
    "iss": "https://shop.test",
    "aud": "shop",
    "exp": NOW + 3600,
}


def part(value: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def token(header: dict[str, Any], key: bytes | None = SECRET.encode(), **claims: Any) -> bytes:
    """A token with any header, signed by HMAC whatever that says."""
    given = {name: one for name, one in {**GENUINE, **claims}.items() if one is not None}
    text = part(header) + b"." + part(given)
    signature = b"" if key is None else hmac.digest(key, text, "sha256")
    return text + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")


HS256 = {"alg": "HS256", "typ": "JWT"}
INVALID = b'Bearer realm="shop", error="invalid_token", error_description="The token is not valid."'
EXPIRED = INVALID.replace(b"is not valid", b"has expired")

HOSTILE: dict[str, bytes] = {
    "forged": token(HS256, b"f" * 32),
    "no signature": token(HS256, None),
    "alg none": token({"alg": "none"}, None),
    "alg NONE": token({"alg": "NONE"}, None),
    "alg none, signed": token({"alg": "none"}),
    "no alg": token({}),
    "alg of another length": token({"alg": "HS512"}),
    "the public key as a secret": token(HS256, PUBLIC),
    "the public key as a secret, stripped": token(HS256, PUBLIC.strip()),
    "RS256 with a mac": token({"alg": "RS256"}, PUBLIC),
    "a key of its own": token(
        {**HS256, "jwk": {"kty": "oct", "k": base64.urlsafe_b64encode(b"f" * 32).decode()}},
        b"f" * 32,
    ),
    "a key from elsewhere": token({**HS256, "jku": "http://127.0.0.1:1/keys"}, b"f" * 32),
    "a key by a path": token({**HS256, "kid": "../../dev/null"}, b""),
    "critical": token({**HS256, "crit": ["b64"], "b64": False}),
    "another audience": token(HS256, aud="other"),
    "no audience": token(HS256, aud=None),
    "another issuer": token(HS256, iss="https://evil.test"),
    "no subject": token(HS256, sub=None),
    "no end": token(HS256, exp=None),
    "not yet": token(HS256, nbf=NOW + 3600),
    "an end that is text": token(HS256, exp="never"),
    "an end that is endless": token(HS256, exp=float("inf")),
    "30 KB of claims": token(HS256, b"f" * 32, text="x" * 20_000),
    "30 KB of dots": b"." * 30_000,
    "30 KB of text": b"a" * 30_000,
    "five parts": b"a.b.c.d.e",
    "not ASCII": "tøken".encode(),
    "not UTF-8": b"\xff\xfe",
    "empty": b"",
    "two": token(HS256) + b", Bearer " + token(HS256),
}


class Ask(Protocol):
    """Status, challenge and body of the answer to a request with some header lines."""

    def __call__(self, lines: bytes, path: bytes = b"/me") -> tuple[int, bytes, bytes]: ...


@pytest.fixture(scope="module")
def server(shared_project_of: ProjectOf) -> Iterator[Server]:
    project = shared_project_of(FILES)
    secrets = {"SIGNING": SECRET, "PUBLIC": PUBLIC.decode()}
    with running(project.root, SERVE, **secrets) as one:
        yield one


@pytest.fixture
def ask(server: Server) -> Ask:
    def exchange(lines: bytes, path: bytes = b"/me") -> tuple[int, bytes, bytes]:
        head = b"GET " + path + b" HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
        answer, _, body = server.exchange(head + lines + b"\r\n").partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in answer.split(b"\r\n")[1:] if b": " in line)
        return int(answer.split(b" ", 2)[1]), fields.get(b"www-authenticate", b""), body

    return exchange


def test_genuine_tokens_are_known(ask: Ask) -> None:
    rs256 = Tokens(
        [TokenKey(value=PRIVATE, algorithm="RS256")], issuer="https://shop.test", audience="shop"
    )
    for one in (token(HS256), rs256.issue("ada").encode()):
        assert ask(b"authorization: Bearer " + one + b"\r\n") == (200, b"", b'"ada"')


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_token_is_a_401_that_says_so(ask: Ask, server: Server, name: str) -> None:
    status, challenge, body = ask(b"authorization: Bearer " + HOSTILE[name] + b"\r\n")
    assert (status, challenge) == (401, INVALID)
    assert json.loads(body)["error"]["code"] == "invalid_token"
    assert server.alive()


def test_an_expired_token_is_told_from_others(ask: Ask) -> None:
    line = b"authorization: Bearer " + token(HS256, exp=NOW - 1) + b"\r\n"
    assert ask(line)[:2] == (401, EXPIRED)
    forged = b"authorization: Bearer " + token(HS256, b"f" * 32, exp=NOW - 1) + b"\r\n"
    assert ask(forged)[:2] == (401, INVALID)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_key_is_a_401(ask: Ask, name: str) -> None:
    status, challenge, _ = ask(b"x-api-key: " + HOSTILE[name] + b"\r\n", b"/key")
    wanted = INVALID.replace(b'Bearer realm="shop",', b"ApiKey")
    assert (status, challenge) == (401, wanted)


@pytest.mark.parametrize("query", [b"%00", b"%ff", b"a%0d%0ab", b"%F0%9F%92%A9", b"", b"a&key=b"])
def test_a_hostile_key_in_the_address_is_a_401(ask: Ask, query: bytes) -> None:
    assert ask(b"", b"/key?key=" + query)[0] == 401
    assert ask(b"", b"/key?key=the-key-of-the-ci")[0] == 200


def test_two_headers_are_one_that_is_no_token(
    ask: Ask,
) -> None:
    line = b"authorization: Bearer " + token(HS256) + b"\r\n"
    assert ask(line + line)[:2] == (401, INVALID)


@pytest.mark.parametrize("byte", [b"\x00", b"\x0b", b"\x7f"])
def test_a_control_character_gets_no_further_than_a_refusal(
    ask: Ask, server: Server, byte: bytes
) -> None:
    """The server refuses what is no header field value (RFC 9110, 5.5); what it lets through is no token."""
    assert ask(b"authorization: Bearer a" + byte + b"b\r\n")[0] in {400, 401}
    assert server.alive()


def test_a_megabyte_is_refused(ask: Ask, server: Server) -> None:
    """By the server, where it limits headers, or as no token."""
    assert ask(b"authorization: Bearer " + b"a" * 1_000_000 + b"\r\n")[0] in {400, 401, 431}
    assert server.alive()
