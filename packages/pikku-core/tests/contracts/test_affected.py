"""Everything that relies on a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.contracts.affected import affected_by
from pikku_core.contracts.check import Finding
from pikku_core.plugin.diagnostics import Location
from pikku_core.plugin.expression import Call, Name
from pikku_core.plugin.model import (
    CallableKind,
    CallableModel,
    FunctionModel,
    Project,
    ServiceModel,
    WiringModel,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def function(
    id_: str, line: int, *, rpc: Sequence[str] = (), expose: bool = False
) -> FunctionModel:
    return FunctionModel(
        id=id_,
        origin=Name("app", id_),
        location=Location("app.py", line),
        kind=CallableKind.ASYNC,
        needs_session=False,
        rpc=tuple(rpc),
        expose=expose,
    )


def wiring(id_: str, line: int, of: str) -> WiringModel:
    call = Call(Name("line", "wire_line"), ())
    return WiringModel(
        kind="line", id=id_, call=call, location=Location("wirings.py", line), function=of
    )


PROJECT = Project(
    functions={
        one.id: one
        for one in (
            function("create", 1, rpc=["issue"]),
            function("issue", 2, rpc=["create", "issue"], expose=True),
            function("report", 3, rpc=["issue"]),
            function("ping", 4),
        )
    },
    services={
        "warm": ServiceModel(
            id="warm",
            origin=Name("app", "warm"),
            location=Location("app.py", 5),
            kind=CallableKind.ASYNC,
            scope="singleton",
            rpc=("report",),
        )
    },
    callables={
        "app:audit": CallableModel(
            origin=Name("app", "audit"),
            qualname="audit",
            location=Location("app.py", 6),
            kind=CallableKind.ASYNC,
            rpc=("create",),
        )
    },
    wirings=(
        wiring("line:b", 9, "create"),
        wiring("line:a", 8, "create"),
        wiring("line:report", 7, "report"),
        wiring("line:ping", 1, "ping"),
    ),
)


def test_wirings_and_callers_are_found_nearest_first_and_once() -> None:
    found = affected_by("create", PROJECT)
    assert [(one.kind, one.id, one.through, str(one.location)) for one in found] == [
        ("wiring", "line:a", "create", "wirings.py:8"),
        ("wiring", "line:b", "create", "wirings.py:9"),
        ("function", "issue", "create", "app.py:2"),
        ("callable", "app:audit", "create", "app.py:6"),
        ("client", "issue", "issue", "app.py:2"),
        ("function", "create", "issue", "app.py:1"),
        ("function", "report", "issue", "app.py:3"),
        ("wiring", "line:report", "report", "wirings.py:7"),
        ("service", "warm", "report", "app.py:5"),
    ]


def test_a_function_on_which_nothing_relies_affects_nothing() -> None:
    project = Project(functions={"ping": function("ping", 1)})
    assert affected_by("ping", project) == ()


def test_their_places_are_related_to_the_diagnostic() -> None:
    found = Finding(
        code="PKU861",
        message="m",
        hint="",
        location=None,
        affected=affected_by("report", PROJECT),
    )
    assert [str(place) for place in found.diagnostic().related] == ["wirings.py:7", "app.py:5"]
