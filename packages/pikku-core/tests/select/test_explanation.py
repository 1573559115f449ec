"""Why something is kept, and what it brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.select import Explanation, FilterError, why

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry
    from pikku_core.select.explanation import Way
    from pikku_core.settings import Settings


@pytest.fixture(scope="module")
def explain(project: Project, registry: Registry, settings: Settings) -> Callable[..., Explanation]:
    """The one explanation of a name, with filters whose flags are written with underscores."""

    def explained(name: str, of: Project = project, **filters: str) -> Explanation:
        chosen = {flag.replace("_", "-"): (pattern,) for flag, pattern in filters.items()}
        (found,) = why(of, name, chosen, registry=registry, settings=settings)
        return found

    return explained


def steps(way: Way) -> str:
    return " > ".join(step.id for step in way.steps)


def ways(explanation: Explanation) -> list[str]:
    return [steps(way) for way in explanation.ways]


def brought(explanation: Explanation) -> list[str]:
    return [
        f"{pulled.id} through {pulled.through.id}" if pulled.through else pulled.id
        for pulled in explanation.pulls
    ]


def test_a_function_is_kept_for_its_wirings_and_for_who_calls_it(
    explain: Callable[..., Explanation],
) -> None:
    found = explain("add_to_cart")
    assert (found.kind, found.place, found.kept) == ("function", "app/shop/cart.py:4", True)
    assert ways(found) == [
        "add_to_cart",
        "line:ADD > add_to_cart",
        "send_receipt > add_to_cart",
        "queue:orders > checkout > send_receipt > add_to_cart",
    ]


def test_a_way_names_the_flags_that_chose_it(explain: Callable[..., Explanation]) -> None:
    way = explain("list_users", tags="admin", wires="line").ways[0]
    assert steps(way) == "line:USERS > list_users"
    assert (way.place, way.chosen) == ("app/wirings.py:13", ("--tags=admin", "--wires=line"))


def test_a_way_that_is_left_out_names_the_flag(explain: Callable[..., Explanation]) -> None:
    found = explain("ban", tags="admin", exclude_tags="danger")
    assert not found.kept
    assert [(steps(way), way.dropped) for way in found.ways] == [
        ("line:BAN > ban", "--exclude-tags=danger")
    ]


def test_a_function_that_is_left_out_itself_may_be_kept_for_another(
    explain: Callable[..., Explanation],
) -> None:
    found = explain("send_receipt", wires="queue")
    assert found.kept
    assert [(steps(way), way.dropped) for way in found.ways] == [
        ("queue:orders > checkout > send_receipt", ""),
        ("send_receipt", "--wires=queue"),
    ]


def test_a_service_is_kept_for_what_needs_it(explain: Callable[..., Explanation]) -> None:
    assert ways(explain("disk", names="USERS")) == [
        "line:USERS > list_users > middleware:tag:admin > app.guards:audited > journal > disk",
        "line:BAN > ban > middleware:tag:admin > app.guards:audited > journal > disk",
    ]


def test_what_nothing_needs_is_not_kept(explain: Callable[..., Explanation]) -> None:
    found = explain("unused")
    assert (found.kind, found.kept, found.ways) == ("service", False, ())


def test_what_is_declared_for_all_is_a_way(explain: Callable[..., Explanation]) -> None:
    found = explain("timed", names="ADD")
    assert (found.kind, found.id) == ("middleware", "app.guards:timed")
    assert ways(found) == ["middleware:global > app.guards:timed"]


def test_what_is_declared_for_wirings_that_are_gone_is_none(
    explain: Callable[..., Explanation],
) -> None:
    found = explain("app.guards:traced", names="ADD")
    assert not found.kept
    assert {way.dropped for way in found.ways} == {"nothing is left that it is for"}


def test_a_permission_is_one(explain: Callable[..., Explanation]) -> None:
    assert explain("is_admin").kind == "permission"


def test_a_function_brings_what_a_part_with_it_alone_would_hold(
    explain: Callable[..., Explanation], kept: Callable[[dict[str, list[str]]], Project]
) -> None:
    found = explain("list_users")
    assert brought(found) == [
        "write_down through app.guards:audited",
        "app.guards:audited through middleware:tag:admin",
        "app.guards:timed through middleware:global",
        "app.guards:is_admin through permissions:tag:admin",
        "clock through app.guards:timed",
        "directory through app.guards:is_admin",
        "disk through journal",
        "journal through app.guards:audited",
    ]
    part = kept({"names": ["write_down", "rpc:send_receipt"]})
    assert {each.id for each in explain("write_down").pulls} <= {*part.services, *part.callables}


def test_a_wiring_brings_what_is_declared_for_it(explain: Callable[..., Explanation]) -> None:
    found = explain("USERS")
    assert (found.kind, found.id) == ("wiring", "line:USERS")
    assert "app.guards:traced through line:middleware:USER*" in brought(found)
    assert "tracer through app.guards:traced" in brought(found)


def test_modules_are_those_that_are_imported_with_it(explain: Callable[..., Explanation]) -> None:
    assert explain("send_receipt").modules == (
        "app",
        "app.guards",
        "app.services",
        "app.shop",
        "app.shop.cart",
    )


def test_distributions_are_those_that_the_modules_import_from(
    explain: Callable[..., Explanation],
) -> None:
    assert explain("send_receipt").distributions == ("pikku-core",)


def test_a_module_is_explained_by_name_and_by_file(explain: Callable[..., Explanation]) -> None:
    found = explain("app.admin.users", wires="queue")
    assert (found.kind, found.kept, found.place) == ("module", False, "app/admin/users.py")
    assert found == explain("app/admin/users.py", wires="queue")
    assert ways(found)[0] == "line:BAN > app.admin.users"


IMPORTS = """\
# app/__init__.py
# app/deep.py
import pluggy
# app/middle.py
import app.deep
# app/functions.py
from pikku_core import define_secret, define_variable, pikku_service, pikku_sessionless_func
import app.middle
from app.values import key

