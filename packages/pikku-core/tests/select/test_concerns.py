"""Which wirings a declaration means."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pikku_core.plugin import WiringKind
from pikku_core.plugin.registry import Provider, Registry
from pikku_core.select import FilterError
from pikku_core.select.concerns import concerns

DECLARATION: Any = SimpleNamespace(kind="line")
WIRING: Any = SimpleNamespace(kind="line")


def registry_with(target: str | None) -> Registry:
    return Registry(
        wiring_kinds={"line": WiringKind(name="line", title="Lines", concerns=target)},
        providers={
            (WiringKind, "line"): Provider(distribution="acme-lines", plugin="lines", version="1.0")
        },
    )


def test_all_are_meant_where_the_kind_does_not_say() -> None:
    assert concerns(DECLARATION, [WIRING], registry_with(None))
    assert concerns(DECLARATION, [WIRING], Registry())
    assert not concerns(DECLARATION, [], registry_with(None))


def test_a_function_of_a_plugin_that_raises_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(declaration: object, wirings: object) -> bool:
        raise LookupError(f"{declaration} {wirings}")

    module = ModuleType("acme_lines")
    vars(module).update(fail=fail)
    monkeypatch.setitem(sys.modules, "acme_lines", module)
    with pytest.raises(FilterError, match='The "concerns" of the kind "line" of acme-lines'):
        concerns(DECLARATION, [WIRING], registry_with("acme_lines:fail"))
