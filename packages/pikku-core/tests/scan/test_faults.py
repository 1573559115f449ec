"""A scan rule of a plugin that raises is named, with its line and the call that it could not read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pikku_core.plugin import ScanRule, WiringKind, hookimpl
from pikku_core.plugin.loader import registry_of
from pikku_core.scan import scan
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pikku_core.plugin import CallSite, DeclarationModel

pikku_plugin_api = 1

# The rule names its reader by an importable module.
sys.modules["faulty_transport"] = sys.modules[__name__]


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    return [WiringKind(name="faulty", title="Faulty")]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    return [
        ScanRule(
            name="faulty.calls",
            kind="faulty",
            calls={"acme.wire_faulty": ("count",)},
            read="faulty_transport:read",
        )
    ]


def read(site: CallSite) -> Iterator[DeclarationModel]:
    share = 1 // site.literal("count", int)
    yield site.declaration(kind="faulty", id=f"faulty:{share}")


def test_a_rule_that_raises_is_named_and_the_scan_goes_on(write: Callable[[str], Path]) -> None:
    root = write("from acme import wire_faulty\nwire_faulty(0)\nwire_faulty(1)\n")
    registry = registry_of(sys.modules[__name__])
    project = scan(root, Settings(root=root), registry)
    assert [declaration.id for declaration in project.declarations] == ["faulty:1"]
    (found,) = project.diagnostics
    assert (found.code, str(found.location)) == ("PKU780", "app/main.py:2")
    assert 'The scan rule "faulty.calls" raised "ZeroDivisionError' in found.message
    (place,) = found.related
    assert place.file.endswith("test_faults.py")
    assert place.line == read.__code__.co_firstlineno + 1
