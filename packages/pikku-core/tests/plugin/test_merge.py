"""Two providers of one thing are an error that names both; the order of plugins changes nothing else."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.plugin import (
    Command,
    DiagnosticCode,
    DoctorCheck,
    Filter,
    Generator,
    ProjectCheck,
    ScanRule,
    SchemaAdapter,
    ServeComponent,
    ServiceDeclaration,
    Setting,
    Template,
    WireParameter,
    WiringKind,
)
from pikku_core.plugin.contributions import Contribution
from pikku_core.plugin.merge import merge, patterns_overlap
from pikku_core.plugin.registry import PluginDeclaration, Provider, Stage, name_of

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry

OURS = Provider(distribution="pikku-http", plugin="http", version="0.1.0")
THEIRS = Provider(distribution="acme-http", plugin="acme", version="1.2")

ONE_OF_EACH: list[PluginDeclaration] = [
    Command(name="ping", help="", target="a:b"),
    DiagnosticCode(code="ACM001", title="", explanation=""),
    DoctorCheck(name="disk", check="a:b"),
    Filter(name="routes", help="", values="a:b"),
    Generator(name="openapi", render="a:b"),
    ProjectCheck(name="names", check="a:b"),
    ScanRule(name="wirings", kind="http", calls={}, read="a:b"),
    SchemaAdapter(name="msgspec", adapter="a:b"),
    ServeComponent(name="http", serve="a:b"),
    ServiceDeclaration(name="mailer", factory="a:b"),
    Setting(name="http.x", type="str", default="", help=""),
    Template(name="wiring http", help="", files="a:b"),
    WireParameter(name="http", type="a:b"),
    WiringKind(name="http", title="HTTP"),
]


def merged(ours: list[PluginDeclaration], theirs: list[PluginDeclaration]) -> Registry:
    return merge(
        [
            Contribution(provider=OURS, declarations=tuple(ours)),
            Contribution(provider=THEIRS, declarations=tuple(theirs)),
        ]
    )


@pytest.mark.parametrize("declaration", ONE_OF_EACH, ids=lambda one: type(one).__name__)
def test_a_name_that_two_plugins_provide_is_an_error_that_names_both_versions(
    declaration: PluginDeclaration,
) -> None:
    (failure,) = merged([declaration], [declaration]).failures
    assert failure.stage is Stage.MERGE
    expected = f'"{name_of(declaration)}" is provided by pikku-http 0.1.0 and acme-http 1.2'
    assert expected in failure.error


def test_an_output_path_of_two_generators_is_an_error() -> None:
    one = Generator(name="one", render="a:b", outputs=("http/*.json",))
    other = Generator(name="other", render="a:b", outputs=("http/openapi.gen.json",))
    (failure,) = merged([one], [other]).failures
    assert (
        '"http/openapi.gen.json" is provided by pikku-http 0.1.0 and acme-http 1.2' in failure.error
    )


def test_a_name_of_pikku_app_that_two_generators_export_is_an_error() -> None:
    one = Generator(name="one", render="a:b", exports=(("Queue", "pikku_app.one"),))
    other = Generator(name="other", render="a:b", exports=(("Queue", "pikku_app.other"),))
    (failure,) = merged([one], [other]).failures
    assert 'Name of pikku_app "Queue" is provided by pikku-http 0.1.0' in failure.error


def test_a_call_that_two_scan_rules_read_is_an_error() -> None:
    one = ScanRule(name="one", kind="http", calls={"acme.wire": ()}, read="a:b")
    other = ScanRule(name="other", kind="http", calls={"acme.wire": ()}, read="a:b")
    (failure,) = merged([one], [other]).failures
    assert 'Call "acme.wire"' in failure.error


def test_a_name_cannot_be_a_command_and_a_group() -> None:
    one = Command(name="queue", help="", target="a:b")
    other = Command(name="queue list", help="", target="a:b")
    assert len(merged([one], [other]).failures) == 1


@pytest.mark.parametrize("command", ["new", "new wiring", "new wiring http", "new wiring http x"])
def test_a_template_is_a_command_below_new_which_nobody_else_may_have(command: str) -> None:
    template = Template(name="wiring http", help="", files="a:b")
    registry = merged([template], [Command(name=command, help="", target="a:b")])
    assert [failure.other for failure in registry.failures] == [OURS]
    assert not merged([template], [Command(name="new wirings", help="", target="a:b")]).failures


def test_a_filter_cannot_have_the_flag_that_another_one_excludes_by() -> None:
    one = Filter(name="queues", help="", values="a:b")
    other = Filter(name="exclude-queues", help="", values="a:b")
    (failure,) = merged([one], [other]).failures
    assert (
        'Flag "exclude-queues" is provided by pikku-http 0.1.0 and acme-http 1.2' in failure.error
    )
    assert len(merged([other, one], []).failures) == 1


def test_one_plugin_that_clashes_with_itself_is_named_once() -> None:
    outputs = [
        Generator(name=name, render="a:b", outputs=("http/x.json",)) for name in ("one", "other")
    ]
    (failure,) = merged(list(outputs), []).failures
    assert failure.error == 'Output path "http/x.json" is declared twice by pikku-http 0.1.0.'


def test_a_plugin_that_clashes_is_left_out_whole() -> None:
    kind = WiringKind(name="http", title="HTTP")
    registry = merged([kind], [kind, WiringKind(name="more", title="More")])
    assert list(registry.wiring_kinds) == ["http"]


def test_each_declaration_knows_who_made_it() -> None:
    theirs = WiringKind(name="line", title="Line")
    registry = merged([*ONE_OF_EACH], [theirs])
    assert registry.provider(theirs) == THEIRS
    assert all(registry.provider(one) == OURS for one in ONE_OF_EACH)


def test_mappings_are_sorted_and_cannot_be_changed() -> None:
    kinds: list[PluginDeclaration] = [WiringKind(name=name, title="") for name in ("b", "c", "a")]
    registry = merged(kinds, [])
    assert list(registry.wiring_kinds) == ["a", "b", "c"]
    with pytest.raises(TypeError):
        registry.wiring_kinds["d"] = WiringKind(name="d", title="")  # type: ignore[index] # pyright: ignore[reportIndexIssue] - what is refused


@given(st.permutations(ONE_OF_EACH), st.integers(0, len(ONE_OF_EACH)))
def test_the_order_of_plugins_changes_nothing(
    declarations: list[PluginDeclaration], cut: int
) -> None:
    registry = merged(declarations[:cut], declarations[cut:])
    assert registry.failures == ()
    assert {name: list(getattr(registry, name)) for name in ("commands", "generators")} == {
        "commands": ["ping"],
        "generators": ["openapi"],
    }


@given(st.text("ab*/", max_size=8), st.text("ab/", max_size=8))
def test_a_path_overlaps_the_patterns_that_match_it(pattern: str, path: str) -> None:
    assert patterns_overlap(pattern, path) == fnmatchcase(path, pattern)


@given(st.text("ab*", max_size=8), st.text("ab*", max_size=8), st.text("ab", max_size=5))
def test_two_patterns_that_match_one_path_overlap(one: str, other: str, path: str) -> None:
    if fnmatchcase(path, one) and fnmatchcase(path, other):
        assert patterns_overlap(one, other)
    assert patterns_overlap(one, other) == patterns_overlap(other, one)
