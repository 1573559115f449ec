"""Every diagnostic at its exact place. `|N|` marks the lines where one is expected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = """\
from __future__ import annotations
from typing import TYPE_CHECKING, Any, TypeVar
from functools import cache, partial
from collections.abc import AsyncIterator, Callable
from pikku_core import (
    Next, Rpc, SyncRpc, pikku_config, pikku_func, pikku_middleware, pikku_permission, pikku_service,
    pikku_session, pikku_sessionless_func, global_middleware, tag_permissions, wire_addon,
)
from pikku_http import Http, SyncHttp, http_middleware, wire_http, wire_stream
from pikku_queue import Job, wire_queue_worker
@pikku_sessionless_func
async def f() -> None: ...
@pikku_middleware
async def timing(next: Next) -> Any: ...
@pikku_permission
async def allowed() -> bool: ...
"""

CASES: dict[str, str] = {
    # declaring calls
    "no route": 'wire_http(method="get", func=f)  # PKU111',
    "no function": 'wire_http(method="get", route="/")  # PKU236',
    "a route of a call": 'wire_http(\n    method="get",\n    route=str(1),  # PKU118\n    func=f,\n)',
    "a route of a comprehension": 'wire_http(method="get", func=f,\n    route="".join(x for x in "ab"))  # PKU118',
    "a route that is a subscript": 'ROUTES = ["/"]\nwire_http(method="get", func=f, route=ROUTES[0])  # PKU118',
    "a route with an operator": 'P = "/a"\nwire_http(method="get", func=f, route=P + "/b")  # PKU118',
    "a route of another type": 'wire_http(method="get", route=b"/", func=f)  # PKU124',
    "a bool for a string": 'wire_http(method=True, route="/", func=f)  # PKU124',
    "auth that is no bool": 'wire_http(method="get", route="/", func=f, auth="no")  # PKU124',
    "auth that is computed": 'wire_http(method="get", route="/", func=f, auth=bool(1))  # PKU118',
    "tags that are a string": 'wire_http(method="get", route="/", func=f,\n  tags="a")  # PKU247',
    "tags with a number": 'wire_http(method="get", route="/", func=f, tags=["a", 1])  # PKU247',
    "tags of a comprehension": 'wire_http(method="get", route="/", func=f, tags=[x for x in "ab"])  # PKU247',
    "scopes of a call": 'wire_http(method="get", route="/", func=f, scopes=list("ab"))  # PKU247',
    "a lambda": 'wire_http(method="get", route="/", func=lambda: None)  # PKU236',
    "a partial": 'wire_http(method="get", route="/", func=partial(f))  # PKU236',
    "a named partial": 'g = partial(f)\nwire_http(method="get", route="/", func=g)  # PKU236',
    "a method": 'class C:\n    def m(self): ...\nwire_http(method="get", route="/", func=C.m)  # PKU236',
    "a method of a value": 'class C:\n    def m(self): ...\nc = C()\nwire_http(method="get", route="/", func=c.m)  # PKU236',
    "a class": 'class C: ...\nwire_http(method="get", route="/", func=C)  # PKU236',
    "an undefined function": 'wire_http(method="get", route="/", func=nobody)  # PKU236',
    "a string for a function": 'wire_http(method="get", route="/", func="f")  # PKU236',
    "a module for a function": 'import app\nwire_http(method="get", route="/", func=app)  # PKU236',
    "an unmarked function": 'def g(): ...\nwire_http(method="get", route="/", func=g)  # PKU559',
    "a function bound below": 'wire_http(method="get", route="/", func=g)  # PKU236\n@pikku_func\nasync def g() -> None: ...',
    "a function of a conditional expression": 'wire_http(method="get", route="/", func=f if f else f)  # PKU236',
    "auth=False with a session": '@pikku_func\nasync def g() -> None: ...\nwire_http(method="get", route="/", func=g,\n    auth=False)  # PKU573',
    "keywords that are spread": 'O = {"func": f}\nwire_http(method="get", route="/",\n  **O)  # PKU762',
    "arguments that are spread": 'O = ["/", [timing]]\nhttp_middleware(*O)  # PKU762',
    "an unknown option": 'wire_http(method="get", route="/", func=f,\n    colour=1)  # PKU761',
    "too many positional arguments": 'http_middleware("/", [timing], 1)  # PKU761',
    "a positional argument for a keyword": 'wire_http("get", route="/", func=f)  # PKU761',
    "an argument given twice": 'http_middleware("/",\n  pattern="/")  # PKU761',
    "two wirings of one route": 'wire_http(method="get", route="/", func=f)\nwire_http(method="get", route="/", func=f)  # PKU726',
    # where a declaring call stands
    "in a function": 'def wire():\n    wire_http(method="get", route="/", func=f)  # PKU702',
    "in an async function": 'async def wire():\n    x = wire_http(method="get", route="/", func=f)  # PKU702',
    "in a class": 'class C:\n    wire_http(method="get", route="/", func=f)  # PKU702',
    "in a lambda": 'w = lambda: wire_http(method="get", route="/", func=f)  # PKU702',
    "in a list": 'W = [\n    wire_http(method="get", route="/", func=f),  # PKU702\n]',
    "in a comprehension": 'W = [wire_http(method="get", route=r, func=f) for r in "ab"]  # PKU702',
    "in an argument": 'print(wire_http(method="get", route="/", func=f))  # PKU702',
    "in a return": 'def wire():\n    return wire_http(method="get", route="/", func=f)  # PKU702',
    "in a for loop": 'for r in "ab":\n    wire_http(method="get", route=r, func=f)  # PKU703',
    "in a while loop": 'while True:\n    wire_http(method="get", route="/", func=f)  # PKU703',
    "in a loop in a function": 'def wire():\n    for r in "ab":\n        wire_http(method="get", route=r, func=f)  # PKU702',
    "under if": 'if 1:\n    wire_http(method="get", route="/", func=f)  # PKU704',
    "under else": 'if 1:\n    pass\nelse:\n    wire_http(method="get", route="/", func=f)  # PKU704',
    "under the main guard": 'if __name__ == "__main__":\n    wire_http(method="get", route="/", func=f)  # PKU704',
    "in try": 'try:\n    wire_http(method="get", route="/", func=f)  # PKU704\nfinally:\n    pass',
    "in with": 'with open("x"):\n    wire_http(method="get", route="/", func=f)  # PKU704',
    "in match": 'match 1:\n    case 1:\n        wire_http(method="get", route="/", func=f)  # PKU704',
    "under TYPE_CHECKING": 'if TYPE_CHECKING:\n    wire_http(method="get", route="/", func=f)  # PKU704',
    "an alias in a function": 'w = wire_http\ndef wire():\n    w(method="get", route="/", func=f)  # PKU702',
    "a module's attribute in a function": 'import pikku_http\ndef wire():\n    pikku_http.wire_http(method="get", route="/", func=f)  # PKU702',
    "imported in the function": 'def wire():\n    from pikku_http import wire_http\n    wire_http(method="get", route="/", func=f)  # PKU702',
    "handed on": 'get = partial(wire_http, method="get")  # PKU702',
    # marks
    "a method is marked": 'class C:\n    @pikku_func\n    async def m(self) -> None: ...  # PKU760',
    "a nested function is marked": 'def outer():\n    @pikku_func\n    async def inner() -> None: ...  # PKU760',
    "a conditional function is marked": 'if 1:\n    @pikku_func\n    async def g() -> None: ...  # PKU760',
    "a function in a loop is marked": 'for i in "ab":\n    @pikku_func\n    async def g() -> None: ...  # PKU760',
    "a nested service": 'def outer():\n    @pikku_service\n    def inner() -> int: ...  # PKU760',
    "a class is marked as a function": '@pikku_func\nclass C: ...  # PKU760',
    "a function is marked as the session": '@pikku_session\ndef session() -> None: ...  # PKU760',
    "a mark called as a function": 'async def g() -> None: ...\nh = pikku_func(g)  # PKU760',
    "a mark kept for later": 'mine = pikku_func(tags=["a"])  # PKU760\n@mine\nasync def g() -> None: ...',
    "a mark handed on": 'def apply(): return map(pikku_func, [])  # PKU760',
    "two marks": '@pikku_func\n@pikku_sessionless_func  # PKU760\nasync def g() -> None: ...',
    "an unknown option of a mark": '@pikku_func(titel="x")  # PKU761\nasync def g() -> None: ...',
    "scopes without a session": '@pikku_sessionless_func(\n    scopes=["a"],  # PKU761\n)\nasync def g() -> None: ...',
    "an option of a mark by position": '@pikku_func("x")  # PKU761\nasync def g() -> None: ...',
    "options of a mark that are spread": 'O = {}\n@pikku_func(**O)  # PKU762\nasync def g() -> None: ...',
    "a title that is computed": '@pikku_func(title="a".title())  # PKU118\nasync def g() -> None: ...',
    "a title of another type": '@pikku_func(title=1)  # PKU124\nasync def g() -> None: ...',
    "expose of another type": '@pikku_func(expose="yes")  # PKU124\nasync def g() -> None: ...',
    "tags of a mark that are a string": '@pikku_func(tags="users")  # PKU247\nasync def g() -> None: ...',
    "a name with a space": '@pikku_func(name="a b")\nasync def g() -> None: ...  # PKU124',
    "a name with two underscores": '@pikku_func\nasync def __init__() -> None: ...  # PKU124',
    "a name with a colon": '@pikku_func(name="a:b")\nasync def g() -> None: ...  # PKU124',
    "a custom decorator above": '@cache  # PKU705\n@pikku_func\nasync def g() -> None: ...',
    "a custom decorator below": '@pikku_func\n@cache  # PKU705\nasync def g() -> None: ...',
    "two functions of one name": '@pikku_func\nasync def g() -> None: ...\n@pikku_func(name="g")\nasync def h() -> None: ...  # PKU851',
    # signatures
    "data without a type": '@pikku_func\nasync def g(\n    data,  # PKU709\n) -> None: ...',
    "a positional service": '@pikku_service\ndef db() -> int: ...\n@pikku_func\nasync def g(data: str,\n    db: int,  # PKU706\n) -> None: ...',
    "a service where the data stands": '@pikku_service\ndef db() -> int: ...\n@pikku_func\nasync def g(db: int) -> None: ...  # PKU706',
    "a wire thing where the data stands": '@pikku_func\nasync def g(session: int) -> None: ...  # PKU706',
    "a positional service of a service": '@pikku_service\ndef db() -> int: ...\n@pikku_service\ndef pool(db: int) -> int: ...  # PKU706',
    "a positional service of middleware": '@pikku_middleware\nasync def m(next: Next, logger: int) -> Any: ...  # PKU706',
    "star args": '@pikku_func\nasync def g(*args: int) -> None: ...  # PKU707',
    "star kwargs": '@pikku_service\ndef g(\n    **kwargs: int,  # PKU707\n) -> int: ...',
    "all services": 'from pikku_app import Services\n@pikku_func\nasync def g(services: Services, data: str) -> None: ...  # PKU410',
    "a type variable": 'T = TypeVar("T")\n@pikku_func\nasync def g(data: T) -> None: ...  # PKU763',
    "a type variable in the result": 'T = TypeVar("T")\n@pikku_func\nasync def g() -> list[T]: ...  # PKU763',
    "an unknown type": '@pikku_func\nasync def g(data: Nobody) -> None: ...  # PKU712',
    "an unknown type in a string": '@pikku_func\nasync def g(data: "list[Nobody]") -> None: ...  # PKU712',
    "a type that is no type": '@pikku_func\nasync def g(data: "1 +") -> None: ...  # PKU711',
    "an annotation with a lambda": 'from typing import Annotated\n@pikku_func\nasync def g(data: Annotated[int, lambda: 1]) -> None: ...  # PKU711',
    # services
    "a missing service": '@pikku_func\nasync def g(*,\n    nothing: int,  # PKU732\n) -> None: ...',
    "a missing configuration": '@pikku_func\nasync def g(*, config: int) -> None: ...  # PKU732',
    "secrets": '@pikku_func\nasync def g(*, secrets: int) -> None: ...  # PKU950',
    "a missing service of a service": '@pikku_service\ndef db(*, nothing: int) -> int: ...  # PKU732',
    "a missing service of middleware": '@pikku_middleware\nasync def m(next: Next, *, nothing: int) -> Any: ...  # PKU732',
    "a service under a reserved name": '@pikku_service\ndef rpc() -> int: ...  # PKU730',
    "a service with a reserved name": '@pikku_service(name="session")\ndef s() -> int: ...  # PKU730',
    "a service that no parameter can name": '@pikku_service(name="a-b")\ndef s() -> int: ...  # PKU124',
    "a scope that is none": '@pikku_service(scope="request")  # PKU124\ndef s() -> int: ...',
    "two services": '@pikku_service\ndef db() -> int: ...\n@pikku_service(name="db")\ndef pool() -> int: ...  # PKU731',
    "two sessions": '@pikku_session\nclass A: ...\n@pikku_session\nclass B: ...  # PKU725',
    "two configurations": '@pikku_config\nclass A: ...\n@pikku_config\ndef config() -> A: ...  # PKU725',
    "a circle of services": '@pikku_service\ndef a(*, b: int) -> int: ...  # PKU733\n@pikku_service\ndef b(*, a: int) -> int: ...',
    "a service that needs itself": '@pikku_service\ndef a(*, a: int) -> int: ...  # PKU733',
    "a singleton on a call service": '@pikku_service(scope="call")\ndef a() -> int: ...\n@pikku_service\ndef b(*,\n    a: int) -> int: ...  # PKU734',
    "a singleton on a wire thing": '@pikku_service\ndef a(*, http: SyncHttp | None = None) -> int: ...  # PKU753',
    "a singleton on rpc": '@pikku_service\ndef a(*, rpc: SyncRpc) -> int: ...  # PKU753',
    "a configuration on a service": '@pikku_service\ndef a() -> int: ...\n@pikku_config\ndef config(*, a: int) -> int: ...  # PKU753',
    "middleware on a call service": '@pikku_service(scope="call")\ndef a() -> int: ...\n@pikku_middleware\nasync def m(next: Next, *, a: int) -> Any: ...  # PKU735',
    "a permission on a call service": '@pikku_service(scope="call")\ndef a() -> int: ...\n@pikku_permission\nasync def p(*, a: int) -> bool: ...  # PKU735',
    # wire things
    "a session in a sessionless function": '@pikku_sessionless_func\nasync def g(*, session: int) -> None: ...  # PKU751',
    "a session in a call service of a sessionless function": '@pikku_service(scope="call")\ndef a(*, session: int) -> int: ...  # PKU751\n@pikku_sessionless_func\nasync def g(*, a: int) -> None: ...',
    "a session in middleware": '@pikku_middleware\nasync def m(next: Next, *, session: int | None = None) -> Any: ...  # PKU751',
    "a wire thing of another kind": '@pikku_func\nasync def g(*,\n    job: Job) -> None: ...  # PKU750\nwire_http(method="get", route="/", func=g)',
    "a wire thing of another kind through rpc": '@pikku_func\nasync def g(*, job: Job) -> None: ...  # PKU750\n@pikku_func\nasync def h(*, rpc: Rpc) -> None:\n    await rpc.g()\nwire_http(method="get", route="/", func=h)',
    "a wire thing of an exposed function": '@pikku_func(expose=True)\nasync def g(*, http: Http) -> None: ...  # PKU750\nwire_http(method="get", route="/", func=g)',
    "a wire thing through rpc of an exposed function": '@pikku_func\nasync def g(*, job: Job) -> None: ...  # PKU750\n@pikku_func(expose=True)\nasync def h(*, rpc: Rpc) -> None:\n    await rpc.g()',
    "a wire thing in the middleware of an exposed function": '@pikku_middleware\nasync def m(next: Next, *, http: Http) -> Any: ...  # PKU750\n@pikku_func(expose=True, middleware=[m])\nasync def g() -> None: ...',
    "a wire thing in global middleware of an exposed function": '@pikku_middleware\nasync def m(next: Next, *, http: Http) -> Any: ...  # PKU750\nglobal_middleware([m])\n@pikku_func(expose=True)\nasync def g() -> None: ...',
    "a wire thing of another kind in a call service": '@pikku_service(scope="call")\ndef a(*, job: Job) -> int: ...  # PKU750\n@pikku_func\nasync def g(*, a: int) -> None: ...\nwire_http(method="get", route="/", func=g)',
    "a wire thing of another kind in global middleware": '@pikku_middleware\nasync def m(next: Next, *, http: Http) -> Any: ...  # PKU750\nglobal_middleware([m])\nwire_queue_worker(name="q", func=f)',
    "a wire thing of another kind in a wiring's middleware": '@pikku_middleware\nasync def m(next: Next, *, http: Http) -> Any: ...  # PKU750\nwire_queue_worker(name="q", func=f, middleware=[m])',
    "a wire thing of another kind in a tag's permission": '@pikku_permission\nasync def p(*, http: Http) -> bool: ...  # PKU750\ntag_permissions("a", [p])\nwire_queue_worker(name="q", func=f, tags=["a:b"])',
    "async rpc in a sync function": '@pikku_func\ndef g(*, rpc: Rpc) -> None: ...  # PKU752',
    "sync rpc in an async function": '@pikku_func\nasync def g(*, rpc: SyncRpc) -> None: ...  # PKU752',
    "optional async rpc in a sync function": '@pikku_func\ndef g(*, rpc: Rpc | None = None) -> None: ...  # PKU752',
    "an async transport thing in a sync function": '@pikku_func\ndef g(*, http: Http | None = None) -> None: ...  # PKU752',
    "a generator where nothing streams": '@pikku_func\nasync def g() -> AsyncIterator[int]:\n    yield 1\nwire_queue_worker(name="q", func=g)  # PKU708',
    "a sync generator where nothing streams": '@pikku_func\ndef g():\n    yield 1\nwire_queue_worker(name="q", func=g)  # PKU708',
    # middleware and permissions
    "sync middleware": '@pikku_middleware\ndef m(next: Next) -> Any: ...  # PKU754',
    "middleware without next": '@pikku_middleware\nasync def m() -> Any: ...  # PKU755',
    "unmarked middleware": 'async def m(next: Next) -> Any: ...\nhttp_middleware("/", [m])  # PKU559',
    "a permission as middleware": 'http_middleware("/", [allowed])  # PKU559',
    "a factory that is not called": 'def make():\n    @pikku_middleware\n    async def m(next: Next) -> Any: ...\n    return m\nhttp_middleware("/", [make])  # PKU559',
    "a factory without marked function": 'def make(): ...\nhttp_middleware("/", [make()])  # PKU559',
    "a literal as middleware": 'http_middleware("/", ["timing"])  # PKU559',
    "unmarked permission of a function": 'def p() -> bool: ...\n@pikku_func(permissions=[p])  # PKU559\nasync def g() -> None: ...',
    "a permission for other data": '@pikku_permission\nasync def p(data: int) -> bool: ...\n@pikku_func(permissions=[p])\nasync def g(data: str) -> None: ...  # PKU727',
    "a permission for data of a function without": '@pikku_permission\nasync def p(data: int) -> bool: ...\nwire_http(method="get", route="/", func=f, permissions=[p])  # PKU727',
    "a permission without data type": '@pikku_permission\nasync def p(data) -> bool: ...  # PKU709',
    # rpc
    "rpc to nobody": '@pikku_func\nasync def g(*, rpc: Rpc) -> None:\n    await rpc.nobody()  # PKU559',
    "rpc.invoke of nobody": '@pikku_func\nasync def g(*, rpc: Rpc) -> None:\n    await rpc.invoke("nobody")  # PKU559',
    "rpc.invoke of a variable": '@pikku_func\nasync def g(data: str, *, rpc: Rpc) -> None:\n    await rpc.invoke(data)  # PKU411',
    "rpc handed on": '@pikku_func\nasync def g(*, rpc: Rpc) -> None:\n    print(rpc)  # PKU411',
    "rpc names that clash": '@pikku_func(name="a@b")\nasync def g() -> None: ...\n@pikku_func\nasync def a_b() -> None: ...  # PKU728',
    # names
    "a comprehension": 'http_middleware("/", [m for m in [timing]])  # PKU711',
    "an assignment expression": 'http_middleware("/", (m := [timing]))  # PKU711',
    "an attribute of a call": 'http_middleware("/", dict().get)  # PKU711',
    "a call of a call": 'http_middleware("/", [cache(f)(1)])  # PKU711',
    "a value that is a comprehension": 'M = [m for m in [timing]]\nhttp_middleware("/", M)  # PKU711',
    "a name of a conditional import": 'try:\n    from app.x import g\nexcept ImportError:\n    g = f\nwire_http(method="get", route="/", func=g)  # PKU710',
    "a name of a loop": 'for M in [[timing]]:\n    pass\nhttp_middleware("/", M)  # PKU710',
    "a name bound twice": 'g = f\ng = timing\nwire_http(method="get", route="/", func=g)  # PKU710',
    "a name of a with statement": 'with open("x") as M:\n    pass\nhttp_middleware("/", M)  # PKU710',
    "a name that a function rebinds": 'M = [timing]\ndef change():\n    global M\n    M = []\nhttp_middleware("/", M)  # PKU710',
    "a name of an assignment expression": 'print(M := [timing])\nhttp_middleware("/", M)  # PKU710',
    "a name that is unpacked": 'M, N = [timing], 1\nhttp_middleware("/", M)  # PKU710',
    "a name that is deleted": 'M = [timing]\ndel M\nM = [timing]\nhttp_middleware("/", M)  # PKU710',
    "a name that is augmented": 'M = [timing]\nM += [timing]\nhttp_middleware("/", M)  # PKU710',
    "a name for type checkers": 'if TYPE_CHECKING:\n    from app.other import g\nwire_http(method="get", route="/", func=g)  # PKU713',
    "a name that is changed": 'M = [timing]\nM.append(timing)\nhttp_middleware("/", M)  # PKU716',
    "a name whose item is set": 'M = [timing]\nM[0] = timing\nhttp_middleware("/", M)  # PKU716',
    "a name changed in a loop": 'M = [timing]\nfor i in "ab":\n    M.append(timing)\nhttp_middleware("/", M)  # PKU716',
    "a name bound below": 'http_middleware("/", M)  # PKU712\nM = [timing]',
    "a wiring as a decorator": '@wire_http(method="get", route="/")  # PKU702\nasync def g() -> None: ...',
    "a renamed wiring under a condition": 'try:\n    from pikku_http import wire_http as w\nexcept ImportError:\n    w = None\nw(method="get", route="/", func=f)  # PKU710',
    "a renamed decorator under a condition": 'try:\n    from pikku_core import pikku_func as p\nexcept ImportError:\n    p = None\n@p  # PKU710\nasync def g() -> None: ...',
    "a decorator that is bound again": 'from pikku_core import pikku_func as p\n@p  # PKU710\nasync def g() -> None: ...\np = 1',
    "a function that is bound again": '@pikku_func\nasync def g() -> None:  # PKU710\n    ...\ng = f',
    "a function that is defined again": '@pikku_func\nasync def g() -> None:  # PKU710\n    ...\nasync def g() -> None: ...',
    "a function that is deleted": '@pikku_func\nasync def g() -> None:  # PKU710\n    ...\ndel g',
    "a function bound again under a condition": '@pikku_func\nasync def g() -> None:  # PKU710\n    ...\nif f:\n    g = f',
    "two functions of one name with ids": '@pikku_func(name="a")\nasync def _() -> None:  # PKU710\n    ...\n@pikku_func(name="b")\nasync def _() -> None:  # PKU710\n    ...',
    "a function for type checkers": 'if TYPE_CHECKING:\n    @pikku_func\n    async def g() -> None:  # PKU713\n        ...',
    "a service that is bound again": '@pikku_service\ndef db() -> int:  # PKU710\n    return 1\ndb = f',
    "an attribute set by name": 'class C: ...\nc = C()\nsetattr(c, "m", timing)\nhttp_middleware("/", [c])  # PKU716',
    "an attribute of a module that is set": 'import app.main as o\no.f = timing\nwire_http(method="get", route="/", func=o.f)  # PKU716',
    "an attribute of a module imported beside another": 'import app.one, app.main\napp.main.f = app.one.f\nwire_http(method="get", route="/", func=app.main.f)  # PKU716\n# app/one.py\nfrom pikku_core import pikku_func\n@pikku_func\nasync def h() -> None: ...',
    "a name changed by an assigned call": 'M = [timing]\nx = M.append(timing)\nhttp_middleware("/", M)  # PKU716',
    "a name changed by a function that is called": 'M = [timing]\ndef add():\n    M.append(timing)\nadd()\nhttp_middleware("/", M)  # PKU716',
    "a name changed by a function of a function": 'M = [timing]\ndef add():\n    M.append(timing)\ndef both():\n    add()\nx = both()\nhttp_middleware("/", M)  # PKU716',
    "a name changed by a decorator": 'M = [timing]\n@M.append\ndef add(): ...\nhttp_middleware("/", M)  # PKU716',
    "permissions for a tag that nothing has": '@pikku_func(tags=["admin:users"])\nasync def g() -> None: ...\ntag_permissions("admin", [allowed])\ntag_permissions("admni", [allowed])  # PKU767',
    "permissions for a tag below one": '@pikku_func(tags=["admin"])\nasync def g() -> None: ...\ntag_permissions("admin:users", [allowed])  # PKU767',
    "permissions for the tag of a wiring": 'wire_http(method="get", route="/", func=f, tags=["a"])\ntag_permissions("a", [allowed])\ntag_permissions("b", [allowed])  # PKU767',
    "a name that core does not have": 'from pikku_core import tag_permission  # PKU765\ntag_permission("a", [allowed])',
    "a name that an attribute of core does not have": 'import pikku_core\npikku_core.tag_permission("a", [allowed])  # PKU765',
    "a decorator that core does not have": 'from pikku_core import pikku_sesionless_func  # PKU765\n@pikku_sesionless_func\nasync def g() -> None: ...\nwire_http(method="get", route="/", func=g)',
    "a decorator of an attribute that core does not have": 'import pikku_core as core\n@core.pikku_servce  # PKU765\ndef db() -> int: ...\n@pikku_func\nasync def g(*, db: int) -> None: ...',
    "a wiring that a transport does not have": 'from pikku_http import wire_htp  # PKU765\nwire_htp(method="get", route="/", func=f)',
    "a wiring that a transport without source does not have": 'from pikku_queue import wire_queue_wroker  # PKU765\nwire_queue_wroker(name="q", func=f)',
    "middleware whose decorator is not there": 'from pikku_core import pikku_midleware  # PKU765\n@pikku_midleware\nasync def m(next: Next) -> Any: ...\nhttp_middleware("/", [m])',
    "a module that is not there": 'from app.mian import g, T  # PKU766\nwire_http(method="get", route="/", func=g)\n@pikku_func\nasync def h(data: T) -> None: ...',
    "a relative module that is not there": 'from .mian import g  # PKU766\nwire_http(method="get", route="/", func=g)',
    "a relative import beyond the top": 'from ..x import y  # PKU714',
    "an addon that is not installed": 'wire_addon(name="a", package="nowhere")  # PKU340',
    "an addon with an odd name": 'wire_addon(name="a-b", package="nowhere")  # PKU124',
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_diagnostic_stands_at_its_line(name: str, found_in: Callable[[str], list[str]]) -> None:
    source = HEAD + CASES[name] + "\n"
    expected = [
        f"{match[1]} app/main.py:{number}"
        for number, line in enumerate(source.splitlines(), 1)
        if (match := re.search(r"# (PKU\d+)$", line))
    ]
    assert expected
    assert found_in(source) == expected
