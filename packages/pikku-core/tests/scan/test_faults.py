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
        ),
        ScanRule(
            name="faulty.metas",
            kind="faulty",
            calls={"acme.wire_colliding": ("key",)},
            read="faulty_transport:read_colliding",
        ),
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


def read_colliding(site: CallSite) -> Iterator[DeclarationModel]:
    yield site.declaration(kind="faulty", id="faulty:x", meta={site.literal("key", str): "mine"})


def test_a_rule_whose_meta_says_what_core_says_is_refused(write: Callable[[str], Path]) -> None:
    root = write(
        "from acme import wire_colliding\nwire_colliding('factory')\nwire_colliding('colour')\n"
    )
    project = scan(root, Settings(root=root), registry_of(sys.modules[__name__]))
    assert [declaration.meta for declaration in project.declarations] == [{"colour": "mine"}]
    (found,) = project.diagnostics
    assert (found.code, str(found.location)) == ("PKU780", "app/main.py:2")
    assert 'The meta of "faulty:x" has the key "factory"' in found.message
