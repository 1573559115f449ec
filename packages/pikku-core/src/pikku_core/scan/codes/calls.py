"""Calls that declare wirings and the like."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode, Severity

_FUNCTION = (
    "from pikku_core import pikku_sessionless_func\n"
    "from pikku_http import wire_http\n\n"
    "@pikku_sessionless_func\n"
    "async def create_user() -> None: ...\n\n"
)
_MENDED = f'{_FUNCTION}wire_http(method="post", route="/users", func=create_user)\n'


def _instead(text: str) -> str:
    return f"{_FUNCTION}{text}\n"


CODES: Final = (
    DiagnosticCode(
        code="PKU111",
        title="a declaration lacks what identifies it",
        explanation="A name, route or the like is missing in a call that declares something.",
        example=_instead('wire_http(method="post", func=create_user)'),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU118",
        title="a value is not a literal",
        explanation=(
            "What identifies a declaration, or is needed before any code runs, must be a literal, a constant of a "
            "module, or an f-string of these."
        ),
        example=_instead(
            'wire_http(method="post", route="/".join(["", "users"]), func=create_user)'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU124",
        title="an option has a value that it cannot have",
        explanation="The value is of another type, or not one of those that mean something.",
        example=_instead('wire_http(method="post", route=1, func=create_user)'),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU236",
        title="a wiring names no function",
        explanation=(
            "`func=` is missing, or is a lambda, a `functools.partial`, a method, a call or an unknown name. It must "
            "name a function at the top level of a module."
        ),
        example=_instead('wire_http(method="post", route="/users", func=lambda: None)'),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU247",
        title="tags, scopes or names are not a list of literals",
        explanation="Filters and generated tables need these strings before any code runs.",
        example=_instead(
            'wire_http(method="post", route="/users", func=create_user, tags="users")'
        ),
        mended=_instead(
            'wire_http(method="post", route="/users", func=create_user, tags=["users"])'
        ),
    ),
    DiagnosticCode(
        code="PKU559",
        title="a reference leads to nothing that Pikku knows",
        explanation=(
            "A wiring names a function without `pikku_func`, or one in a file that is not scanned; an option names a "
            "function without `pikku_middleware` or `pikku_permission`; or `rpc` calls a function that does not exist."
        ),
        example=(
            "from pikku_http import wire_http\n\n"
            "async def create_user() -> None: ...\n\n"
            'wire_http(method="post", route="/users", func=create_user)\n'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU573",
        title="a wiring tries to open a function that needs a session",
        explanation="`pikku_func` needs a session on every transport; a wiring can ask for more, never for less.",
        example=(
            "from pikku_core import pikku_func\n"
            "from pikku_http import wire_http\n\n"
            "@pikku_func\n"
            "async def create_user() -> None: ...\n\n"
            'wire_http(method="post", route="/users", func=create_user, auth=False)\n'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU702",
        title="a declaration is not a statement at the top level",
        explanation=(
            "A declaring call inside a function, a class or another expression declares nothing: only statements at the "
            "top level of a module, or assignments there, are read."
        ),
        example=_instead(
            'def wire() -> None:\n    wire_http(method="post", route="/users", func=create_user)'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU703",
        title="a declaration stands in a loop",
        explanation="How often a loop runs is known only when it runs. Write one call for each.",
        example=_instead(
            'for route in ("/users", "/people"):\n    wire_http(method="post", route=route, func=create_user)'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU704",
        title="a declaration stands under a condition",
        explanation=(
            "Whether an `if`, `try` or `with` lets a call happen is known only when it runs. Filters and tags choose "
            "what is deployed."
        ),
        example=_instead(
            'if True:\n    wire_http(method="post", route="/users", func=create_user)'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU708",
        title="a generator is wired to a kind that does not stream",
        explanation="A function that yields gives its result bit by bit, which this kind of wiring cannot pass on.",
        example=(
            "from collections.abc import AsyncIterator\n"
            "from pikku_core import pikku_sessionless_func\n"
            "from pikku_queue import wire_queue_worker\n\n"
            "@pikku_sessionless_func\n"
            "async def create_user() -> AsyncIterator[int]:\n"
            "    yield 1\n\n"
            'wire_queue_worker(name="users", func=create_user)\n'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU726",
        title="two wirings have one identity",
        explanation="Two calls wire the same route, queue or name; only one of them could be reached.",
        example=_instead(
            'wire_http(method="post", route="/users", func=create_user)\n'
            'wire_http(method="post", route="/users", func=create_user)'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU761",
        title="an unknown option",
        explanation="A decorator or a declaring call is given an option that it does not have, or one by position that must be a keyword.",
        example=_instead(
            'wire_http(method="post", route="/users", func=create_user, colour="red")'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU762",
        title="options that are spread",
        explanation="`*` and `**` hide what is given. Write the options out.",
        example=_instead(
            'SHARED = {"method": "post"}\nwire_http(route="/users", func=create_user, **SHARED)'
        ),
        mended=_MENDED,
    ),
    DiagnosticCode(
        code="PKU764",
        title="a wiring that no plugin reads",
        explanation=(
            "The transport that the call belongs to is not installed, or its plugin is turned off or broken: the "
            "project is generated without the wiring."
        ),
        severity=Severity.WARNING,
        example=_instead("from acme_gone import wire_gone\n\nwire_gone(func=create_user)").replace(
            "from pikku_http import wire_http\n", ""
        ),
        mended=_MENDED,
    ),
)
