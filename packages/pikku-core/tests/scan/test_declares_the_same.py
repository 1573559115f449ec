"""A property: what importing a module declares is what its resolved expressions declare, or the scan refuses it."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import itertools
import sys
import types
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pikku_core.plugin.expression import Name, Shared
from pikku_core.plugin.spelling import spell
from pikku_core.scan import scan
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pikku_core.plugin.registry import Registry

PARTS = """\
class Value:
    made = 0
    def __init__(self, *items, **named):
        self.items, self.named = items, named
        Value.made += 1
    def key(self):
        return ("value", [show(item) for item in self.items], {k: show(v) for k, v in self.named.items()})
def show(value):
    if isinstance(value, Value):
        return value.key()
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, [show(item) for item in value])
    if isinstance(value, dict):
        return ("dict", [(show(k), show(v)) for k, v in value.items()])
    return getattr(value, "__qualname__", None) or getattr(value, "__name__", None) or repr(value)
def one(): ...
def two(): ...
def three(): ...
NUMBER = 4
pair = [one, two]
alias = two
made = Value(1)
"""
OTHER = """\
from {package}.parts import two as one, three, Value as Kind
from {package} import parts
extra = parts.NUMBER
"""

NAMES = ("a", "b", "c")
BOUND = ("one", "two", "three", "alias", "pair", "made", "NUMBER")
imports = st.one_of(
    st.builds("from {{package}}.parts import {} as {}".format, st.sampled_from(BOUND), st.sampled_from(NAMES)),
    st.builds("from .parts import {}".format, st.sampled_from(BOUND)),
    st.builds("from .other import {} as {}".format, st.sampled_from(("one", "three", "extra")), st.sampled_from(NAMES)),
    st.builds("from {{package}} import parts as {}".format, st.sampled_from(NAMES)),
    st.just("from .parts import *"),
    st.just("from .other import *"),
    st.just("import {package}.parts"),
)  # fmt: skip
leaves = st.sampled_from(
    ("1", '"s"', "one", "one", "two", "NUMBER", "NUMBER", "pair", "made", "a", "b", "c", "a.two", "extra", "{package}.parts.one", "len")
)  # fmt: skip
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("({},)".format, inner),
        st.builds("{{{{'k': {}}}}}".format, inner),
        st.builds("Value({}, x={})".format, inner, inner),
        st.builds("[*pair, {}]".format, inner),
        st.builds("f'<{{{{NUMBER}}}}>{}'".format, st.sampled_from("xy")),
        st.builds("[x for x in ({},)]".format, inner),
        st.builds("({})[0]".format, inner),
        st.builds("(a := {})".format, inner),
    ),
    max_leaves=4,
)
probes = st.builds("probe({})".format, st.lists(expressions, min_size=1, max_size=2).map(", ".join))
statements = st.one_of(
    imports,
    st.builds("{} = {}".format, st.sampled_from((*NAMES, *NAMES, "one")), expressions),
    st.builds("{} = {} = {}".format, st.sampled_from(NAMES), st.sampled_from(NAMES), expressions),
    st.builds("{}.append(1)".format, st.sampled_from((*NAMES, "pair"))),
    st.builds("if NUMBER:\n    {}".format, imports),
    st.builds("def {}(): ...".format, st.sampled_from((*NAMES, "one"))),
)

PACKAGE = "made_for_the_test"


@pytest.fixture
def compare(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, registry: Registry
) -> Callable[[list[str]], int]:
    """Scans and imports a module of these statements, and compares; gives the number of declarations compared."""
    declared: dict[int, list[Any]] = {}
    show: Any = None

    def probe(*values: Any) -> None:
        frame = inspect.currentframe()
        assert frame is not None
        assert frame.f_back is not None
        declared[frame.f_back.f_lineno] = [(value, show(value)) for value in values]

    acme = types.ModuleType("acme")
    vars(acme)["probe"] = probe
    monkeypatch.setitem(sys.modules, "acme", acme)
    folders = itertools.count()

    def run(body: list[str]) -> int:
        nonlocal show
        root = tmp_path / str(next(folders))
        lines = [
            "from acme import probe",
            "from .parts import Value, NUMBER, pair, made, one, two",
            *body,
        ]
        _write(root / PACKAGE, "\n".join(lines).format(package=PACKAGE))
        project = scan(root, Settings(root=root, source=(PACKAGE,)), registry)
        declared.clear()
        _forget()
        with monkeypatch.context() as context:
            context.setattr(sys, "path", [str(root), *sys.path])
            show = importlib.import_module(f"{PACKAGE}.parts").show
            _import(f"{PACKAGE}.wirings")
            imported = dict(declared)
            _forget()
            show = importlib.import_module(f"{PACKAGE}.parts").show
            shared: dict[Shared, Any] = {}
            calls = {found.location.line: found.call for found in project.declarations}
            both = sorted(calls.keys() & imported.keys())
            ours = {
                line: [_evaluate(item, shared) for item in calls[line].arguments] for line in both
            }
            for line in both:
                assert [show(value) for value in ours[line]] == [text for _, text in imported[line]]
            assert _identities([ours[line] for line in both]) == _identities(
                [[value for value, _ in imported[line]] for line in both]
            )
            _forget()
        refused = {found.location.line for found in project.diagnostics if found.location}
        assert imported.keys() <= calls.keys() | refused
        return len(both)

    return run


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    before=st.lists(statements, max_size=4),
    calls=st.lists(probes, min_size=2, max_size=4),
    after=st.lists(statements, max_size=1),
)
def test_what_is_accepted_is_what_importing_the_module_declares(
    before: list[str], calls: list[str], after: list[str], compare: Callable[[list[str]], int]
) -> None:
    compare([*before, *calls, *after])


def test_the_comparison_compares(compare: Callable[[list[str]], int]) -> None:
    assert (
        compare(["v = Value(one)", "probe(v, [v, NUMBER])", "probe([x for x in 'ab'])", "probe(v)"])
        == 2
    )


def _write(folder: Path, wirings: str) -> None:
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "parts.py").write_text(PARTS)
    (folder / "other.py").write_text(OTHER.format(package=PACKAGE))
    (folder / "wirings.py").write_text(wirings + "\n")
    importlib.invalidate_caches()


def _import(module: str) -> None:
    # A statement that is wrong ends the import; what was declared before it counts all the same.
    with contextlib.suppress(
        NameError, AttributeError, TypeError, ImportError, LookupError, SyntaxError
    ):
        importlib.import_module(module)


def _forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def _evaluate(expression: Any, shared: dict[Shared, Any]) -> Any:
    """Runs an expression as generated code would: every name by its own import, shared values once."""
    known: dict[str, Any] = {}

    def name(found: Name | Shared) -> str:
        if isinstance(found, Shared):
            if found not in shared:
                shared[found] = _evaluate(found.value, shared)
            value = shared[found]
        else:
            value = importlib.import_module(found.module)
            value = getattr(value, found.attribute) if found.attribute else value
        key = f"_{len(known)}"
        known[key] = value
        return key

    text = spell(expression, name)
    return eval(text, known)


def _identities(rows: list[list[Any]]) -> list[int]:
    """Which of the values are the same object, by order of appearance."""
    values = [value for row in rows for value in row if type(value).__name__ == "Value"]
    return [next(i for i, other in enumerate(values) if other is value) for value in values]
