"""Names and expressions that cannot be followed."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode

_FUNCTION = (
    "# app/functions.py\n"
    "from pikku_core import pikku_sessionless_func\n\n"
    "@pikku_sessionless_func\n"
    "async def create_user() -> None: ...\n"
)

_GUARDS = (
    "# app/guards.py\n"
    "from pikku_core import Next, pikku_middleware\n\n"
    "@pikku_middleware\n"
    "async def timing(next: Next) -> object: ...\n"
)

_LIMITS = (
    "# app/limits.py\n"
    "from typing import Any\n"
    "from pikku_core import Next, pikku_middleware\n\n"
    "def rate_limit(count: int) -> Any:\n"
    "    @pikku_middleware\n"
    "    async def check(next: Next) -> Any: ...\n"
    "    return check\n\n"
    "def calls_left(limiter: Any) -> int: ...\n"
)

CODES: Final = (
    DiagnosticCode(
        code="PKU710",
        title="a name is not bound exactly once",
        explanation=(
            "What a wiring names must be bound exactly once at the top level of its module, by import, def, class or "
            "assignment. A name that is bound twice, under a condition, by a loop or by two star imports has a value "
            "that only running the module would tell."
        ),
        example=(
            f"{_FUNCTION}"
            "# app/other.py\n"
            "from pikku_core import pikku_sessionless_func\n\n"
            "@pikku_sessionless_func\n"
            "async def delete_user() -> None: ...\n"
            "# app/wirings.py\n"
            "from pikku_http import wire_http\n"
            "from app.functions import create_user as handler\n"
            'wire_http(method="post", route="/users", func=handler)\n'
            "from app.other import delete_user as handler\n"
            'wire_http(method="delete", route="/users", func=handler)\n'
        ),
        mended=(
            f"{_FUNCTION}"
            "# app/other.py\n"
            "from pikku_core import pikku_sessionless_func\n\n"
            "@pikku_sessionless_func\n"
            "async def delete_user() -> None: ...\n"
            "# app/wirings.py\n"
            "from pikku_http import wire_http\n"
            "from app.functions import create_user\n"
            "from app.other import delete_user\n"
            'wire_http(method="post", route="/users", func=create_user)\n'
            'wire_http(method="delete", route="/users", func=delete_user)\n'
        ),
    ),
    DiagnosticCode(
        code="PKU711",
        title="an expression cannot be read without running it",
        explanation=(
            "A wiring is written out again in a place that never imports its module. Literals, names, calls of names, "
            "displays and f-strings can be; comprehensions, lambdas, subscripts, arithmetic and attributes of a call "
            "cannot. A named value in a module without wirings can hold anything."
        ),
        example=(
            f"{_GUARDS}"
            "# app/wirings.py\n"
            "from pikku_http import http_middleware\n"
            "from app.guards import timing\n"
            'http_middleware("/admin/*", [each for each in (timing,)])\n'
        ),
        mended=(
            f"{_GUARDS}"
            "# app/wirings.py\n"
            "from pikku_http import http_middleware\n"
            "from app.guards import timing\n"
            'http_middleware("/admin/*", [timing])\n'
        ),
    ),
    DiagnosticCode(
        code="PKU712",
        title="a name leads nowhere",
        explanation="A name is not bound where it is used, is bound only below, or is not in the module it is imported from.",
        example=(
            "from pikku_core import pikku_sessionless_func\n\n"
            "@pikku_sessionless_func\n"
            "async def create_user(data: NewUser) -> None: ...\n"
        ),
        mended=(
            "from pikku_core import pikku_sessionless_func\n\n"
            "class NewUser: ...\n\n"
            "@pikku_sessionless_func\n"
            "async def create_user(data: NewUser) -> None: ...\n"
        ),
    ),
    DiagnosticCode(
        code="PKU713",
        title="a name exists for type checkers only",
        explanation="A wiring uses a name that is imported under `if TYPE_CHECKING`. At run time there is no such name.",
        example=(
            f"{_FUNCTION}"
            "# app/wirings.py\n"
            "from typing import TYPE_CHECKING\n"
            "from pikku_http import wire_http\n"
            "if TYPE_CHECKING:\n"
            "    from app.functions import create_user\n"
            'wire_http(method="post", route="/users", func=create_user)\n'
        ),
        mended=(
            f"{_FUNCTION}"
            "# app/wirings.py\n"
            "from pikku_http import wire_http\n"
            "from app.functions import create_user\n"
            'wire_http(method="post", route="/users", func=create_user)\n'
        ),
    ),
    DiagnosticCode(
        code="PKU714",
        title="a relative import goes too far",
        explanation="A relative import climbs beyond the top-level package; Python refuses it when the module is imported.",
        example="from ...models import User\nfrom pikku_core import pikku_func\n",
        mended=(
            "# app/models.py\nclass User: ...\n"
            "# app/main.py\nfrom .models import User\nfrom pikku_core import pikku_func\n"
        ),
    ),
    DiagnosticCode(
        code="PKU716",
        title="a value is changed after it was assigned",
        explanation=(
            "A wiring uses a value that another top-level statement of its module may change. Production makes the "
            "value again without running that statement. Make it whole in a module without wirings."
        ),
        example=(
            f"{_FUNCTION}"
            "# app/wirings.py\n"
            "from pikku_http import wire_http\n"
            "from app.functions import create_user\n"
            'TAGS = ["users"]\n'
            'TAGS.append("admin")\n'
            'wire_http(method="post", route="/users", func=create_user, tags=TAGS)\n'
        ),
        mended=(
            f"{_FUNCTION}"
            "# app/wirings.py\n"
            "from pikku_http import wire_http\n"
            "from app.functions import create_user\n"
            'TAGS = ["users", "admin"]\n'
            'wire_http(method="post", route="/users", func=create_user, tags=TAGS)\n'
        ),
    ),
    DiagnosticCode(
        code="PKU717",
        title="a value is used by wirings and by a function of their module",
        explanation=(
            "Production makes the values that wirings use by itself, and never runs the module of the wirings for them. "
            "A function of that module reads the module's own value: another instance, with state of its own. In a "
            "module without wirings, or as a service, there is one for both."
        ),
        example=(
            f"{_LIMITS}"
            "# app/main.py\n"
            "from pikku_core import pikku_sessionless_func\n"
            "from pikku_http import http_middleware\n"
            "from app.limits import calls_left, rate_limit\n\n"
            "limiter = rate_limit(3)\n\n"
            "@pikku_sessionless_func\n"
            "async def left() -> int:\n"
            "    return calls_left(limiter)\n\n"
            'http_middleware("/admin/*", [limiter])\n'
        ),
        mended=(
            f"{_LIMITS}"
            "\nlimiter = rate_limit(3)\n"
            "# app/main.py\n"
            "from pikku_core import pikku_sessionless_func\n"
            "from pikku_http import http_middleware\n"
            "from app.limits import calls_left, limiter\n\n"
            "@pikku_sessionless_func\n"
            "async def left() -> int:\n"
            "    return calls_left(limiter)\n\n"
            'http_middleware("/admin/*", [limiter])\n'
        ),
    ),
    DiagnosticCode(
        code="PKU765",
        title="an imported name does not exist",
        explanation=(
            "A module of Pikku, or of a transport, has no such name, so that importing the module would fail, and what "
            "it was meant to declare (a permission, a wiring) would be missing."
        ),
        example=(
            f"{_GUARDS}"
            "# app/wirings.py\n"
            "from pikku_core import global_midleware\n"
            "from app.guards import timing\n"
            "global_midleware([timing])\n"
        ),
        mended=(
            f"{_GUARDS}"
            "# app/wirings.py\n"
            "from pikku_core import global_middleware\n"
            "from app.guards import timing\n"
            "global_middleware([timing])\n"
        ),
    ),
    DiagnosticCode(
        code="PKU766",
        title="an imported module does not exist",
        explanation=(
            "A package of the project has no such module. What is imported from it is not reported again where it is used."
        ),
        example=(
            f"{_FUNCTION}"
            "# app/wirings.py\n"
            "from pikku_http import wire_http\n"
            "from app.function import create_user\n"
            'wire_http(method="post", route="/users", func=create_user)\n'
        ),
        mended=(
            f"{_FUNCTION}"
            "# app/wirings.py\n"
            "from pikku_http import wire_http\n"
            "from app.functions import create_user\n"
            'wire_http(method="post", route="/users", func=create_user)\n'
        ),
    ),
)
