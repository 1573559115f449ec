"""JSON Web Tokens: what is read, and that all else is refused in one way."""

from __future__ import annotations

import base64
import json
import sys
from datetime import timedelta
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import import_key

from pikku_core.services import (
    ExpiredTokenError,
    InvalidTokenError,
    TokenKey,
    Tokens,
)
from pikku_core.testing import MovableClock

SECRET = "a" * 32
OTHER = "b" * 32
NOW = int(MovableClock().now().timestamp())
GENUINE: dict[str, Any] = {"sub": "ada", "exp": NOW + 60}


def tokens(*keys: TokenKey, **options: Any) -> Tokens:
    clock = options.pop("clock", MovableClock())
    return Tokens(keys or [TokenKey(value=SECRET)], clock=clock, **options)


def signed(claims: object, *, secret: str = SECRET, **header: Any) -> str:
    """A token as anybody who has the secret could make it."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return jws.serialize_compact({"alg": "HS256", **header}, payload, import_key(secret, "oct"))


def pems(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> tuple[bytes, bytes]:
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    own = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return own, public


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_what_was_issued_is_read() -> None:
    service = tokens(issuer="shop", audience="app")
    claims = service.read(service.issue("ada", {"scopes": ["a"]}))
    assert claims == {
        "sub": "ada",
        "scopes": ["a"],
        "iss": "shop",
        "aud": "app",
        "iat": NOW,
        "exp": NOW + 3600,
    }


def test_a_token_holds_until_its_time_is_over_by_the_clock_of_the_service() -> None:
    clock = MovableClock()
    service = tokens(clock=clock)
    token = service.issue("ada", lifetime=timedelta(seconds=10))
    clock.move(9)
    assert service.read(token)["sub"] == "ada"
    clock.move(1)
    with pytest.raises(ExpiredTokenError, match="has expired"):
        service.read(token)


def test_leeway_is_for_clocks_that_differ() -> None:
    clock = MovableClock()
    token = tokens(clock=clock).issue("ada", lifetime=timedelta(seconds=10))
    clock.move(14)
    assert tokens(clock=clock, leeway=5).read(token)["sub"] == "ada"
    clock.move(1)
    with pytest.raises(ExpiredTokenError):
        tokens(clock=clock, leeway=5).read(token)


def test_an_old_key_reads_beside_the_new_one_that_signs() -> None:
    old, new = TokenKey(value=SECRET, id="1"), TokenKey(value=OTHER, id="2")
    before, after = tokens(old), tokens(new, old)
    assert after.read(before.issue("ada"))["sub"] == "ada"
    with pytest.raises(InvalidTokenError):
        before.read(after.issue("ada"))
    with pytest.raises(InvalidTokenError):
        tokens(new).read(before.issue("ada"))


def test_keys_without_names_are_all_tried() -> None:
    token = tokens(TokenKey(value=SECRET)).issue("ada")
    assert tokens(TokenKey(value=OTHER), TokenKey(value=SECRET)).read(token)["sub"] == "ada"


def test_a_key_is_not_tried_for_a_token_that_names_another() -> None:
    with pytest.raises(InvalidTokenError):
        tokens(TokenKey(value=SECRET, id="1")).read(signed(GENUINE, kid="2"))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_public_key_reads_what_the_private_one_signs(algorithm: Any) -> None:
    private, public = pems(
        rsa.generate_private_key(65537, 2048)
        if algorithm == "RS256"
        else ec.generate_private_key(ec.SECP256R1())
    )
    token = tokens(TokenKey(value=private, algorithm=algorithm)).issue("ada")
    reader = tokens(TokenKey(value=public, algorithm=algorithm))
    assert reader.read(token)["sub"] == "ada"
    with pytest.raises(ValueError, match="cannot sign"):
        reader.issue("ada")


def test_a_public_key_is_no_secret_that_somebody_else_may_sign_with() -> None:
    _, public = pems(rsa.generate_private_key(65537, 2048))
    head, payload = encoded({"alg": "HS256"}), encoded(GENUINE)
    import hmac

    mac = hmac.digest(public, f"{head}.{payload}".encode(), "sha256")
    forged = f"{head}.{payload}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    with pytest.raises(InvalidTokenError):
        tokens(TokenKey(value=public, algorithm="RS256")).read(forged)


@pytest.mark.parametrize("algorithm", ["none", "NONE", "nOnE", "HS512", "RS256", "", 7, None, []])
def test_only_the_algorithm_of_the_key_is_accepted(algorithm: object) -> None:
    with pytest.raises(InvalidTokenError):
        tokens().read(f"{encoded({'alg': algorithm})}.{encoded(GENUINE)}.")


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW + 60},
        {"sub": None, "exp": NOW + 60},
        {"sub": "", "exp": NOW + 60},
        {"sub": 7, "exp": NOW + 60},
        {"sub": "ada"},
        {"sub": "ada", "exp": str(NOW + 60)},
        {"sub": "ada", "exp": float("nan")},
        {"sub": "ada", "exp": True},
        {**GENUINE, "nbf": NOW + 10},
        {**GENUINE, "iat": NOW + 10},
        {**GENUINE, "aud": "somebody else"},
        {**GENUINE, "aud": ["", "somebody"]},
        [],
        "ada",
        None,
        b"",
        b"\xff",
        b"[" * 20_000,
    ],
)
def test_a_signature_alone_makes_no_token(claims: object) -> None:
    with pytest.raises(InvalidTokenError):
        tokens().read(signed(claims))


@pytest.mark.parametrize("other", [{}, {"iss": "other"}, {"iss": ["shop"]}])
def test_another_issuer_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(InvalidTokenError):
        tokens(issuer="shop").read(signed({**GENUINE, **other}))


@pytest.mark.parametrize("other", [{}, {"aud": "other"}, {"aud": []}, {"aud": 1}])
def test_another_audience_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(InvalidTokenError):
        tokens(audience="app").read(signed({**GENUINE, **other}))


def test_one_audience_of_several_is_enough() -> None:
    assert tokens(audience="app").read(signed({**GENUINE, "aud": ["x", "app"]}))["sub"] == "ada"


@pytest.mark.parametrize("header", [{"crit": ["exp"], "exp": 1}, {"kid": {}}, {"kid": 1}])
def test_a_header_that_is_not_understood_is_refused(header: dict[str, Any]) -> None:
    head = encoded({"alg": "HS256", **header})
    rest = signed(GENUINE).partition(".")[2]
    with pytest.raises(InvalidTokenError):
        tokens().read(f"{head}.{rest}")


@given(st.text())
def test_whatever_the_text_is_it_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(InvalidTokenError):
        tokens().read(text)


@given(st.tuples(st.binary(), st.binary(), st.binary()))
def test_whatever_the_parts_are_they_are_refused_in_one_way(parts: tuple[bytes, ...]) -> None:
    text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    with pytest.raises(InvalidTokenError):
        tokens().read(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.dictionaries(st.sampled_from(["sub", "exp", "nbf", "iat", "iss", "aud"]), JSON))
def test_whatever_a_header_or_claims_are_nothing_else_is_raised(head: Any, claims: Any) -> None:
    for token in (f"{encoded(head)}.{encoded(claims)}.", signed(claims)):
        try:
            tokens().read(token)
        except InvalidTokenError:
            continue


@given(st.data())
def test_a_changed_character_is_found(data: st.DataObject) -> None:
    token = signed(GENUINE)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda one: one != token[at]))
    with pytest.raises(InvalidTokenError):
        tokens().read(token[:at] + other + token[at + 1 :])


@pytest.mark.parametrize("claim", ["sub", "exp", "iat", "iss", "aud"])
def test_claims_that_the_service_writes_are_not_given(claim: str) -> None:
    with pytest.raises(ValueError, match=f'"{claim}"'):
        tokens().issue("ada", {claim: "x"})


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (TokenKey(value="short"), "5 bytes: 32 at least"),
        (TokenKey(value=SECRET, algorithm="HS512"), "64 at least"),
        (TokenKey(value=SECRET, algorithm=cast("Any", "none")), "none of HS256"),
        (TokenKey(value=SECRET, algorithm="RS256"), "none for it"),
        (
            TokenKey(value=pems(ec.generate_private_key(ec.SECP384R1()))[0], algorithm="ES256"),
            "none for it",
        ),
        (TokenKey(value=pems(rsa.generate_private_key(65537, 2048))[1]), "none for it"),
    ],
)
def test_a_key_goes_with_its_algorithm(key: TokenKey, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tokens(key)


def test_a_service_that_could_not_work_is_refused() -> None:
    with pytest.raises(ValueError, match="one key"):
        Tokens([])
    with pytest.raises(ValueError, match="lifetime"):
        tokens(lifetime=timedelta(0))
    with pytest.raises(ValueError, match="leeway"):
        tokens(leeway=-1)
    with pytest.raises(ValueError, match="lifetime"):
        tokens().issue("ada", lifetime=timedelta(0))


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "joserfc")
    with pytest.raises(ImportError, match=r'install "pikku-core\[tokens\]"'):
        tokens()


def test_a_key_does_not_show_itself() -> None:
    assert SECRET not in repr(TokenKey(value=SECRET))
