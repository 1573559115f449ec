"""Functions: where they stand, what they take, what they call."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode, Severity

_IMPORT = (
    "from pikku_core import Rpc, SyncRpc, pikku_func, pikku_service, pikku_sessionless_func\n\n"
)
_MARK = "@pikku_sessionless_func\n"
_VARIABLE = 'T = TypeVar("T")'
_SERVICE = "@pikku_service\ndef clock() -> int:\n    return 1\n\n"


def _source(text: str) -> str:
    return f"{_IMPORT}{text}\n"


CODES: Final = (
    DiagnosticCode(
        code="PKU410",
        title="all services at once",
        explanation="A function that takes a bag of services hides which of them it needs. Ask for each by name.",
        example=(
            "from pikku_app import Services\n"
            f"{_source(f'{_SERVICE}{_MARK}async def now(services: Services) -> int: ...')}"
        ),
        mended=_source(f"{_SERVICE}{_MARK}async def now(*, clock: int) -> int: ..."),
    ),
    DiagnosticCode(
        code="PKU411",
        title="a call through `rpc` that cannot be told",
        severity=Severity.WARNING,
        explanation=(
            "The name that `rpc.invoke` is given is not a literal, or `rpc` is handed on. What is called that way is "
            "not followed, so that a bundle may leave it out."
        ),
        example=_source(
            f"{_MARK}async def call(data: str, *, rpc: Rpc) -> None:\n    await rpc.invoke(data)"
        ),
        mended=_source(
            f"{_MARK}async def greet() -> None: ...\n\n"
            f"{_MARK}async def call(*, rpc: Rpc) -> None:\n    await rpc.greet()"
        ),
    ),
    DiagnosticCode(
        code="PKU705",
        title="another decorator on a marked function",
        severity=Severity.WARNING,
        explanation=(
            "The signature in the source is taken for the function's. A decorator that changes it is not seen; "
            "`pikku check --runtime` compares. What runs round a function is better a middleware."
        ),
        example=_source(f"from functools import cache\n\n@cache\n{_MARK}def now() -> int: ..."),
        mended=_source(f"{_MARK}def now() -> int: ..."),
    ),
    DiagnosticCode(
        code="PKU706",
        title="a service that is not keyword-only",
        explanation="Only the data stands before the `*`. Everything behind it is a service or a wire thing, asked for by name.",
        example=_source(f"{_SERVICE}{_MARK}async def now(data: str, clock: int) -> int: ..."),
        mended=_source(f"{_SERVICE}{_MARK}async def now(data: str, *, clock: int) -> int: ..."),
    ),
    DiagnosticCode(
        code="PKU707",
        title="`*args` or `**kwargs`",
        explanation="What a function needs must be in its signature, name by name.",
        example=_source(f"{_SERVICE}{_MARK}async def now(**services: int) -> int: ..."),
        mended=_source(f"{_SERVICE}{_MARK}async def now(*, clock: int) -> int: ..."),
    ),
    DiagnosticCode(
        code="PKU709",
        title="data without a type",
        explanation="The type of the data says what is accepted. Without one nothing could be checked.",
        example=_source(f"{_MARK}async def greet(data) -> str: ..."),
        mended=_source(f"{_MARK}async def greet(data: str) -> str: ..."),
    ),
    DiagnosticCode(
        code="PKU728",
        title="two functions under one name of `rpc`",
        explanation=(
            "Identities that are no identifiers are mangled: version 2 of `create` is `rpc.create_v2`. Two must not "
            "become one."
        ),
        example=_source(
            "@pikku_sessionless_func(version=2)\nasync def create() -> None: ...\n\n"
            f"{_MARK}async def create_v2() -> None: ..."
        ),
        mended=_source(
            "@pikku_sessionless_func(version=2)\nasync def create() -> None: ...\n\n"
            f"{_MARK}async def create_second() -> None: ..."
        ),
    ),
    DiagnosticCode(
        code="PKU751",
        title="a session that may not be there",
        explanation=(
            "A sessionless function, or a call service of one, asks for `session` without a default; or a middleware "
            "asks for it, which runs before the session is settled and has `sessions` for it."
        ),
        example=_source(f"{_MARK}async def me(*, session: str) -> str: ..."),
        mended=_source(f"{_MARK}async def me(*, session: str | None = None) -> str: ..."),
    ),
    DiagnosticCode(
        code="PKU752",
        title="an async wire thing in a sync function, or the other way round",
        explanation=(
            "In a sync function `rpc.name(data)` of the async form would give a coroutine that nothing awaits; the "
            "blocking form in an async function would stop the event loop."
        ),
        example=_source(f"{_MARK}def call(*, rpc: Rpc) -> None: ..."),
        mended=_source(f"{_MARK}def call(*, rpc: SyncRpc) -> None: ..."),
    ),
    DiagnosticCode(
        code="PKU760",
        title="a mark that marks nothing",
        explanation=(
            "A decorator of Pikku's marks functions at the top level of a module: not methods, not nested functions "
            "(middleware and permissions of a factory excepted), nothing under a condition. Called otherwise than as a "
            "decorator it registers nothing."
        ),
        example=_source(f"class Users:\n    {_MARK}    async def create(self) -> None: ..."),
        mended=_source(f"{_MARK}async def create() -> None: ..."),
    ),
    DiagnosticCode(
        code="PKU763",
        title="a type variable as data or result",
        explanation="A function runs with one type of data. `Page[User]` is one, `Page[T]` is none.",
        example=_source(
            f"from typing import TypeVar\n\n{_VARIABLE}\n\n{_MARK}async def first(data: list[T]) -> None: ..."
        ),
        mended=_source(f"{_MARK}async def first(data: list[int]) -> None: ..."),
    ),
    DiagnosticCode(
        code="PKU851",
        title="two functions of one name",
        explanation="The name of a function is its identity in the whole project.",
        example=(
            "# app/a.py\n"
            f"{_source(f'{_MARK}async def create() -> None: ...')}"
            "# app/b.py\n"
            f"{_source(f'{_MARK}async def create() -> None: ...')}"
        ),
        mended=(
            "# app/a.py\n"
            f"{_source(f'{_MARK}async def create() -> None: ...')}"
            "# app/b.py\n"
            f"{_source(f'{_MARK}async def create_other() -> None: ...')}"
        ),
    ),
    DiagnosticCode(
        code="PKU850",
        title="one version of a function twice",
        explanation=(
            "The version is part of the identity: `create@v2`. A `def` that is called `create_v2` and states version 2 is "
            "`create@v2` as well."
        ),
        example=_source(
            "@pikku_sessionless_func(version=2)\nasync def create_v2() -> None: ...\n\n"
            "@pikku_sessionless_func(version=2)\nasync def create() -> None: ..."
        ),
        mended=_source(
            "@pikku_sessionless_func(version=2)\nasync def create_v2() -> None: ...\n\n"
            "@pikku_sessionless_func(version=3)\nasync def create() -> None: ..."
        ),
    ),
    DiagnosticCode(
        code="PKU852",
        title="a function without a version beside versions of it",
        explanation=(
            "Who calls `create` means its newest version. Whether one that states none is older or newer than the others "
            "could only be guessed."
        ),
        example=_source(
            "@pikku_sessionless_func(version=1)\nasync def create_v1() -> None: ...\n\n"
            f"{_MARK}async def create() -> None: ..."
        ),
        mended=_source(
            "@pikku_sessionless_func(version=1)\nasync def create_v1() -> None: ...\n\n"
            "@pikku_sessionless_func(version=2)\nasync def create() -> None: ..."
        ),
    ),
    DiagnosticCode(
        code="PKU853",
        title="a function is named after a version that it does not state",
        explanation=(
            "A trailing `_v1` belongs to the version only where `version=1` says so; otherwise it is part of the name, and "
            "the function no version of `create` but another one. A `name=` of its own says that this is meant."
        ),
        example=_source(
            f"{_MARK}async def create_v1() -> None: ...\n\n"
            "@pikku_sessionless_func(version=2)\nasync def create_v2() -> None: ..."
        ),
        mended=_source(
            "@pikku_sessionless_func(version=1)\nasync def create_v1() -> None: ...\n\n"
            "@pikku_sessionless_func(version=2)\nasync def create_v2() -> None: ..."
        ),
    ),
    DiagnosticCode(
        code="PKU768",
        title="an annotation is evaluated too early",
        explanation=(
            "Without `from __future__ import annotations`, Python evaluates an annotation when it imports the module. A "
            "name that is imported under `if TYPE_CHECKING`, or bound only below, is not there by then, and the import "
            "fails. An annotation in quotes is not evaluated; neither is any from Python 3.14 on."
        ),
        example=(
            "from typing import TYPE_CHECKING\n"
            "from pikku_core import pikku_sessionless_func\n\n"
            "if TYPE_CHECKING:\n"
            "    from datetime import date\n\n"
            "@pikku_sessionless_func\n"
            "async def next_day(data: date) -> str: ...\n"
        ),
        mended=(
            "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
            "from pikku_core import pikku_sessionless_func\n\n"
            "if TYPE_CHECKING:\n"
            "    from datetime import date\n\n"
            "@pikku_sessionless_func\n"
            "async def next_day(data: date) -> str: ...\n"
        ),
    ),
)
