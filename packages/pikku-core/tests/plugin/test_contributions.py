"""What a hook returns is checked before anything is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin import Command, DiagnosticCode, Filter, Generator, Setting, WiringKind
from pikku_core.plugin.hooks import PLUGIN_API
from pikku_core.plugin.loader import FoundPlugin, Selection, load
from pikku_core.plugin.registry import PluginDeclaration, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def returning(hook: str, value: object) -> Callable[[], object]:
    """An implementation of a hook that returns the value."""

    def implementation() -> object:
        return value

    implementation.__name__ = hook
    return implementation


def error_of(make_plugin: Callable[..., FoundPlugin], hook: Callable[[], object]) -> str:
    """Why a plugin with that hook is left out."""
    registry = load([make_plugin(hook, name="line")], Selection())
    (failure,) = registry.failures
    assert failure.stage is Stage.HOOK
    return failure.error


def test_any_iterable_will_do(make_plugin: Callable[..., FoundPlugin]) -> None:
    def pikku_wiring_kinds() -> Iterator[WiringKind]:
        yield WiringKind(name="line", title="Line")

    assert list(load([make_plugin(pikku_wiring_kinds)], Selection()).wiring_kinds) == ["line"]


def test_a_hook_that_raises_is_named_with_the_error(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    def pikku_commands() -> list[Command]:
        raise KeyError("missing")

    assert error_of(make_plugin, pikku_commands) == "\"pikku_commands\" raised KeyError: 'missing'."


def test_a_generator_that_raises_midway_is_a_failure_too(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    def pikku_wiring_kinds() -> Iterator[WiringKind]:
        yield WiringKind(name="line", title="Line")
        raise OSError("disk")

    assert "OSError: disk" in error_of(make_plugin, pikku_wiring_kinds)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ['"NoneType"', '"WiringKind"']),
        (7, ['"int"', '"WiringKind"']),
        ("line", ['"str"', '"WiringKind"']),
        ([WiringKind], ['"type"', '"WiringKind"']),
        ([{"name": "line"}], ['"dict"', '"WiringKind"']),
        ([Setting(name="line.x", type="str", default="", help="")], ['"Setting"', '"WiringKind"']),
    ],
)
def test_anything_else_than_the_declarations_of_the_hook_is_refused(
    value: object, words: list[str], make_plugin: Callable[..., FoundPlugin]
) -> None:
    error = error_of(make_plugin, returning("pikku_wiring_kinds", value))
    assert '"pikku_wiring_kinds"' in error
    assert all(word in error for word in words)


def test_an_async_hook_is_refused(make_plugin: Callable[..., FoundPlugin]) -> None:
    async def pikku_wiring_kinds() -> list[WiringKind]:
        return []

    assert "async" in error_of(make_plugin, pikku_wiring_kinds)


def test_a_name_twice_in_one_hook_is_refused(make_plugin: Callable[..., FoundPlugin]) -> None:
    kind = WiringKind(name="line", title="Line")
    error = error_of(make_plugin, returning("pikku_wiring_kinds", [kind, kind]))
    assert error == '"pikku_wiring_kinds" declares "line" twice.'


@pytest.mark.parametrize(
    ("hook", "declaration", "word"),
    [
        ("pikku_wiring_kinds", WiringKind(name="", title=""), "without a name"),
        ("pikku_wiring_kinds", WiringKind(name="my-kind", title=""), "identifier"),
        ("pikku_wiring_kinds", WiringKind(name="class", title=""), "identifier"),
        ("pikku_commands", Command(name="Line Ping", help="", target="a:b"), "lower-case"),
        ("pikku_commands", Command(name="ping", help="", target="acme.ping"), "acme.ping"),
        ("pikku_filters", Filter(name="http routes", help="", values="a:b"), "lower-case"),
        ("pikku_generators", Generator(name="x", render="a:b", outputs=("/etc/x",)), "/etc/x"),
        ("pikku_generators", Generator(name="x", render="a:b", outputs=("../x",)), "../x"),
        ("pikku_settings", Setting(name="x", type="str", default="", help=""), "table"),
        ("pikku_settings", Setting(name="a.b", type="date", default="", help=""), '"date"'),
        ("pikku_settings", Setting(name="a.b", type="int", default="1", help=""), "default"),
        ("pikku_settings", Setting(name="a.b", type="int", default=True, help=""), "default"),
        (
            "pikku_settings",
            Setting(name="a.b", type="int", default=1, help="", choices=("1",)),
            "choices",
        ),
        (
            "pikku_settings",
            Setting(name="a.b", type="str", default="x", help="", choices=("y",)),
            "choices",
        ),
        ("pikku_diagnostic_codes", DiagnosticCode(code="oops", title="", explanation=""), "oops"),
    ],
)
def test_a_declaration_that_cannot_be_honoured_is_refused(
    hook: str, declaration: PluginDeclaration, word: str, make_plugin: Callable[..., FoundPlugin]
) -> None:
    assert word in error_of(make_plugin, returning(hook, [declaration]))


def test_a_failing_hook_leaves_out_the_whole_plugin(
    make_plugin: Callable[..., FoundPlugin],
) -> None:
    good = returning("pikku_wiring_kinds", [WiringKind(name="line", title="Line")])
    bad = returning("pikku_commands", None)
    registry = load([make_plugin(good, bad, name="line")], Selection())
    assert registry.wiring_kinds == {}
    assert PLUGIN_API == 1
