"""Where functions are deployed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.select.needs import Needs
from pikku_core.select.target import deploy_problems, deploy_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import Settings

SOURCE = """\
# app/__init__.py
# app/services.py
from pikku_core import pikku_middleware, pikku_service

@pikku_service
def sockets(): ...

@pikku_service
def chat(*, sockets): ...

@pikku_middleware
async def announced(next, *, chat): ...
# app/functions.py
from pikku_core import pikku_sessionless_func, tag_middleware
from app.services import announced

tag_middleware("loud", [announced])

@pikku_sessionless_func
async def plain(*, rpc):
    await rpc.talk()

@pikku_sessionless_func
async def talk(*, chat): ...

@pikku_sessionless_func(middleware=[announced])
async def guarded(): ...

@pikku_sessionless_func(tags=["loud:very"])
async def tagged(): ...

@pikku_sessionless_func(deploy="server")
async def stated(): ...

@pikku_sessionless_func(deploy="serverless")
async def wrong(*, chat): ...
"""


@pytest.fixture(scope="module")
def chats(scan_text: Callable[[str], Project]) -> Project:
    return scan_text(SOURCE)


def with_deploy(settings: Settings, **deploy: Any) -> Settings:
    table = {"default_target": "serverless", "serverless_incompatible": (), **deploy}
    return replace(settings, plugins={"deploy": table})


@pytest.mark.parametrize(
    ("function", "target"),
    [
        ("plain", "serverless"),
        ("talk", "server"),
        ("guarded", "server"),
        ("tagged", "server"),
        ("stated", "server"),
        ("wrong", "serverless"),
    ],
)
def test_it_is_what_is_stated_or_what_the_services_allow(
    chats: Project, settings: Settings, function: str, target: str
) -> None:
    chosen = with_deploy(settings, serverless_incompatible=("sockets",))
    assert deploy_target(chats.functions[function], Needs(chats), chosen) == target


def test_the_default_is_a_setting(chats: Project, settings: Settings) -> None:
    chosen = with_deploy(settings, default_target="server")
    assert deploy_target(chats.functions["plain"], Needs(chats), chosen) == "server"
    assert deploy_target(chats.functions["wrong"], Needs(chats), chosen) == "serverless"


def test_a_serverless_function_with_a_service_that_is_not_is_an_error(
    chats: Project, settings: Settings, registry: Registry
) -> None:
    chosen = with_deploy(settings, serverless_incompatible=("sockets",))
    (problem,) = deploy_problems(chats, chosen, registry)
    assert problem.code == "PKU793"
    assert str(problem.location) == "app/functions.py:23"
    assert problem.message == (
        'The function "wrong" is deployed serverless and needs "sockets", '
        'which "deploy.serverless_incompatible" names.'
    )


def test_a_setting_that_names_no_service_is_an_error(
    chats: Project, settings: Settings, registry: Registry
) -> None:
    chosen = with_deploy(settings, serverless_incompatible=("socket",))
    (problem,) = deploy_problems(chats, chosen, registry)
    assert problem.code == "PKU794"
    assert str(problem.location) == "pyproject.toml:1"
    assert 'names "socket"' in problem.message
    assert 'did you mean "sockets"?' in problem.message


def test_without_the_setting_nothing_is_wrong(
    chats: Project, settings: Settings, registry: Registry
) -> None:
    assert list(deploy_problems(chats, settings, registry)) == []
