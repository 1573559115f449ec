"""Secrets and variables in the source: what is declared, who reads which, and every fault at its line."""

from __future__ import annotations

import importlib
import re
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pikku_core.plugin.model import Project

HEAD = """\
from __future__ import annotations
from typing import TYPE_CHECKING, Any
from pikku_core import (
    Next, Rpc, define_secret, define_variable, pikku_config, pikku_middleware, pikku_permission, pikku_service,
    pikku_sessionless_func,
)
if TYPE_CHECKING:
    from app.models import Hidden
    from pikku_app import Secrets, Variables
class Login: ...
define_secret("stripe_key", str)
define_secret("smtp", Login, key="MAIL_LOGIN", optional=True, description="Mail", docs_url="https://a.test")
define_variable("page_size", int, default=20)
define_variable("ports", list[int] | None, default=None)
"""


def test_what_is_declared_is_in_the_project(scan_source: Callable[..., Project]) -> None:
    project = scan_source(HEAD)
    assert [str(found) for found in project.diagnostics] == []
    found = {(one.kind, one.id): one for one in project.declarations}
    assert sorted(found) == [
        ("secrets", "smtp"),
        ("secrets", "stripe_key"),
        ("variables", "page_size"),
        ("variables", "ports"),
    ]
    assert found["secrets", "smtp"].meta == {
        "name": "smtp",
        "key": "MAIL_LOGIN",
        "optional": True,
        "description": "Mail",
        "docs_url": "https://a.test",
    }
    assert found["secrets", "stripe_key"].meta["key"] == "STRIPE_KEY"
    assert found["variables", "page_size"].meta["default"] == 20
    assert str(found["secrets", "smtp"].type) == "app.main:Login"


USERS = """\
class Config: ...
@pikku_config
def config(*, secrets: Secrets, variables: Variables) -> Config:
    variables["HOME"], variables.get("X", "y"), "Z" in variables, variables.items()
    return Config(secrets.stripe_key.reveal(), variables.page_size)
@pikku_service
def mailer(*, secrets: Secrets | None = None) -> int:
    return len([each for each in (secrets.smtp, secrets.stripe_key)])
@pikku_service(scope="call")
async def work(*, rpc: Rpc, variables: Variables) -> int:
    await rpc.ping()
    return dict(variables)
@pikku_middleware
async def tell(next: Next, *, rpc: Rpc, secrets: Secrets) -> Any:
    await rpc.invoke("ping", secrets.smtp)
@pikku_permission
async def may(*, rpc: Rpc, variables: Variables) -> bool:
    return await rpc.pong(variables.ports)
@pikku_sessionless_func
async def ping(*, variables: Variables, mailer: int) -> int:
    return variables.page_size.real
@pikku_sessionless_func
async def pong(*, work: int) -> None: ...
"""


def test_bodies_say_what_they_read_and_call(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"{HEAD}{USERS}")
    assert [str(found) for found in project.diagnostics] == []
    services, callables = project.services, project.callables
    assert services["config"].secrets == ("stripe_key",)
    assert services["config"].variables == ("page_size",)
    assert services["mailer"].secrets == ("smtp", "stripe_key")
    assert (services["work"].rpc, services["work"].variables) == (("ping",), ("*",))
    assert callables["app.main:tell"].rpc == ("ping",)
    assert callables["app.main:tell"].secrets == ("smtp",)
    assert callables["app.main:may"].rpc == ("pong",)
    assert callables["app.main:may"].variables == ("ports",)
    assert project.functions["ping"].variables == ("page_size",)


def test_two_definitions_that_say_the_same_are_one(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f'{HEAD}# app/other.py\nfrom pikku_core import define_variable\ndefine_variable("page_size", int, default=20)\n'
    )
    assert [str(found) for found in project.diagnostics] == []
    assert [one.id for one in project.declarations].count("page_size") == 1


SERVICE = "@pikku_service\ndef s(*, secrets: Secrets) -> Any:\n    return "
FUNCTION = "@pikku_sessionless_func\nasync def f(*, variables: Variables) -> Any:\n    return "

