"""Declarations: frozen values that say what a project wants and touch nothing."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pytest

from pikku_core import (
    AddonDeclaration,
    App,
    DeclarationError,
    Priority,
    Wiring,
    global_middleware,
    global_permissions,
    pikku_config,
    pikku_func,
    pikku_middleware,
    pikku_permission,
    pikku_service,
    pikku_session,
    pikku_sessionless_func,
    tag_middleware,
    tag_permissions,
    wire_addon,
)
from pikku_core.config import ConfigConfig
from pikku_core.declaration import config_of
from pikku_core.middleware import MiddlewareConfig
from pikku_core.permissions import PermissionConfig
from pikku_core.service import ServiceConfig
from pikku_core.session import SessionConfig

if TYPE_CHECKING:
    from collections.abc import Callable


async def anything() -> Any: ...


def test_a_wiring_class_without_an_identity_says_so() -> None:
    class Nameless(Wiring):
        kind: ClassVar[str] = "nameless"

    with pytest.raises(DeclarationError, match='class "Nameless" has no identity'):
        _ = Nameless(func=anything).id


def test_a_declaration_cannot_be_changed() -> None:
    declaration = global_middleware([anything])
    with pytest.raises(dataclasses.FrozenInstanceError):
        declaration.tag = "other"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # the fault that is tested


def test_middleware_is_declared_for_everything_or_for_a_tag() -> None:
    assert (global_middleware([anything]).kind, global_middleware([anything]).tag) == (
        "middleware",
        None,
    )
    assert tag_middleware("admin", [anything]).tag == "admin"
    assert tag_middleware("admin", [anything]).middleware == (anything,)


def test_permissions_are_declared_for_everything_or_for_a_tag() -> None:
    assert global_permissions({"one": anything}).permissions == {"one": anything}
    assert tag_permissions("admin", [anything]).tag == "admin"
    assert tag_permissions("admin", [anything]).kind == "permissions"


@pytest.mark.parametrize(
    ("option", "declare"),
    [
        ("middleware", global_middleware),
        ("middleware", partial(tag_middleware, "admin")),
        ("middleware", pikku_func),
        ("middleware", pikku_sessionless_func),
        ("permissions", global_permissions),
        ("permissions", partial(tag_permissions, "admin")),
        ("permissions", pikku_func),
        ("permissions", pikku_sessionless_func),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value).split(" at ")[0],
)
def test_a_function_without_the_list_is_refused(option: str, declare: Callable[..., Any]) -> None:
    message = rf'The option "{option}" must be a list of functions: \[anything\]\.'
    with pytest.raises(DeclarationError, match=message):
        declare(**{option: anything})


def test_an_addon_is_a_name_and_a_package() -> None:
    assert wire_addon(name="acme", package="acme_addon") == AddonDeclaration(
        name="acme", package="acme_addon"
    )


def test_decorators_return_what_they_decorate() -> None:
    assert pikku_middleware(priority=Priority.HIGH)(anything) is anything
    assert config_of(anything) == MiddlewareConfig(priority=Priority.HIGH)
    assert pikku_permission(name="mine")(anything) is anything
    assert config_of(anything) == PermissionConfig(name="mine")
    assert pikku_service(scope="call")(anything) is anything
    assert config_of(anything) == ServiceConfig(scope="call")
    assert pikku_config(anything) is anything
    assert config_of(anything) == ConfigConfig()


@pytest.mark.parametrize("decorate", [pikku_session, pikku_session()])
def test_a_session_class_stays_the_class_it_is(decorate: Any) -> None:
    class Session: ...

    assert decorate(Session) is Session
    assert config_of(Session) == SessionConfig()


def test_priorities_are_ordered_from_the_outside_in() -> None:
    assert sorted(Priority) == [
        Priority.HIGHEST,
        Priority.HIGH,
        Priority.MEDIUM,
        Priority.LOW,
        Priority.LOWEST,
    ]


@pytest.mark.parametrize("permissions", [[], {}, ()])
def test_permissions_that_would_guard_nothing_are_refused(permissions: Any) -> None:
    with pytest.raises(DeclarationError, match='"global_permissions" was given no permission'):
        global_permissions(permissions)
    with pytest.raises(DeclarationError, match='"tag_permissions" was given no permission'):
        tag_permissions("a", permissions)


def test_what_only_generated_files_enforce_is_refused_in_an_app_by_hand() -> None:
    App([wire_addon(name="acme", package="acme_addon")])
    for options in ({"auth": True}, {"scopes": ["a"]}, {"tags": ["a"]}):
        with pytest.raises(DeclarationError, match='of "acme" is not enforced'):
            App([wire_addon(name="acme", package="acme_addon", **cast("Any", options))])