@pikku_service
def stripe(*, secrets):
    return secrets.stripe_key.reveal()

@pikku_sessionless_func
async def pay(*, stripe, variables):
    return variables.page_size
# app/values.py
from pikku_core import define_secret, define_variable

key = 1
define_secret("stripe_key", str)
define_secret("other_key", str)
define_variable("page_size", int, default=20)
"""


@pytest.fixture(scope="module")
def shop(scan_text: Callable[[str], Project]) -> Project:
    return scan_text(IMPORTS)


def test_a_module_is_kept_for_who_imports_it(
    explain: Callable[..., Explanation], shop: Project
) -> None:
    found = explain("app.deep", of=shop)
    assert ways(found) == ["pay > app.functions > app.middle > app.deep"]
    assert found.distributions == ("pluggy",)


@pytest.mark.parametrize(
    ("name", "kind", "way"),
    [
        ("stripe_key", "secret", ["pay > stripe > stripe_key"]),
        ("STRIPE_KEY", "secret", ["pay > stripe > stripe_key"]),
        ("page_size", "variable", ["pay > page_size"]),
        ("other_key", "secret", []),
    ],
)
def test_secrets_and_variables_are_kept_for_who_reads_them(
    explain: Callable[..., Explanation], shop: Project, name: str, kind: str, way: list[str]
) -> None:
    found = explain(name, of=shop)
    assert (found.kind, ways(found), found.kept) == (kind, way, bool(way))


def test_a_function_brings_the_secrets_that_are_read_for_it(
    explain: Callable[..., Explanation], shop: Project
) -> None:
    found = explain("pay", of=shop)
    assert [(each.kind, each.id) for each in found.pulls] == [
        ("service", "stripe"),
        ("secret", "stripe_key"),
        ("variable", "page_size"),
    ]


def test_two_things_of_one_name_are_both_explained(
    scan_text: Callable[[str], Project], registry: Registry, settings: Settings
) -> None:
    project = scan_text(
        "# app/__init__.py\n# app/tags.py\nfrom pikku_core import pikku_service, pikku_sessionless_func\n\n"
        "@pikku_sessionless_func(name='tags')\nasync def list_tags(*, tags): ...\n\n"
        "@pikku_service\ndef tags(): ...\n"
    )
    found = why(project, "tags", {}, registry=registry, settings=settings)
    assert [each.kind for each in found] == ["function", "service"]


@pytest.mark.parametrize("name", ["limit", "limited", "app.guards:limit.<locals>.limited"])
def test_middleware_is_known_by_the_factory_that_made_it(
    scan_text: Callable[[str], Project], registry: Registry, settings: Settings, name: str
) -> None:
    project = scan_text(
        "# app/__init__.py\n# app/guards.py\nfrom pikku_core import global_middleware, pikku_middleware\n\n"
        "def limit(number):\n    @pikku_middleware\n    async def limited(next): ...\n    return limited\n"
        "# app/wirings.py\nfrom pikku_core import global_middleware\nfrom app.guards import limit\n\n"
        "global_middleware([limit(3)])\n"
    )
    (found,) = why(project, name, {}, registry=registry, settings=settings)
    assert (found.kind, found.id) == ("middleware", "app.guards:limit.<locals>.limited")


def test_an_unknown_name_is_met_with_the_nearest(explain: Callable[..., Explanation]) -> None:
    with pytest.raises(FilterError, match=r'called "jurnal" \(did you mean "journal"'):
        explain("jurnal")
