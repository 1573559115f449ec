"""Plugins that are made in a test."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.plugin.hooks import hookimpl
from pikku_core.plugin.loader import FoundPlugin
from pikku_core.plugin.registry import Provider

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def make_plugin() -> Callable[..., FoundPlugin]:
    """Makes a plugin, as an entry point names it, from functions that are named after hooks."""

    def make(
        *hooks: Callable[..., object], name: str = "line", api: object = 1, **options: Any
    ) -> FoundPlugin:
        module = ModuleType("acme_plugin")
        if api is not None:
            module.__dict__["pikku_plugin_api"] = api
        for hook in hooks:
            module.__dict__[hook.__name__] = hookimpl(hook, **options)
        provider = Provider(distribution=f"acme-{name}", plugin=name, version="1.0")
        return FoundPlugin(provider=provider, load=lambda: module)

    return make
