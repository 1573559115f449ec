from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin.expression import Call, Constant, ListDisplay, Name
from pikku_core.plugin.model import CallableKind, Project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = """\
from __future__ import annotations
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Coroutine, Generator, Iterator
from typing import Any
from pikku_core import Next, pikku_config, pikku_func, pikku_middleware, pikku_permission, pikku_service, pikku_session
from pikku_http import http_middleware
class Database: ...
"""


def _codes(project: Project) -> list[str]:
    return [found.code for found in project.diagnostics]


@pytest.mark.parametrize(
    "factory",
    [
        "def db() -> Database: ...",
        "async def db() -> Database: ...",
        "def db() -> Iterator[Database]:\n    yield Database()",
        "def db() -> Generator[Database, None, None]:\n    yield Database()",
        "async def db() -> AsyncIterator[Database]:\n    yield Database()",
        "async def db() -> AsyncGenerator[Database]:\n    yield Database()",
        "def db() -> Awaitable[Database]: ...",
        "def db() -> Coroutine[Any, Any, Database]: ...",
    ],
)
def test_a_service_provides_what_is_inside_its_return_type(
    factory: str, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(f"{HEAD}@pikku_service\n{factory}\n")
    assert str(project.services["db"].provides) == "app.main:Database"


def test_an_iterator_that_is_returned_is_the_service(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"{HEAD}@pikku_service\ndef numbers() -> Iterator[int]: ...\n")
    assert str(project.services["numbers"].provides).startswith("Subscript")


def test_scope_name_and_needs_are_read(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"{HEAD}@pikku_service\ndef db() -> Database: ...\n"
        '@pikku_service(name="work", scope="call")\ndef unit(*, db: Database, http: Any = None) -> int: ...\n'
    )
    work = project.services["work"]
    assert (work.scope, work.kind) == ("call", CallableKind.SYNC)
    assert [(found.name, found.provider, found.optional) for found in work.parameters] == [
        ("db", "db", False),
        ("http", "http", True),
    ]


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        ("class Config: ...", CallableKind.CLASS),
        ("def config() -> Config: ...", CallableKind.SYNC),
        ("async def config() -> Config: ...", CallableKind.ASYNC),
    ],
)
def test_the_configuration_is_a_service(
    config: str, kind: CallableKind, scan_source: Callable[..., Project]
) -> None:
    head = HEAD if kind is CallableKind.CLASS else f"{HEAD}class Config: ...\n"
    project = scan_source(
        f"{head}@pikku_config\n{config}\n@pikku_service\ndef db(*, config: Config) -> Database: ...\n"
    )
    assert project.services["config"].kind is kind
    assert str(project.services["config"].provides) == "app.main:Config"
    assert _codes(project) == []


def test_the_session_is_found(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"{HEAD}from dataclasses import dataclass\n@pikku_session\n@dataclass\nclass Visitor: ...\n"
    )
    assert str(project.session) == "app.main:Visitor"
    assert _codes(project) == []


def test_a_plugin_s_reserved_name_yields_to_a_service(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"{HEAD}@pikku_service\ndef job() -> int: ...\n@pikku_service\ndef http(*, job: int) -> int: ...\n"
        "@pikku_func\nasync def f(*, http: int, job: int) -> None: ...\n"
    )
    assert _codes(project) == []
    assert list(project.services) == ["http", "job"]


