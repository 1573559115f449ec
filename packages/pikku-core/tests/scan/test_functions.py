from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin.model import CallableKind, Project
from pikku_core.plugin.spelling import type_key

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = """\
from __future__ import annotations
import typing as t
from collections.abc import AsyncIterator
from typing import Annotated, Any, Generic, Literal, Optional, TypeVar, Union
from pikku_core import Rpc, pikku_func, pikku_sessionless_func
T = TypeVar("T")
class User: ...
class Page(Generic[T]): ...
Alias = User
Json = dict[str, Any]
def Field(**options): ...
"""


def test_a_function_is_described_by_its_decorator_and_signature(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        f"{HEAD}"
        '@pikku_func(title="Create", tags=["a", "b"], expose=True, readonly=True, scopes=("s",))\n'
        "async def create(data: User, *, logger: Any) -> list[User]:\n"
        '    """Creates a user.\n\n    At once.\n    """\n'
    )
    found = project.functions["create"]
    assert found.kind is CallableKind.ASYNC
    assert found.needs_session
    assert (found.title, found.description) == ("Create", "Creates a user.\n\nAt once.")
    assert (found.tags, found.scopes) == (("a", "b"), ("s",))
    assert (found.expose, found.readonly) == (True, True)
    assert (found.data_name, found.data_optional) == ("data", False)
    assert str(found.location) == "app/main.py:13"


def test_a_name_and_a_description_of_the_decorator_win(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f'{HEAD}@pikku_func(name="x-y", description="d")\nasync def create() -> None:\n    """No."""\n'
    )
    assert project.functions["x-y"].description == "d"
    assert project.rpc_names == {"x_y": "x-y"}


