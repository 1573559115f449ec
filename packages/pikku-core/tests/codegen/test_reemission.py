"""What wirings say when they are imported, the generated files say too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pikku_core.declaration import Declaration, Wiring

Declares = Callable[[str], Any]

FUNCTIONS = """\
# app/functions.py
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func
async def first() -> None: ...

@pikku_sessionless_func
async def second() -> None: ...
# app/limits.py
from typing import Any
from pikku_core import Next, pikku_middleware

LIMIT = 3
DEFAULTS = {"burst": 2}

def rate_limit(count: int, *, name: str = "") -> Any:
    @pikku_middleware(name=name)
    async def check(next: Next) -> Any:
        return count if count < 0 else await next()

    return check

def both(*parts: Any, **named: Any) -> tuple[Any, ...]:
    return (*parts, *named.items())

class Window:
    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    @classmethod
    def minute(cls) -> "Window":
        return cls(60)

@pikku_middleware
async def log(next: Next) -> Any:
    return await next()
# app/wirings.py
"""

CASES = {
    "a plain wiring": """
from linekit import wire_line
from app.functions import first
wire_line(verb="a", func=first)
""",
    "a module that is imported whole": """
import linekit
import app.functions
linekit.wire_line(verb="a", func=app.functions.first)
""",
    "a module under another name": """
import linekit as transport
import app.functions as f
transport.wire_line(verb="a", func=f.first)
""",
    "a function under another name": """
from linekit import wire_line as wire
from app.functions import first as handler
wire(verb="a", func=handler)
""",
    "a relative import": """
from linekit import wire_line
from .functions import first
wire_line(verb="a", func=first)
""",
    "a relative module": """
from linekit import wire_line
from . import functions
wire_line(verb="a", func=functions.first)
""",
    "a star import": """
from linekit import *
from app.functions import *
wire_line(verb="a", func=first)
""",
    "a name that is assigned another": """
from linekit import wire_line
from app.functions import first
handler = first
wire_line(verb="a", func=handler)
""",
    "several wirings of one function": """
from linekit import wire_line
from app.functions import first
wire_line(verb="a", func=first)
wire_line(verb="b", func=first)
""",
    "a folded string constant": """
from linekit import wire_line
from app.functions import first
PREFIX = "users"
wire_line(verb=PREFIX, func=first, options=PREFIX)
""",
    "a constant of another module": """
from linekit import wire_line
from app.functions import first
from app.limits import LIMIT
wire_line(verb="a", func=first, options=LIMIT)
""",
    "a mapping of another module": """
from linekit import wire_line
from app.functions import first
from app import limits
wire_line(verb="a", func=first, options=limits.DEFAULTS)
""",
    "literals of all kinds": """
from linekit import wire_line
from app.functions import first
wire_line(verb="a", func=first, options=[1, -2, 1.5, -0.5, 2j, None, True, False, ..., b"x", 1e999])
""",
    "strings with quotes and escapes": r"""
from linekit import wire_line
from app.functions import first
wire_line(verb="a", func=first, options=["it's", 'say "x"', "both ' and \"", "tab\t", "line\n", "back\\slash", "ü€😀", "\x00"])
""",
    "an implicit concatenation": """
from linekit import wire_line
from app.functions import first
wire_line(verb="a", func=first, options="one " "two")
""",
    "nested displays": """
from linekit import wire_line
from app.functions import first
wire_line(verb="a", func=first, options={"a": [1, (2,), {3, 4}], "b": {"c": ()}, **{"d": 5}})
""",
    "unpacking in a list": """
from linekit import wire_line
from app.functions import first
wire_line(verb="a", func=first, options=[1, *[2, 3], *(4,)])
""",
    "an f-string": """
from linekit import wire_line
from app.functions import first
from app.limits import LIMIT
wire_line(verb="a", func=first, options=f"{LIMIT} of {LIMIT:>4}, {LIMIT!r}")
""",
    "an f-string with braces and quotes": """
