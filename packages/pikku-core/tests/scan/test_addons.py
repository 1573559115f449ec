from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pikku_core.plugin.model import Project

WIRE = 'from pikku_core import wire_addon\nwire_addon(name="acme", package="acme_mail")\n'
FUNCTIONS = """\
from pikku_core import Rpc, pikku_sessionless_func
from acme_mail.models import Mail
from .sender import Sender
@pikku_sessionless_func
async def send(data: Mail, *, sender: Sender, database: object, rpc: Rpc) -> None:
    await rpc.log()
    await rpc.audit()
@pikku_sessionless_func
async def log() -> None: ...
"""
PROJECT = """\
# app/main.py
from pikku_core import Rpc, pikku_service, pikku_sessionless_func
@pikku_service
def database() -> object: ...
@pikku_service
def sender() -> object: ...
@pikku_sessionless_func
async def audit() -> None: ...
@pikku_sessionless_func
async def greet(*, rpc: Rpc, sender: object) -> None:
    await rpc.acme.send()
    await rpc.invoke("acme:log")
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed addon whose import raises."""
    site = tmp_path / "site-packages"
    package = site / "acme_mail"
    package.mkdir(parents=True)
    info = site / "acme_mail-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-mail\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[pikku.addons]\nmail = acme_mail\n")
    (package / "__init__.py").write_text("raise RuntimeError('scanned, never imported')\n")
    (package / "models.py").write_text("class Mail: ...\n")
    (package / "functions.py").write_text(FUNCTIONS)
    (package / "sender.py").write_text(
        "from pikku_core import pikku_service\nclass Sender: ...\n@pikku_service\ndef sender() -> Sender: ...\n"
    )
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    importlib.invalidate_caches()
    return package


