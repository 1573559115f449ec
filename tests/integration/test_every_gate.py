"""Every combination of what a function and its wiring ask of who calls, against a model of a few lines."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import pytest

from pikku_core import PikkuError

if TYPE_CHECKING:
    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

GROUPS = {
    "": True,
    "[yes]": True,
    "[yes, no]": False,
    '{"first": no, "second": [yes, yes]}': True,
    '{"first": no, "second": [yes, no]}': False,
}
SESSIONS = {"": None, "plain": set[str](), "writer": {"write"}, "all": {"read", "write"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a function and its wiring ask for."""

    number: int
    needs_session: bool
    scopes: tuple[str, ...]
    permissions: str
    auth: bool | None
    wiring_scopes: tuple[str, ...]
    wiring_permissions: str

    def function(self) -> str:
        """The function's source."""
        options = [f"permissions={self.permissions}"] if self.permissions else []
        options += [f"scopes={list(self.scopes)}"] if self.scopes else []
        mark = "pikku_func" if self.needs_session else "pikku_sessionless_func"
        return (
            f'@{mark}({", ".join(options)})\nasync def f{self.number}() -> str:\n    return "ok"\n'
        )

    def wiring(self) -> str:
        """The wiring's source."""
        options = f"auth={self.auth}, scopes={list(self.wiring_scopes)}"
        if self.wiring_permissions:
            options += f", permissions={self.wiring_permissions}"
        route = f'method="get", route="/{self.number}", func=functions.f{self.number}'
        return f"wire_http({route}, {options})\n"

    def status(self, session: set[str] | None, *, through_wiring: bool) -> int:
        """What the answer must be."""
        wiring_scopes = self.wiring_scopes if through_wiring else ()
        auth = self.auth if through_wiring else None
        needed = {*self.scopes, *wiring_scopes}
        if session is None and (self.needs_session or auth or needed):
            return 401
        if not needed <= (session or set()):
            return 403
        allowed = GROUPS[self.permissions]
        if through_wiring:
            allowed = allowed and GROUPS[self.wiring_permissions]
        return 200 if allowed else 403


CASES = [
    Case(
        number=number,
        needs_session=needs_session,
        scopes=scopes,
        permissions=permissions,
        auth=auth,
        wiring_scopes=wiring_scopes,
        wiring_permissions=wiring_permissions,
    )
    for number, (
        (needs_session, scopes),
        permissions,
        auth,
        wiring_scopes,
        wiring_permissions,
    ) in enumerate(
        product(
            [(False, ()), (True, ()), (True, ("read",))],
            GROUPS,
            [None, True],
            [(), ("write",)],
            GROUPS,
        )
    )
]
SESSION = """
    from typing import Any

    from pikku_core import Next, Sessions, pikku_middleware, pikku_permission, pikku_session
    from pikku_http import Http
    from pydantic import BaseModel

    @pikku_session
    class Session(BaseModel):
        scopes: list[str] = []

    @pikku_middleware
    async def sign_in(next: Next, *, sessions: Sessions[Session], http: Http) -> Any:
        scopes = http.header("x-scopes")
        if scopes is not None:
            sessions.set(Session(scopes=scopes.split()))
        return await next()

    @pikku_permission
    async def yes() -> bool:
        return True

    @pikku_permission
    def no() -> bool:
        return False
    """


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    guards = "from app.session import no, sign_in, yes\n"
    functions = f"{guards}from pikku_core import pikku_func, pikku_sessionless_func\n"
    wirings = (
        f"{guards}from app import functions\nfrom pikku_http import http_middleware, wire_http\n"
    )
    files = {
        "app/session.py": SESSION,
        "app/functions.py": functions + "".join(case.function() for case in CASES),
        "app/wirings.py": f'{wirings}http_middleware("*", [sign_in])\n'
        + "".join(case.wiring() for case in CASES),
    }
    return shared_project_of(files)


@pytest.mark.parametrize("session", SESSIONS)
async def test_a_request_passes_exactly_where_all_that_is_asked_for_holds(
    session: str, project: Project
) -> None:
    scopes = SESSIONS[session]
    headers = {} if scopes is None else {"x-scopes": " ".join(sorted(scopes))}
    wrong: list[tuple[Case, int]] = []
    async with project.serve() as client:
        for case in CASES:
            answer = await client.get(f"/{case.number}", headers=headers)
            if answer.status_code != case.status(scopes, through_wiring=True):
                wrong.append((case, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("session", SESSIONS)
async def test_a_call_by_name_passes_exactly_where_all_that_the_function_asks_for_holds(
    session: str, project: Project
) -> None:
    scopes = SESSIONS[session]
    wrong: list[tuple[Case, int]] = []
    async with project.load() as app:
        session_class = importlib.import_module("app.session").Session
        for case in CASES:
            given = None if scopes is None else session_class(scopes=sorted(scopes))
            try:
                await app.invoke(f"f{case.number}", session=given)
                status = 200
            except PikkuError as error:
                status = error.status
            if status != case.status(scopes, through_wiring=False):
                wrong.append((case, status))
    assert wrong == []