@pytest.fixture
def plugin_services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "site" / "acme_plugin"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise ImportError('scanned, never imported')\n")
    (folder / "services.py").write_text(
        "from pikku_core import pikku_service\nclass Mailer: ...\n"
        "@pikku_service\ndef mailer() -> Mailer: ...\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    importlib.invalidate_caches()


def test_every_function_that_asks_for_a_missing_service_is_named(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        f"{HEAD}@pikku_func\nasync def f(*, mail: int, x: Nobody = None) -> None: ...\n"
        "@pikku_func\nasync def g(*, mail: int, x: Nobody = None) -> None: ...\n"
    )
    assert sorted(_codes(project)) == ["PKU712", "PKU712", "PKU732", "PKU732"]


@pytest.mark.usefixtures("plugin_services")
def test_a_plugin_s_service_is_there_when_it_is_asked_for(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        f"{HEAD}@pikku_func\nasync def f(*, mailer: Any) -> None: ...\n", source=("app",)
    )
    assert str(project.services["mailer"].origin) == "acme_plugin.services:mailer"
    assert "acme_plugin" not in sys.modules
    assert scan_source(HEAD, source=("app",)).services == {}


def test_a_project_s_service_wins_over_a_plugin_s(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"{HEAD}@pikku_service\ndef mailer() -> int: ...\n@pikku_func\nasync def f(*, mailer: int) -> None: ...\n"
    )
    assert str(project.services["mailer"].origin) == "app.main:mailer"


def test_a_plugin_s_service_that_is_not_there_is_a_diagnostic(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(f"{HEAD}@pikku_func\nasync def f(*, mailer: Any) -> None: ...\n")
    assert _codes(project) == ["PKU732"]


GUARDS = f"""\
# app/guards.py
{HEAD}
@pikku_middleware
async def timing(next: Next, *, logger: Any) -> Any: ...
def limit(count):
    @pikku_middleware
    async def check(next: Next) -> Any: ...
    return check
def either(count):
    if count:
        @pikku_middleware
        async def one(next: Next) -> Any: ...
        return one
    @pikku_middleware
    async def two(next: Next) -> Any: ...
    return two
@pikku_permission
async def is_author(data: Database) -> bool: ...
def has(scope):
    @pikku_permission
    def has_scope(*, session: Any) -> bool: ...
    return has_scope
common = [timing, limit(3)]
"""


@pytest.mark.parametrize(
    ("option", "keys"),
    [
        ("[timing]", ["timing"]),
        ("(timing,)", ["timing"]),
        ("[guards.timing]", ["timing"]),
        ("[limit(3)]", ["limit.<locals>.check"]),
        ("[limiter, timing]", ["limit.<locals>.check", "timing"]),
        ("[either(1)]", ["either.<locals>.one", "either.<locals>.two"]),
        ("common", ["timing", "limit.<locals>.check"]),
        ("[*common]", ["timing", "limit.<locals>.check"]),
        ("LOCAL", ["timing"]),
        ("[]", []),
    ],
)
def test_middleware_is_known_by_its_qualified_name(
    option: str, keys: list[str], scan_source: Callable[..., Project]
) -> None:
    project = scan_source(
        f"{GUARDS}# app/main.py\nfrom app import guards\nfrom app.guards import common, either, limit, timing\n"
        f'from pikku_http import http_middleware\nlimiter = limit(3)\nLOCAL = [timing]\nhttp_middleware("/", {option})\n'
    )
    assert _codes(project) == []
    assert list(project.declarations[0].middleware) == [f"app.guards:{key}" for key in keys]


def test_calls_of_factories_are_kept_with_their_constants(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        f"{GUARDS}# app/limits.py\nfrom app.guards import limit\n"
        "MOST = 3\nfew = limit(MOST)\nboth = [few, limit(name=f'{MOST}!', more=[1])]\n"
        "# app/main.py\nfrom pikku_core import global_middleware, pikku_sessionless_func\n"
        "from app.limits import both, few\n"
        "@pikku_sessionless_func(middleware=[few])\nasync def f() -> None: ...\n"
        "global_middleware(both)\n"
    )
    assert _codes(project) == []
    limit = Name("app.guards", "limit")
    three = Call(limit, (Constant(3),))
    more = ListDisplay((Constant(1),))
    assert project.functions["f"].factory_calls == (three,)
    assert project.declarations[0].factory_calls == (
        three,
        Call(limit, keywords=(("name", Constant("3!")), ("more", more))),
    )


def test_permissions_are_found_in_groups(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        f"{GUARDS}# app/main.py\nfrom pikku_core import pikku_func\nfrom app.guards import Database, has, is_author\n"
        '@pikku_func(permissions={"author": is_author, "admin": [has("x"), is_author]})\n'
        "async def f(data: Database) -> None: ...\n"
    )
    assert _codes(project) == []
    assert project.functions["f"].permissions == (
        "app.guards:is_author",
        "app.guards:has.<locals>.has_scope",
    )
    assert project.functions["f"].alternatives == (
        ("app.guards:is_author",),
        ("app.guards:has.<locals>.has_scope", "app.guards:is_author"),
    )
    made = project.callables["app.guards:has.<locals>.has_scope"]
    assert (made.factory, str(made.origin), made.data) == (True, "app.guards:has", None)
    assert str(project.callables["app.guards:is_author"].data) == "app.guards:Database"


@pytest.mark.parametrize("call", ["global_permissions({})", 'tag_permissions("a", [])'])
def test_permissions_that_would_guard_nothing_are_reported(
    scan_source: Callable[..., Project], call: str
) -> None:
    name = call.partition("(")[0]
    project = scan_source(f"# app/main.py\nfrom pikku_core import {name}\n{call}\n")
    (found,) = project.diagnostics
    assert (found.code, str(found.location)) == ("PKU875", "app/main.py:2")
    assert f'"{name}" was given no permission' in found.message


@pytest.mark.parametrize(
    ("option", "alternatives"),
    [
        ("[is_author, has(1)]", [["is_author", "has.<locals>.has_scope"]]),
        ("(is_author,)", [["is_author"]]),
        ("NAMED", [["is_author"], ["is_author", "has.<locals>.has_scope"]]),
        (
            '{**NAMED, "own": [is_author]}',
            [["is_author"], ["is_author", "has.<locals>.has_scope"], ["is_author"]],
        ),
        ('{"any": BOTH}', [["is_author", "has.<locals>.has_scope"]]),
    ],
)
def test_permissions_are_known_as_they_are_asked(
    scan_source: Callable[..., Project], option: str, alternatives: list[list[str]]
) -> None:
    project = scan_source(
        f"{GUARDS}"
        '# app/rules.py\nfrom app.guards import has, is_author\nBOTH = [is_author, has("x")]\n'
        'NAMED = {"author": is_author, "both": BOTH}\n'
        "# app/main.py\nfrom pikku_core import global_permissions\n"
        "from app.guards import has, is_author\nfrom app.rules import BOTH, NAMED\n"
        f"global_permissions({option})\n"
    )
    (declaration,) = project.declarations
    assert declaration.alternatives == tuple(
        tuple(f"app.guards:{key}" for key in keys) for keys in alternatives
    )


def test_a_second_declaration_of_one_subject_is_numbered(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        f"{GUARDS}# app/main.py\nfrom pikku_http import http_middleware\nfrom app.guards import timing\n"
        'http_middleware("/", [timing])\nhttp_middleware("/", [timing])\nhttp_middleware("/", [timing])\n'
    )
    assert [found.id for found in project.declarations] == [
        "http:middleware:/",
        "http:middleware:/#2",
        "http:middleware:/#3",
    ]


PERMISSIONS = [
    ("Any", "int", True),
    ("object", "int", True),
    ("int", "int", True),
    ("int", "bool", True),
    ("bool", "int", False),
    ("Base", "Derived", True),
    ("Derived", "Base", False),
    ("Base | int", "Derived", True),
    ("Base", "Derived | int", False),
    ("Shape", "Base", True),
    ("Outside", "Base", False),
    ("Outside", "FromOutside", True),
    ("Base", "FromOutside", False),
    ("list[int]", "list[str]", True),
    ("list[int]", "int", False),
    ("Alias", "Derived", True),
]


@pytest.mark.parametrize(
    ("wanted", "given", "accepted"), PERMISSIONS, ids=[f"{w} of {g}" for w, g, _ in PERMISSIONS]
)
def test_a_permission_must_take_the_function_s_data(
    wanted: str, given: str, accepted: bool, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(
        f"{HEAD}from typing import Protocol\nfrom outside import Outside\n"
        "class Base: ...\nclass Derived(Base): ...\nclass Shape(Protocol): ...\nclass FromOutside(Outside): ...\nAlias = Base\n"
        f"@pikku_permission\nasync def p(data: {wanted}) -> bool: ...\n"
        f"@pikku_func(permissions=[p])\nasync def f(data: {given}) -> None: ...\n"
    )
    assert _codes(project) == ([] if accepted else ["PKU727"])


def test_a_misspelt_service_is_named_with_the_right_one(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        "from pikku_core import pikku_func, pikku_service\n"
        "@pikku_service\ndef shelf() -> int: ...\n"
        "@pikku_func\nasync def g(*, shelv: int) -> None: ...\n"
    )
    (found,) = project.diagnostics
    assert found.hint == (
        'Did you mean "shelf"? Rename it, or else: '
        'Write a "pikku_service" function "shelv", or give the parameter a default.'
    )


def test_a_service_that_is_not_marked_is_shown(scan_source: Callable[..., Project]) -> None:
    project = scan_source(
        "# app/services.py\n\ndef database() -> int: ...\n"
        "# app/main.py\nfrom pikku_core import pikku_func\n"
        "@pikku_func\nasync def g(*, database: int) -> None: ...\n"
    )
    assert [found.hint for found in project.diagnostics] == [
        '"app/services.py:2" has a function "database" that is not marked: mark it with "pikku_service".'
    ]


@pytest.mark.parametrize(
    "function",
    [
        "@pikku_func(expose=True)\nasync def g(*, http: Http | None = None) -> None: ...",
        '@pikku_func\nasync def g(*, http: Http) -> None: ...\nwire_http(method="get", route="/", func=g)',
    ],
    ids=["exposed, with a default", "not exposed"],
)
def test_a_wire_thing_that_every_way_in_gives_or_that_has_a_default_is_welcome(
    scan_source: Callable[..., Project], function: str
) -> None:
    head = "from pikku_core import pikku_func\nfrom pikku_http import Http, wire_http\n"
    assert _codes(scan_source(head + function)) == []


def test_a_call_by_name_is_said_to_give_no_wire_thing(scan_source: Callable[..., Project]) -> None:
    source = (
        "from pikku_core import pikku_func\nfrom pikku_http import Http\n"
        "@pikku_func(expose=True)\nasync def g(*, http: Http) -> None: ..."
    )
    assert [found.message for found in scan_source(source).diagnostics] == [
        '"g" asks for "http", which a call of "g" by its name (expose=True) does not give.'
    ]
