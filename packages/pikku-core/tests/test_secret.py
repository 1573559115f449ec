"""Secrets: what a value that is one shows, and what a definition refuses."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import traceback
from dataclasses import asdict, dataclass

import pytest

from pikku_core import DeclarationError, Secret, define_secret, define_variable
from pikku_core.secret import SecretValues
from pikku_core.variable import NO_DEFAULT, VariableValues

WORD = "pa55-w0rd"


@dataclass
class Holder:
    key: Secret[str]


def test_a_secret_shows_itself_to_reveal_alone() -> None:
    secret = Secret(WORD)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>20}",
        f"{secret:>20}",
        "%s" % secret,  # noqa: UP031 - the old way is a way, too
        "{}".format(secret),  # noqa: UP032 - see above
        pprint.pformat({"key": [secret]}),
        repr(Holder(secret)),
        repr(asdict(Holder(secret))),
        json.dumps({"key": secret}, default=str),
        repr([getattr(secret, name, None) for name in dir(secret)]),
    ]
    assert not [text for text in shown if WORD in text]
    assert secret.reveal() == WORD


def test_a_copy_of_a_secret_is_the_secret() -> None:
    secret = Secret([WORD])
    assert copy.copy(secret) is secret
    assert copy.deepcopy({"key": secret})["key"] is secret
    assert asdict(Holder(Secret(WORD)))["key"].reveal() == WORD


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_cannot_be_pickled(protocol: int) -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps({"key": Secret(WORD)}, protocol)


def test_a_secret_is_no_json() -> None:
    with pytest.raises(TypeError):
        json.dumps(Secret(WORD))


def test_a_log_and_a_traceback_do_not_show_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    def fail(secret: Secret[str]) -> None:
        raise ValueError(secret)

    with caplog.at_level(logging.INFO):
        logging.getLogger("shop").info("with %s", Secret(WORD))
    with pytest.raises(ValueError, match="Secret") as caught:
        fail(Secret(WORD))
    lines = traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    assert WORD not in caplog.text + "".join(lines)


def test_a_key_is_the_name_in_capitals_unless_it_is_given() -> None:
    assert define_secret("stripe_key", str).key == "STRIPE_KEY"
    assert define_variable("page_size", int, key="PAGES").key == "PAGES"


def test_definitions_are_values() -> None:
    assert define_secret("key", str) == define_secret("key", str)
    assert define_secret("key", str) != define_secret("key", bytes)
    assert define_variable("size", int).default is NO_DEFAULT


@pytest.mark.parametrize("name", ["2fa", "stripe-key", "class", "schlüssel", "", "a.b", "acme:key"])
def test_a_name_that_is_no_attribute_is_refused(name: str) -> None:
    with pytest.raises(DeclarationError, match="cannot be an attribute"):
        define_secret(name, str)


@pytest.mark.parametrize("name", ["get", "items", "keys", "values", "reveal", "_private"])
def test_a_name_that_would_hide_something_is_refused(name: str) -> None:
    with pytest.raises(DeclarationError, match=f'"{name}" would hide'):
        define_variable(name, str)


@pytest.mark.parametrize("key", ["", "A KEY", "A=B", "2FA", "../../etc/passwd"])
def test_a_key_that_the_environment_cannot_have_is_refused(key: str) -> None:
    with pytest.raises(DeclarationError, match="cannot be the key"):
        define_secret("key", str, key=key)


def test_a_default_of_what_may_be_missing_is_refused() -> None:
    with pytest.raises(DeclarationError, match='leave "optional" out'):
        define_variable("size", int, default=1, optional=True)


def test_secrets_are_attributes_and_their_values_hidden() -> None:
    secrets = SecretValues({"key": Secret(WORD), "acme": SecretValues({"key": None})})
    assert secrets.key.reveal() == WORD
    assert secrets.acme.key is None
    assert repr(secrets) == "Secrets(acme, key)"
    with pytest.raises(
        AttributeError, match=r'no secret "kye".*there is "acme", "key".*define_secret'
    ):
        _ = secrets.kye


def test_variables_are_attributes_and_the_environment_a_mapping_without_secrets() -> None:
    environment = {"A": "1", "KEY": WORD, "Key": WORD}
    variables = VariableValues(environment, {"size": 20}, frozenset({"KEY"}))
    assert variables.size == 20
    assert dict(variables) == {"A": "1"}
    assert (len(variables), "KEY" in variables, variables.get("key", "x")) == (1, False, "x")
    with pytest.raises(KeyError, match='"KEY" is a secret'):
        _ = variables["KEY"]
    with pytest.raises(AttributeError, match='no variable "sise"'):
        _ = variables.sise
    assert WORD not in repr(variables)


def test_secrets_and_variables_can_be_copied() -> None:
    secrets = SecretValues({"key": Secret(WORD)})
    assert copy.deepcopy(secrets).key.reveal() == WORD
    assert copy.copy(VariableValues({}, {"size": 20})).size == 20