CASES: dict[str, str] = {
    # the definitions themselves
    "a name that is a method": 'define_secret("reveal", str)  # PKU124',
    "a name of the mapping": 'define_variable(name="items", type=str)  # PKU124',
    "a name that is private": 'define_variable("_x", str)  # PKU124',
    "a name that is a keyword": 'define_secret("class", str)  # PKU124',
    "a name with a dash": 'define_secret("stripe-key", str)  # PKU124',
    "a key with a slash": 'define_secret("k", str, key="../k")  # PKU124',
    "a default of what may be missing": 'define_variable("k", int, default=1, optional=True)  # PKU124',
    "optional that is no bool": 'define_secret("k", str,\n    optional=1)  # PKU124',
    "a type that is text": 'define_secret("k",\n    type="str")  # PKU124',
    "a type that is a list": 'define_secret("k", [str])  # PKU124',
    "a type that is computed": 'define_secret("k", type(1))  # PKU124',
    "a type for checkers only": 'define_secret("k", Hidden)  # PKU713',
    "no type": 'define_secret("k")  # PKU111',
    "no name": "define_secret(type=str)  # PKU111",
    "a name that is computed": 'define_secret("k".upper(), str)  # PKU118',
    "a secret with a default": 'define_secret("k", str, default="x")  # PKU761',
    "a definition in a loop": 'for k in "ab":\n    define_secret(k, str)  # PKU703',
    "a definition in a function": 'def g() -> None:\n    define_secret("k", str)  # PKU702',
    "a definition under a condition": 'if Any:\n    define_secret("k", str)  # PKU704',
    "two different ones of a name": 'define_variable("page_size", int, default=10)  # PKU955',
    "two of a name and another type": 'define_secret("stripe_key", bytes)  # PKU955',
    "a variable with the key of a secret": 'define_variable("k", str, key="STRIPE_KEY")  # PKU955',
    "a variable whose mounted file would be a secret's": 'define_variable("k", str, key="stripe_key")  # PKU955',
    # who may read
    "a function that asks for secrets": "@pikku_sessionless_func\nasync def f(\n    *,\n    secrets: Secrets,  # PKU950\n) -> None: ...",
    "one that may do without": "@pikku_sessionless_func\nasync def f(*, secrets: Secrets | None = None) -> None: ...  # PKU950",
    "a permission that asks for secrets": "@pikku_permission\nasync def f(*, secrets: Secrets) -> bool: ...  # PKU950",
    # what is read
    "an undeclared secret": f"{SERVICE}(\n        secrets.strip_key  # PKU951\n    )",
    "an undeclared variable": f"{FUNCTION}variables.page_sise  # PKU951",
    "an undeclared secret in a middleware": "@pikku_middleware\nasync def m(next: Next, *, secrets: Secrets) -> Any:\n    return secrets.nobody  # PKU951",
    "an undeclared variable in a permission": "@pikku_permission\nasync def m(*, variables: Variables) -> Any:\n    return variables.nobody  # PKU951",
    "secrets handed on": f"{SERVICE}len([\n        secrets,  # PKU952\n    ])",
    "secrets by index": f'{SERVICE}secrets["stripe_key"]  # PKU952',
    "secrets by a computed name": f'{SERVICE}getattr(secrets, "stripe" + "_key")  # PKU952',
    "a call by name in a service": '@pikku_service(scope="call")\nasync def s(*, rpc: Rpc) -> Any:\n    await rpc.nobody()  # PKU559',
    "a call by name in a middleware": "@pikku_middleware\nasync def m(next: Next, *, rpc: Rpc) -> Any:\n    await rpc.nobody()  # PKU559",
}


@pytest.mark.parametrize("name", CASES)
def test_a_diagnostic_stands_at_its_line(name: str, found_in: Callable[[str], list[str]]) -> None:
    source = f"{HEAD}{CASES[name]}\n"
    expected = [
        f"{match[1]} app/main.py:{number}"
        for number, line in enumerate(source.splitlines(), 1)
        if (match := re.search(r"# (PKU\d+)$", line))
    ]
    assert expected
    assert found_in(source) == expected


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("secrets.strip_key", 'Did you mean "stripe_key"?'),
        ("secrets.nobody", 'define_secret("nobody", …); there is "smtp", "stripe_key".'),
    ],
)
def test_an_undeclared_name_is_met_with_what_there_is(
    body: str, hint: str, scan_source: Callable[..., Project]
) -> None:
    (found,) = scan_source(f"{HEAD}{SERVICE}{body}\n").diagnostics
    assert hint in found.hint


def test_of_two_definitions_of_a_name_both_places_are_named(
    scan_source: Callable[..., Project],
) -> None:
    (found,) = scan_source(f'{HEAD}define_secret("stripe_key", bytes)\n').diagnostics
    assert str(found.location) == "app/main.py:15"
    assert [str(other) for other in found.related] == ["app/main.py:11"]


def test_secrets_that_cannot_be_told_count_as_all(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"{HEAD}{SERVICE}[secrets, secrets.smtp]\n")
    assert project.services["s"].secrets == ("*",)
    assert [found.severity for found in project.diagnostics] == ["warning"]