from linekit import wire_line
from app.functions import first
from app.limits import LIMIT
wire_line(verb="a", func=first, options=f"{{{LIMIT}}} 'x' \\"y\\"")
""",
    "an f-string that calls with a string": """
from linekit import wire_line
from app.functions import first
from app.limits import both
wire_line(verb="a", func=first, options=f"{both('x', 1)!s:>20}|{both()}")
""",
    "a nested format": """
from linekit import wire_line
from app.functions import first
from app.limits import LIMIT
wire_line(verb="a", func=first, options=f"{LIMIT:>{LIMIT}}")
""",
    "a call as a middleware": """
from linekit import wire_line
from app.functions import first
from app.limits import rate_limit
wire_line(verb="a", func=first, middleware=[rate_limit(3)])
""",
    "nested calls": """
from linekit import wire_line
from app.functions import first
from app.limits import both, rate_limit
wire_line(verb="a", func=first, options=both(both(1, a=2), *(3, 4), **{"b": both()}))
""",
    "a classmethod": """
from linekit import wire_line
from app.functions import first
from app.limits import Window
wire_line(verb="a", func=first, options=Window.minute())
""",
    "an instance of a class": """
from linekit import wire_line
from app.functions import first
from app.limits import Window
wire_line(verb="a", func=first, options=Window(5))
""",
    "two functions of one name from two modules": """
from linekit import wire_line
from app.functions import first
from app.more import first as other
wire_line(verb="a", func=first, options=other)
# app/more.py
def first() -> None: ...
""",
    "names of builtins": """
from linekit import wire_line
from app.functions import first
from app.more import list as make
wire_line(verb="a", func=first, options=[make, list, dict(a=1), sorted((2, 1))])
# app/more.py
def list() -> None: ...
""",
    "a name that the generated module has too": """
from linekit import wire_line
from app.functions import first
from app.more import Any, cache, Wiring
wire_line(verb="a", func=first, options=[Any, cache, Wiring])
# app/more.py
class Any: ...
class Wiring: ...
def cache() -> None: ...
""",
    "a module of the name of a function": """
from linekit import wire_line
from app.functions import first
from app.first import marker
wire_line(verb="a", func=first, options=marker)
# app/first.py
marker = object
""",
    "a module as a value": """
from linekit import wire_line
from app.functions import first
from app import limits
wire_line(verb="a", func=first, options=limits.LIMIT, tags=["x"])
""",
    "a re-export": """
from linekit import wire_line
from app.api import first
wire_line(verb="a", func=first)
# app/api.py
from app.functions import first as first
""",
    "a shared value": """
from linekit import wire_line
from app.functions import first
from app.limits import rate_limit
limiter = rate_limit(3)
wire_line(verb="a", func=first, middleware=[limiter])
wire_line(verb="b", func=first, middleware=[limiter])
""",
    "two shared values that look alike": """
from linekit import wire_line
from app.functions import first
from app.limits import rate_limit
one = rate_limit(3)
two = rate_limit(3)
wire_line(verb="a", func=first, middleware=[one, two])
wire_line(verb="b", func=first, middleware=[two])
""",
    "a shared value of shared values": """
from linekit import wire_line
from app.functions import first
from app.limits import rate_limit
limiter = rate_limit(3)
group = [limiter]
wire_line(verb="a", func=first, middleware=group)
wire_line(verb="b", func=first, middleware=[limiter])
""",
    "an empty value that wirings share": """
from linekit import wire_line
from app.functions import first
from app.limits import both
seen = {}
wire_line(verb="a", func=first, options=both(seen, names=[]))
wire_line(verb="b", func=first, options=both(seen))
""",
    "a shared value of several kinds": """
from linekit import wire_line
from pikku_core import tag_middleware
from app.functions import first
from app.limits import rate_limit
limiter = rate_limit(3)
wire_line(verb="a", func=first, middleware=[limiter])
tag_middleware("users", [limiter])
""",
    "declarations without a function": """