def test_an_addon_has_versions(site: Path, scan_source: Callable[..., Project]) -> None:
    (site / "functions.py").write_text(
        "from pikku_core import Rpc, pikku_sessionless_func\n"
        "@pikku_sessionless_func(version=1)\nasync def send_v1() -> None: ...\n"
        "@pikku_sessionless_func(version=2)\nasync def send_v2(*, rpc: Rpc) -> None:\n"
        "    await rpc.send_v1()\n    await rpc.invoke('send@v1')\n    await rpc.send_v3()\n"
    )
    project = scan_source(
        "from pikku_core import Rpc, pikku_sessionless_func\n"
        "@pikku_sessionless_func\nasync def greet(*, rpc: Rpc) -> None:\n"
        "    await rpc.acme.send()\n    await rpc.invoke('acme:send@v1')\n"
        f"    await rpc.invoke('acme:send@v4')\n{WIRE}"
    )
    assert project.rpc_names == {
        "acme.send": "acme:send@v2",
        "acme.send_v1": "acme:send@v1",
        "acme.send_v2": "acme:send@v2",
        "greet": "greet",
    }
    assert project.functions["greet"].rpc == ("acme:send@v1", "acme:send@v2")
    assert project.functions["acme:send@v2"].rpc == ("acme:send@v1",)
    assert [
        (one.code, one.hint, one.location and one.location.line) for one in project.diagnostics
    ] == [
        ("PKU559", 'There is "acme:send@v1", "acme:send@v2".', 8),
        ("PKU559", 'There is "acme:send@v1", "acme:send@v2".', 6),
    ]


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("call", "name"), [("mail.send()", "mail"), ("invoke('acme_mail:send')", "acme_mail")]
)
def test_a_call_of_an_installed_addon_that_is_not_wired_says_how(
    call: str, name: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(
        "from pikku_core import Rpc, pikku_sessionless_func\n"
        f"@pikku_sessionless_func\nasync def greet(*, rpc: Rpc) -> None:\n    await rpc.{call}\n"
    )
    (found,) = project.diagnostics
    assert found.code == "PKU559"
    assert found.hint == (
        '"acme_mail" is an installed addon that the project does not use: '
        f'wire_addon(name="{name}", package="acme_mail").'
    )


@pytest.mark.usefixtures("site")
def test_an_addon_is_scanned_without_being_imported(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"{PROJECT}# app/wirings.py\n{WIRE}")
    assert [str(found) for found in project.diagnostics] == []
    assert list(project.functions) == ["acme:log", "acme:send", "audit", "greet"]
    addon = project.addons["acme"]
    assert (addon.package, addon.distribution, addon.version) == ("acme_mail", "acme-mail", "1.2")
    assert str(project.functions["acme:send"].location) == "acme_mail/functions.py:5"
    assert str(project.functions["acme:send"].data) == "acme_mail.models:Mail"
    assert project.functions["acme:send"].addon == "acme"
    assert "acme_mail" not in sys.modules
    assert "acme_mail" not in project.modules


def test_a_project_asks_more_of_the_functions_of_an_addon(
    site: Path, scan_source: Callable[..., Project]
) -> None:
    (site / "functions.py").write_text(
        "from pikku_core import pikku_func, pikku_sessionless_func\n"
        '@pikku_func(scopes=["own"], tags=["own", "mail"])\nasync def send() -> None: ...\n'
        "@pikku_sessionless_func\nasync def log() -> None: ...\n"
    )
    asked = WIRE.replace('")\n', '", auth=True, scopes=["mail:send"], tags=["mail"])\n')
    project = scan_source(f"{PROJECT}# app/wirings.py\n{asked}")
    assert [str(found) for found in project.diagnostics] == []
    functions = project.functions.values()
    assert {one.id: (one.needs_session, one.scopes, one.tags) for one in functions} == {
        "acme:log": (True, ("mail:send",), ("mail",)),
        "acme:send": (True, ("mail:send", "own"), ("mail", "own")),
        "audit": (False, (), ()),
        "greet": (False, (), ()),
    }


@pytest.mark.usefixtures("site")
def test_a_project_opens_nothing_of_an_addon(scan_source: Callable[..., Project]) -> None:
    wired = WIRE.replace('")\n', '", auth={})\n')
    assert scan_source(f"{PROJECT}# app/wirings.py\n{wired.format(None)}").diagnostics == ()
    found = scan_source(f"{PROJECT}# app/wirings.py\n{wired.format(False)}").diagnostics
    assert [(one.code, str(one.location)) for one in found] == [("PKU573", "app/wirings.py:2")]


@pytest.mark.usefixtures("site")
def test_inside_an_addon_its_own_services_and_functions_come_first(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(f"{PROJECT}# app/wirings.py\n{WIRE}")
    providers = {found.name: found.provider for found in project.functions["acme:send"].parameters}
    assert providers == {"sender": "acme:sender", "database": "database", "rpc": "rpc"}
    assert project.functions["acme:send"].rpc == ("acme:log", "audit")
    assert project.functions["greet"].parameters[1].provider == "sender"


@pytest.mark.usefixtures("site")
def test_an_addon_is_called_under_its_name(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"{PROJECT}# app/wirings.py\n{WIRE}")
    assert project.functions["greet"].rpc == ("acme:log", "acme:send")
    assert project.rpc_names == {
        "acme.log": "acme:log",
        "acme.send": "acme:send",
        "audit": "audit",
        "greet": "greet",
    }


def test_an_addon_that_wires_is_refused(site: Path, scan_source: Callable[..., Project]) -> None:
    (site / "wirings.py").write_text(
        "from pikku_http import wire_http\nfrom acme_mail.functions import log\n"
        'wire_http(method="get", route="/", func=log)\n'
    )
    (site / "session.py").write_text(
        "from pikku_core import pikku_session\n@pikku_session\nclass S: ...\n"
    )
    project = scan_source(f"{PROJECT}# app/wirings.py\n{WIRE}")
    assert [f"{found.code} {found.location}" for found in project.diagnostics] == [
        "PKU920 acme_mail/session.py:3",
        "PKU920 acme_mail/wirings.py:3",
    ]
    assert project.wirings == ()


@pytest.mark.usefixtures("site")
def test_two_addons_of_one_name_name_both_places(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"{PROJECT}# app/a.py\n{WIRE}# app/b.py\n{WIRE}")
    assert [
        (found.code, str(found.location), str(found.related[0])) for found in project.diagnostics
    ] == [("PKU731", "app/b.py:2", "app/a.py:2")]


@pytest.mark.usefixtures("site")
def test_an_addon_and_a_function_of_one_name_clash(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"# app/main.py\nfrom pikku_core import pikku_service, pikku_sessionless_func\n"
        "@pikku_service\ndef database() -> object: ...\n"
        "@pikku_sessionless_func\nasync def audit() -> None: ...\n"
        f"@pikku_sessionless_func\nasync def acme() -> None: ...\n# app/wirings.py\n{WIRE}"
    )
    assert [found.code for found in project.diagnostics] == ["PKU728"]


def test_a_broken_file_of_an_addon_is_a_diagnostic(
    site: Path, scan_source: Callable[..., Project]
) -> None:
    (site / "bad.py").write_text("import pikku_core\ndef (:\n")
    project = scan_source(f"{PROJECT}# app/wirings.py\n{WIRE}")
    assert [f"{found.code} {found.location}" for found in project.diagnostics] == [
        "PKU701 acme_mail/bad.py:2"
    ]


def test_an_installed_middleware_factory_is_followed(
    site: Path, scan_source: Callable[..., Project]
) -> None:
    (site / "guards.py").write_text(
        "from pikku_core import Next, pikku_middleware\n"
        "def limit(count):\n    @pikku_middleware\n    async def check(next: Next) -> object: ...\n    return check\n"
    )
    project = scan_source(
        "# app/main.py\nfrom pikku_http import http_middleware\nfrom acme_mail.guards import limit\n"
        'http_middleware("/", [limit(3)])\n'
    )
    assert [str(found) for found in project.diagnostics] == []
    assert list(project.callables) == ["acme_mail.guards:limit.<locals>.check"]