ADDON = """\
from __future__ import annotations
from pikku_core import define_secret, define_variable, pikku_service, pikku_sessionless_func
from pikku_app import Secrets, Variables
define_secret("api_key", str)
define_variable("sender", str, key="MAIL_FROM")
@pikku_service
def mailer(*, secrets: Secrets) -> str:
    return secrets.api_key.reveal()
@pikku_sessionless_func
async def send(*, mailer: str, variables: Variables) -> str:
    return mailer + variables.sender
"""
WIRE = 'from pikku_core import wire_addon\nwire_addon(name="acme", package="acme_mail")\n'


@pytest.fixture
def addon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed addon with a secret and a variable."""
    site = tmp_path / "site-packages"
    package, info = site / "acme_mail", site / "acme_mail-1.2.dist-info"
    for folder in (package, info):
        folder.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-mail\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[pikku.addons]\nmail = acme_mail\n")
    (package / "__init__.py").write_text(ADDON)
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    importlib.invalidate_caches()
    return package / "__init__.py"


@pytest.mark.usefixtures("addon")
def test_an_addon_has_secrets_of_its_own(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"{HEAD}{WIRE}@pikku_service\ndef s(*, secrets: Secrets) -> Any:\n    return secrets.acme.api_key\n"
    )
    assert [str(found) for found in project.diagnostics] == []
    found = {(one.kind, one.id): one.meta.get("key") for one in project.declarations}
    assert found["secrets", "acme:api_key"] == "ACME_API_KEY"
    assert found["variables", "acme:sender"] == "MAIL_FROM"
    assert project.services["acme:mailer"].secrets == ("acme:api_key",)
    assert project.functions["acme:send"].variables == ("acme:sender",)
    assert project.functions["acme:send"].parameters[1].provider == "acme:variables"
    assert project.services["s"].secrets == ("acme:api_key",)


@pytest.mark.usefixtures("addon")
def test_a_whole_addon_s_secrets_are_handed_on_with_a_warning(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        f"{HEAD}{WIRE}@pikku_service\ndef s(*, secrets: Secrets) -> Any:\n    return secrets.acme\n"
    )
    (found,) = project.diagnostics
    assert found.code == "PKU952"
    assert 'counts as needing all of "acme"' in found.message
    assert project.services["s"].secrets == ("acme:api_key",)


@pytest.mark.usefixtures("addon")
def test_a_secret_that_an_addon_does_not_have_is_named_in_full(
    scan_source: Callable[..., Project],
) -> None:
    reads = "    return secrets.acme.api_ky, secrets.acme.other\n"
    project = scan_source(
        f"{HEAD}{WIRE}@pikku_service\ndef s(*, secrets: Secrets) -> Any:\n{reads}"
    )
    near, far = project.diagnostics
    assert (near.code, near.hint) == ("PKU951", 'Did you mean "acme.api_key"?')
    assert '"secrets.acme.other"' in far.message
    assert far.hint.startswith('What the addon "acme" declares is its own to say')


def test_an_addon_does_not_see_the_secrets_of_the_project(
    addon: Path, scan_source: Callable[..., Project]
) -> None:
    addon.write_text(ADDON.replace("secrets.api_key", "secrets.stripe_key"))
    (found,) = scan_source(f"{HEAD}{WIRE}").diagnostics
    assert (found.code, str(found.location)) == ("PKU951", "acme_mail/__init__.py:8")


@pytest.mark.usefixtures("addon")
def test_a_secret_that_is_called_as_an_addon_is_refused(
    scan_source: Callable[..., Project],
) -> None:
    (found,) = scan_source(f'{HEAD}{WIRE}define_secret("acme", str)\n').diagnostics
    assert (found.code, str(found.location)) == ("PKU955", "app/main.py:17")


def test_what_an_addon_cannot_be_told_to_read_is_its_own(
    addon: Path, scan_source: Callable[..., Project]
) -> None:
    addon.write_text(ADDON.replace("secrets.api_key.reveal()", "str(secrets)"))
    project = scan_source(f"{HEAD}{WIRE}")
    assert [found.code for found in project.diagnostics] == ["PKU952"]
    assert project.services["acme:mailer"].secrets == ("acme:api_key",)
    assert project.secret_keys == ("ACME_API_KEY", "MAIL_LOGIN", "STRIPE_KEY")


def test_a_name_that_no_definition_may_have_is_not_to_be_declared(
    scan_source: Callable[..., Project],
) -> None:
    (found,) = scan_source(f"{HEAD}{FUNCTION}variables._cached\n").diagnostics
    assert found.code == "PKU951"
    assert "define_variable" not in found.hint
    assert "choose another name; there is " in found.hint