from linekit import declare_line
from app.limits import LIMIT, both
declare_line("one", LIMIT, both(1), named=[LIMIT])
declare_line("two")
""",
    "global and tag middleware": """
from pikku_core import global_middleware, tag_middleware
from app.limits import log, rate_limit
global_middleware([log])
global_middleware([rate_limit(5)])
tag_middleware("users", [log, rate_limit(2, name="users")])
""",
    "global and tag permissions": """
from pikku_core import global_permissions, tag_permissions
from app.more import allowed, owner
global_permissions([allowed])
tag_permissions("users", {"owner": owner, "both": [allowed, owner]})
# app/more.py
from pikku_core import pikku_permission
@pikku_permission
async def allowed() -> bool: return True
@pikku_permission
async def owner() -> bool: return True
""",
    "permissions of a wiring": """
from linekit import wire_line
from app.functions import first
from app.more import allowed
wire_line(verb="a", func=first, permissions={"any": [allowed]}, auth=True, scopes=["x:read"], tags=["t"])
# app/more.py
from pikku_core import pikku_permission
@pikku_permission
async def allowed() -> bool: return True
""",
    "a name that only type checkers see": """
from __future__ import annotations
from typing import TYPE_CHECKING
from linekit import wire_line
from app.functions import first
if TYPE_CHECKING:
    from app.nowhere import Missing
def helper(value: Missing) -> None: ...
wire_line(verb="a", func=first)
""",
}


@pytest.mark.parametrize("case", CASES)
def test_generated_files_declare(case: str, declares_the_same: Declares) -> None:
    declares_the_same(FUNCTIONS + CASES[case])


def by_id(declarations: list[Declaration]) -> dict[str, Any]:
    return {each.id: each for each in declarations if isinstance(each, Wiring)}


def test_ids_that_read_alike_keep_their_own_wirings(declares_the_same: Declares) -> None:
    sides = declares_the_same(
        FUNCTIONS
        + """
from linekit import wire_line
from app.functions import first, second
wire_line(verb="get:/users/{id}", func=first)
wire_line(verb="get:/users/id", func=second)
"""
    )
    found = by_id(sides.generated)
    assert found["line:get:/users/{id}"].func.__name__ == "first"
    assert found["line:get:/users/id"].func.__name__ == "second"


def test_a_shared_limiter_is_one_object(declares_the_same: Declares) -> None:
    sides = declares_the_same(FUNCTIONS + CASES["a shared value of several kinds"])
    tagged = next(each for each in sides.generated if not isinstance(each, Wiring))
    wired = by_id(sides.generated)["line:a"]
    assert tagged.middleware[0] is wired.middleware[0]


def test_limiters_of_two_lines_are_two_objects(declares_the_same: Declares) -> None:
    sides = declares_the_same(
        FUNCTIONS
        + """
from linekit import wire_line
from app.functions import first
from app.limits import rate_limit
wire_line(verb="a", func=first, middleware=[rate_limit(3)])
wire_line(verb="b", func=first, middleware=[rate_limit(3)])
"""
    )
    found = by_id(sides.generated)
    assert found["line:a"].middleware[0] is not found["line:b"].middleware[0]


def test_the_wiring_module_is_not_imported(declares_the_same: Declares) -> None:
    sides = declares_the_same(FUNCTIONS + CASES["a shared value"])
    assert "app.wirings" not in sides.modules
    assert "app.functions" in sides.modules


def test_wirings_over_several_modules_are_all_there(declares_the_same: Declares) -> None:
    sides = declares_the_same(
        FUNCTIONS
        + """
from linekit import wire_line
from app.functions import first
import app.more_wirings
wire_line(verb="a", func=first)
# app/more_wirings.py
from linekit import wire_line
from app.functions import first
wire_line(verb="b", func=first)
"""
    )
    assert by_id(sides.generated).keys() == {"line:a", "line:b"}