@pytest.mark.parametrize(
    ("signature", "kind"),
    [
        ("async def f(): ...", CallableKind.ASYNC),
        ("def f(): ...", CallableKind.SYNC),
        ("def f():\n    yield 1", CallableKind.SYNC_GENERATOR),
        ("async def f():\n    yield 1", CallableKind.ASYNC_GENERATOR),
        ("def f():\n    x = yield from ()", CallableKind.SYNC_GENERATOR),
        ("def f():\n    def g():\n        yield 1", CallableKind.SYNC),
        ("def f():\n    return lambda: (yield)", CallableKind.SYNC),
        ('def f():\n    return "yield"', CallableKind.SYNC),
    ],
)
def test_the_kind_is_read_from_the_def(
    signature: str, kind: CallableKind, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(f"{HEAD}@pikku_sessionless_func\n{signature}\n")
    assert project.functions["f"].kind is kind


TYPES = [
    ("User", "app.main.User"),
    ('"User"', "app.main.User"),
    ("Alias", "app.main.User"),
    ("Json", "app.main.Json"),
    ("list[User]", "list[app.main.User]"),
    ('list["User"]', "list[app.main.User]"),
    ('"list[User]"', "list[app.main.User]"),
    ("User | None", "app.main.User | None"),
    ('"User | None"', "app.main.User | None"),
    ("Optional[User]", "typing.Optional[app.main.User]"),
    ("t.Optional[User]", "typing.Optional[app.main.User]"),
    ("Union[User, int]", "typing.Union[app.main.User, int]"),
    ('Literal["User", 1]', 'typing.Literal["User", 1]'),
    ('Annotated[int, Field(gt=0), "User"]', 'typing.Annotated[int, app.main.Field(gt=0), "User"]'),
    ("Page[User]", "app.main.Page[app.main.User]"),
    ("dict[str, list[User | None]]", "dict[str, list[app.main.User | None]]"),
    ("tuple[int, ...]", "tuple[int, ...]"),
    ("t.Callable[[int], str]", "typing.Callable[[int], str]"),
    ("None", "None"),
    ("Any", "typing.Any"),
]


@pytest.mark.parametrize(("written", "key"), TYPES, ids=[written for written, _ in TYPES])
def test_a_type_is_resolved_to_where_it_is_defined(
    written: str, key: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(
        f"{HEAD}@pikku_func\nasync def f(data: {written} = ...) -> {written}: ...\n"
    )
    found = project.functions["f"]
    assert found.data is not None
    assert found.result is not None
    assert (type_key(found.data), type_key(found.result)) == (key, key)
    assert found.data_optional
    assert project.diagnostics == ()


def test_types_are_found_through_imports_for_type_checkers(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        "# app/models.py\nclass User: ...\n"
        "# app/api.py\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.models import User\n"
        "# app/functions.py\nfrom __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
        "from pikku_core import pikku_func\nif TYPE_CHECKING:\n    from app.api import User\n"
        "@pikku_func\nasync def f(data: User) -> User: ...\n"
    )
    assert str(project.functions["f"].data) == "app.models:User"


def test_a_type_under_a_condition_is_taken_from_where_it_is_bound(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        "# app/compat.py\ntry:\n    from fast import User\nexcept ImportError:\n    class User: ...\n"
        "# app/functions.py\nfrom pikku_core import pikku_func\nfrom app.compat import User\n"
        "@pikku_func\nasync def f(data: User) -> None: ...\n"
    )
    assert str(project.functions["f"].data) == "app.compat:User"
    assert project.diagnostics == ()


def test_the_result_of_a_stream_is_what_it_yields(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"{HEAD}@pikku_func\nasync def f() -> AsyncIterator[User]:\n    yield User()\n"
    )
    assert str(project.functions["f"].result) == "app.main:User"


@pytest.mark.parametrize(
    "call",
    [
        "rpc.target()",
        'rpc.invoke("target", 1)',
        "x = [await rpc.target() for _ in '']",
        "run(rpc.target)",
        "rpc.target().attribute",
        "return rpc.target",
    ],
)
def test_calls_through_rpc_are_followed(call: str, scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"{HEAD}@pikku_func\nasync def target() -> None: ...\n"
        f"@pikku_func\nasync def f(*, rpc: Rpc) -> None:\n    {call}\n"
    )
    assert project.functions["f"].rpc == ("target",)
    assert project.diagnostics == ()


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("a", "a"),
        ("a@2", "a_2"),
        ("a-b.c", "a_b_c"),
        ("class", "class_"),
        ("invoke", "invoke_"),
        ("größe", "größe"),
        ("été-m²", "_t_m_"),
    ],
)
def test_names_under_rpc_are_identifiers(
    name: str, attribute: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(f'{HEAD}@pikku_func(name="{name}")\nasync def f() -> None: ...\n')
    assert project.rpc_names == {attribute: name}


@pytest.mark.parametrize(
    "mark",
    [
        "from pikku_core import pikku_func\n@pikku_func\n",
        "from pikku_core import pikku_func as mine\n@mine\n",
        "from pikku_core.function import pikku_func\n@pikku_func()\n",
        "import pikku_core\n@pikku_core.pikku_func\n",
        "import pikku_core as p\n@p.pikku_func(tags=[])\n",
        "from pikku_core import *\n@pikku_func\n",
        "from pikku_core import pikku_func\nmine = pikku_func\n@mine\n",
        "from app.framework import pikku_func\n@pikku_func\n",
        "from app.framework import renamed\n@renamed\n",
        "from app.framework import *\n@renamed\n",
    ],
)
def test_a_mark_counts_wherever_it_is_imported_from(
    mark: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(
        "# app/framework.py\nfrom pikku_core import pikku_func\nfrom pikku_core import pikku_func as renamed\n"
        f"# app/functions.py\n{mark}async def f() -> None: ...\n"
    )
    assert list(project.functions) == ["f"]
    assert project.diagnostics == ()


def test_the_imports_of_a_module_are_those_that_run(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        "# app/__init__.py\n# app/a.py\n# app/b.py\n# app/c.py\n# app/d.py\n# app/e/__init__.py\n# app/e/f.py\n"
        "# app/main.py\n"
        "from typing import TYPE_CHECKING\nimport json\nimport app.a\nfrom . import b\n"
        "if TYPE_CHECKING:\n    from app import c\n"
        "def late():\n    from app import d\n    import app.e.f as g\n"
    )
    assert project.imports["app.main"] == ("app", "app.a", "app.b", "app.d", "app.e", "app.e.f")
    assert project.imports["app.e.f"] == ("app", "app.e")
    assert sorted(project.imports) == sorted(project.modules)
    assert project.foreign_imports["app.main"] == ("json", "typing")
    assert project.foreign_imports["app.e.f"] == ()
