"""What an expression of a wiring module becomes. `⟨…⟩` is a value that is made once per App."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin.expression import Name, Shared
from pikku_core.plugin.spelling import spell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pikku_core.plugin.model import Project

FILES = """\
# app/__init__.py
# app/users.py
def create(): ...
def delete(): ...
def _hidden(): ...
class Guard:
    level = 1
    class Inner: ...
LIMIT = 3
alias = create
two = 1
two = 2
if LIMIT:
    chosen = create
else:
    chosen = delete
made = Guard()
# app/barrel.py
from app.users import create, delete as remove
from . import users
from .users import Guard as Guard
# app/star.py
from app.users import *
# app/listed.py
from app.users import *
from app.users import _hidden
__all__ = ["create", "_hidden"]
__all__ += ["delete"]
# app/joined.py
from app.users import create as one
from app import listed
__all__ = []
__all__ += listed.__all__
# app/extended.py
from app.users import create as one
__all__ = []
__all__.extend(["one"])
# app/lists.py
from app.users import delete as one
__all__ = ["one"]
# app/lazy.py
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from app.users import create as create
def __getattr__(name): ...
# app/typed.py
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from app.users import create
# app/deep/nested/leaf.py
from ...users import create
from ..sibling import leaf
VALUE = 1
# app/deep/sibling.py
def leaf(): ...
# app/shared.py
from acme import probe
from app.users import Guard
base = Guard()
NAME = "n"
probe(base)
# namespace/part/thing.py
def thing(): ...
"""

ACCEPTED: list[tuple[str, str]] = [
    # literals
    ("probe(1)", "1"),
    ("probe(-1)", "-1"),
    ("probe(+1.5)", "1.5"),
    ("probe(2j)", "2j"),
    ('probe("a" "b")', '"ab"'),
    ('probe(b"a")', 'b"a"'),
    ("probe(None)", "None"),
    ("probe(...)", "..."),
    ("probe(True)", "True"),
    # displays
    ("probe([1, (2,), {3}, {4: 5}])", "[1, (2,), {3}, {4: 5}]"),
    ("probe(())", "()"),
    ("probe({})", "{}"),
    ("X = [1]\nprobe([*X, 2])", "[*[1], 2]"),
    ('X = {"a": 1}\nprobe({**X, "b": 2})', '{**{"a": 1}, "b": 2}'),
    # names of other modules
    ("from app.users import create\nprobe(create)", "app.users.create"),
    ("from app.users import create as c\nprobe(c)", "app.users.create"),
    ("import app.users\nprobe(app.users.create)", "app.users.create"),
    ("import app.users as u\nprobe(u.create)", "app.users.create"),
    ("from app import users\nprobe(users.create)", "app.users.create"),
    ("from . import users\nprobe(users.delete)", "app.users.delete"),
    ("from .users import create\nprobe(create)", "app.users.create"),
    ("import app.users, app.barrel\nprobe(app.users.create)", "app.users.create"),
    ("from app.users import create\nfrom app.users import create\nprobe(create)", "app.users.create"),
    ("from app.users import create\nfrom app.users import create as c\nprobe([create, c])", "[app.users.create, app.users.create]"),
    # re-exports
    ("from app.barrel import create\nprobe(create)", "app.users.create"),
    ("from app.barrel import remove\nprobe(remove)", "app.users.delete"),
    ("from app import barrel\nprobe(barrel.users.create)", "app.users.create"),
    ("from app.barrel import Guard\nprobe(Guard)", "app.users.Guard"),
    ("from app.deep.nested.leaf import create\nprobe(create)", "app.users.create"),
    ("from app.deep.nested.leaf import leaf\nprobe(leaf)", "app.deep.sibling.leaf"),
    ("import app.deep.nested.leaf\nprobe(app.deep.nested.leaf.leaf)", "app.deep.sibling.leaf"),
    # star imports
    ("from app.users import *\nprobe(create)", "app.users.create"),
    ("from app.star import *\nprobe(delete)", "app.users.delete"),
    ("from app.users import *\nfrom app.star import *\nprobe(create)", "app.users.create"),
    ("from app.listed import *\nprobe(_hidden)", "app.users._hidden"),
    ("from app.listed import *\nprobe(delete)", "app.users.delete"),
    ("from app.users import *\nfrom app.deep.sibling import *\nprobe([create, leaf])", "[app.users.create, app.deep.sibling.leaf]"),
    # aliases
    ("from app.users import create\nc = create\nprobe(c)", "app.users.create"),
    ("from app import users\nc = users.create\nd = c\nprobe(d)", "app.users.create"),
    ("from app.users import alias\nprobe(alias)", "app.users.create"),
    ("from app import users\nu = users\nprobe(u.create)", "app.users.create"),
    ("from app.users import create\na = b = create\nprobe([a, b])", "[app.users.create, app.users.create]"),
    # names that only the other module knows the value of
    ("from app.users import two\nprobe(two)", "app.users.two"),
    ("from app.users import chosen\nprobe(chosen)", "app.users.chosen"),
    ("from app.users import made\nprobe(made)", "app.users.made"),
    ("from app.users import LIMIT\nprobe(LIMIT)", "app.users.LIMIT"),
    # attributes
    ("from app.users import Guard\nprobe(Guard.level)", "app.users.Guard.level"),
    ("from app.users import Guard\nprobe(Guard.Inner)", "app.users.Guard.Inner"),
    ("from app import users\nprobe(users.made.level)", "app.users.made.level"),
    # installed modules
    ("import os.path\nprobe(os.path.join)", "os.path.join"),
    ("import xml.dom.minidom\nprobe(xml.dom.minidom.parse)", "xml.dom.minidom.parse"),
    ("from datetime import timedelta\nprobe(timedelta(days=1))", "datetime.timedelta(days=1)"),
    ("import datetime as dt\nprobe(dt.timedelta.max)", "datetime.timedelta.max"),
    # builtins
    ("probe(len)", "len"),
    ("def len(): ...\nprobe(len)", "app.main.len"),
    # calls
    ("from app.users import Guard\nprobe(Guard())", "app.users.Guard()"),
    ("from app.users import Guard\nprobe(Guard(Guard(1), x=[2]))", "app.users.Guard(app.users.Guard(1), x=[2])"),
    ("X = [1]\nprobe(max(*X, 2))", "max(*[1], 2)"),
    ('X = {"x": 1}\nprobe(dict(**X))', 'dict(**{"x": 1})'),
    # the module's own
    ("def here(): ...\nprobe(here)", "app.main.here"),
    ("class Here: ...\nprobe(Here)", "app.main.Here"),
    ("class Here: ...\nprobe(Here())", "app.main.Here()"),
    ('A = "a"\nprobe(A)', '"a"'),
    ('A = "a"\nB = A\nprobe(B)', '"a"'),
    ("A: int = 1\nprobe(A)", "1"),
    ("A = [1, (2, 3)]\nprobe(A)", "[1, (2, 3)]"),
    ("A = B = 1\nprobe([A, B])", "[1, 1]"),
    ("from app.users import Guard\ng = Guard()\nprobe(g)", "⟨app.main.g = app.users.Guard()⟩"),
    ("from app.users import Guard\ng = Guard()\nprobe([g, g])", "[⟨app.main.g = app.users.Guard()⟩, ⟨app.main.g = app.users.Guard()⟩]"),
    ("from app.users import Guard\na = b = Guard()\nprobe([a, b])", "[⟨app.main.a = app.users.Guard()⟩, ⟨app.main.a = app.users.Guard()⟩]"),
    ("from app.users import Guard\ng = Guard()\nh = [g]\nprobe(h)", "⟨app.main.h = [⟨app.main.g = app.users.Guard()⟩]⟩"),
    ("from app.users import Guard\ng = Guard()\nprobe(g.level)", "⟨app.main.g = app.users.Guard()⟩.level"),
    ("from app.users import create\nH = [create]\nprobe(H)", "⟨app.main.H = [app.users.create]⟩"),
    ("from app.shared import base\nprobe(base)", "⟨app.shared.base = app.users.Guard()⟩"),
    ("from app.shared import NAME\nprobe(NAME)", '"n"'),
    ("x = probe(1)", "1"),
    ("x: object = probe(1)", "1"),
    # f-strings
    ('A = "/a"\nprobe(f"{A}/b")', '"/a/b"'),
    ('A = 3\nprobe(f"{A:03}|{A!r}")', '"003|3"'),
    ('A = 3\nW = 4\nprobe(f"{A:{W}}")', '"   3"'),
    ('probe(f"{{}}")', '"{}"'),
    ('from app.users import LIMIT\nprobe(f"{LIMIT}/x")', 'f"{app.users.LIMIT}/x"'),
    # annotations and mypy's needs change nothing
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.users import Guard\nfrom app.users import create\nprobe(create)", "app.users.create"),
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.users import create\nelse:\n    from app.users import delete as create\nprobe(create)", "app.users.delete"),
    ("from typing import overload\n@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a): ...\nprobe(f)", "app.main.f"),
    ("from app.lazy import create\nprobe(create)", "app.users.create"),
    # layouts
    ("from namespace.part.thing import thing\nprobe(thing)", "namespace.part.thing.thing"),
    ("import namespace.part.thing as t\nprobe(t.thing)", "namespace.part.thing.thing"),
    # unusual callees
    ("import acme\nacme.probe(1)", "1"),
    ("p = probe\np(1)", "1"),
]  # fmt: skip

REFUSED: list[tuple[str, str]] = [
    ("from app.users import create as h\nfrom app.users import delete as h\nprobe(h)", "PKU710"),
    ("from app.users import create\ncreate = 1\nprobe(create)", "PKU710"),
    ("from app.users import *\nfrom elsewhere import create\nprobe(create)", "PKU710"),
    ("from app.users import *\ndef create(): ...\nprobe(create)", "PKU710"),
    ("if 1:\n    from app.users import create\nprobe(create)", "PKU710"),
    ("try:\n    from app.users import create\nexcept ImportError:\n    pass\nprobe(create)", "PKU710"),
    ("for x in [1]: pass\nprobe(x)", "PKU710"),
    ("try:\n    pass\nexcept ValueError as e:\n    pass\nprobe(e)", "PKU710"),
    ("match 1:\n    case y: pass\nprobe(y)", "PKU710"),
    ("a = a2 = a3\na3 = a\nprobe(a)", "PKU710"),
    ("a = b\nb = a\nprobe(a)", "PKU710"),
    ("from app.typed import create\nprobe(create)", "PKU713"),
    ("from app.users import nothing\nprobe(nothing)", "PKU712"),
    ("from app import nothing\nprobe(nothing)", "PKU712"),
    ("import app.users\nprobe(app.nothing)", "PKU712"),
    ("from app.listed import *\nprobe(Guard)", "PKU712"),
    ("from app.users import *\nprobe(_hidden)", "PKU712"),
    ("from ..users import create\nprobe(create)", "PKU714"),
    ("probe(nobody)", "PKU712"),
    ("probe(1 + 1)", "PKU711"),
    ("probe(not 1)", "PKU711"),
    ("probe(1 if 1 else 2)", "PKU711"),
    ("probe(1 < 2)", "PKU711"),
    ("probe(1 and 2)", "PKU711"),
    ("probe([1][0])", "PKU711"),
    ("probe([x for x in [1]])", "PKU711"),
    ("probe({x for x in [1]})", "PKU711"),
    ("probe({x: 1 for x in [1]})", "PKU711"),
    ("probe(list(x for x in [1]))", "PKU711"),
    ("probe(lambda: 1)", "PKU711"),
    ("probe((x := 1))", "PKU711"),
    ("probe(dict().get)", "PKU711"),
    ('probe("a".upper())', "PKU711"),
    ("probe(int | str)", "PKU711"),
    ("probe(list[int])", "PKU711"),
    ('probe(f"{1 + 1}")', "PKU711"),
    ("X = 1 + 1\nprobe(X)", "PKU711"),
    ("X = [1]\nX.append(2)\nprobe(X)", "PKU716"),
    ("X = [1]\nprint(X)\nprobe(X)", "PKU716"),
    ("X = {}\nX[1] = 2\nprobe(X)", "PKU716"),
    ("class C: ...\nx = C()\nx.a = 1\nprobe(x)", "PKU716"),
    ("X = [1]\ndel X[0]\nprobe(X)", "PKU716"),
    ("from app.joined import *\nfrom app.lists import *\nprobe(one)", "PKU710"),
    ("from app.lists import *\nfrom app.extended import *\nprobe(one)", "PKU710"),
]  # fmt: skip


def _text(project: Project) -> str:
    found = [one for one in project.declarations if one.location.file == "app/main.py"]
    assert len(found) == 1

    def name(one: Name | Shared) -> str:
        dotted = ".".join(part for part in (one.module, one.attribute) if part)
        if isinstance(one, Shared):
            return f"⟨{dotted} = {spell(one.value, name)}⟩"
        return one.attribute if one.module == "builtins" else dotted

    return spell(found[0].call.arguments[0], name)


@pytest.mark.parametrize(("source", "expected"), ACCEPTED, ids=[case[0] for case in ACCEPTED])
def test_a_readable_expression_is_resolved(
    source: str, expected: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(f"{FILES}# app/main.py\nfrom acme import probe\n{source}\n")
    assert [str(found) for found in project.diagnostics] == []
    assert _text(project) == expected


@pytest.mark.parametrize(("source", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_any_other_expression_is_refused(
    source: str, code: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(f"{FILES}# app/main.py\nfrom acme import probe\n{source}\n")
    assert {found.code for found in project.diagnostics} == {code}
    assert [one for one in project.declarations if one.location.file == "app/main.py"] == []


def test_a_comment_or_string_with_a_call_in_it_is_nothing(
    found_in: Callable[[str], list[str]],
) -> None:
    source = 'from acme import probe\n"""probe(1)"""\n# probe(2)\nX = "probe(3)"\n'
    assert found_in(source) == []


RENAMED = """\
# app/web.py
from pikku_core import pikku_sessionless_func as endpoint
from pikku_http import wire_http as route
# app/again.py
from app.web import endpoint as public, route as path
"""


def test_a_decorator_renamed_by_one_module_after_another_is_followed(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        f"{RENAMED}# app/users.py\nfrom app.again import public\n@public\nasync def greet() -> None: ...\n"
    )
    assert [str(found) for found in project.diagnostics] == []
    assert list(project.functions) == ["greet"]


@pytest.mark.parametrize("name", ["web.route", "again.path"])
def test_a_renamed_wiring_in_a_loop_is_not_dropped_unseen(
    name: str, scan_source: Callable[..., Project], tmp_path: Path
) -> None:
    module, _, call = name.partition(".")
    source = (
        f"{RENAMED}# app/wirings.py\nfrom app.{module} import {call}\n"
        f'for method in ("get", "put"):\n    {call}(method=method, route="/", func=len)\n'
    )
    for _ in range(2):
        project = scan_source(source, cache=tmp_path / ".cache")
        assert [f"{found.code} {found.location}" for found in project.diagnostics] == [
            "PKU703 app/wirings.py:3"
        ]
