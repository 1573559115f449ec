"""Random projects and filters: what is kept is what a slow reading of the rules keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import event, given
from hypothesis import strategies as st

from pikku_core.plugin.diagnostics import Location
from pikku_core.plugin.expression import Call, Name
from pikku_core.plugin.model import (
    CallableKind,
    CallableModel,
    DeclarationModel,
    FunctionModel,
    Parameter,
    Project,
    ServiceModel,
    WiringModel,
)
from pikku_core.select import FilterError, select
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.plugin.registry import Registry

HERE = Location("app/functions.py", 1)
SETTINGS = Settings(root=Path("/"))
CALL = Call(Name("transport", "wire"), ())

FUNCTIONS = [f"f{number}" for number in range(6)]
SERVICES = [f"s{number}" for number in range(5)]
CALLABLES = [f"c{number}" for number in range(4)]
KEYS = [f"app:{name}" for name in CALLABLES]
TAGS = ["a", "a:b", "c"]
VERBS = ["GO", "GOING", "STOP", "WAIT"]


def some(things: Sequence[str], at_most: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(things), max_size=at_most, unique=True).map(tuple)


@st.composite
def parameters(draw: st.DrawFn) -> tuple[Parameter, ...]:
    names = draw(some([*SERVICES, "logger"], 2))
    return tuple(Parameter(name=name, provider=name) for name in names)


@st.composite
def functions(draw: st.DrawFn, name: str) -> FunctionModel:
    return FunctionModel(
        id=name,
        origin=Name("app.functions", name),
        location=HERE,
        kind=CallableKind.ASYNC,
        needs_session=False,
        parameters=draw(parameters()),
        rpc=draw(some(FUNCTIONS, 2)),
        tags=draw(some(TAGS)),
        expose=draw(st.booleans()),
        middleware=draw(some(KEYS)),
    )


@st.composite
def services(draw: st.DrawFn, name: str) -> ServiceModel:
    return ServiceModel(
        id=name,
        origin=Name("app.services", name),
        location=HERE,
        kind=CallableKind.SYNC,
        scope="singleton",
        parameters=draw(parameters()),
        rpc=draw(some(FUNCTIONS, 2)),
    )


@st.composite
def callables(draw: st.DrawFn, name: str) -> CallableModel:
    return CallableModel(
        origin=Name("app", name),
        qualname=name,
        location=HERE,
        kind=CallableKind.ASYNC,
        parameters=draw(parameters()),
        rpc=draw(some(FUNCTIONS, 2)),
    )


@st.composite
def wirings(draw: st.DrawFn) -> WiringModel:
    kind, verb = draw(st.sampled_from(["line", "queue"])), draw(st.sampled_from(VERBS))
    return WiringModel(
        kind=kind,
        id=f"{kind}:{verb}",
        call=CALL,
        location=HERE,
        meta={"verb": verb} if kind == "line" else {"name": verb},
        function=draw(st.sampled_from(FUNCTIONS)),
        tags=draw(some(TAGS)),
        permissions=draw(some(KEYS)),
    )


@st.composite
def declarations(draw: st.DrawFn) -> DeclarationModel:
    """What is declared for all, for a tag, for lines with a verb, or for all of a queue."""
    kind = draw(st.sampled_from(["middleware", "permissions", "line", "queue"]))
    tag = draw(st.sampled_from(["", *TAGS])) if kind in {"middleware", "permissions"} else ""
    verb = draw(st.sampled_from(VERBS)) if kind == "line" else ""
    keys = draw(some(KEYS))
    return DeclarationModel(
        kind=kind,
        id=f"{kind}:for:{tag}{verb}",
        call=CALL,
        location=HERE,
        tag=tag,
        meta={"pattern": verb},
        middleware=() if kind == "permissions" else keys,
        permissions=keys if kind == "permissions" else (),
    )


@st.composite
def projects(draw: st.DrawFn) -> Project:
    names = FUNCTIONS[: draw(st.integers(1, len(FUNCTIONS)))]
    wired = {each.id: each for each in draw(st.lists(wirings(), max_size=5))}
    kept = [wired[key] for key in sorted(wired) if wired[key].function in names]
    declared = {each.id: each for each in draw(st.lists(declarations(), max_size=4))}
    found = [draw(callables(name)) for name in CALLABLES]
    return Project(
        functions={name: draw(functions(name)) for name in names},
        services={name: draw(services(name)) for name in SERVICES},
        callables={each.key: each for each in found},
        wirings=tuple(kept),
        declarations=(*(declared[key] for key in sorted(declared)), *kept),
        rpc_names={name: name for name in names},
    )


PATTERNS = {
    "names": [*FUNCTIONS, "f*", "*5", "line:*", "GO*", "STOP", "nobody"],
    "tags": [*TAGS, "*", "a:*", "nobody"],
    "verbs": ["go", "go*", "*t", "nobody"],
    "wires": ["line", "queue", "rpc", "*e", "nobody"],
}
FLAGS = [form for name in PATTERNS for form in (name, f"exclude-{name}")]


@st.composite
def filters(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    flags = draw(st.lists(st.sampled_from(FLAGS), min_size=1, max_size=3, unique=True))
    patterns = {flag: st.sampled_from(PATTERNS[flag.removeprefix("exclude-")]) for flag in flags}
    return {
        flag: tuple(draw(st.lists(patterns[flag], min_size=1, max_size=2, unique=True)))
        for flag in flags
    }


def matches(pattern: str, value: str) -> bool:
    """One pattern of a flag on one value."""
    if not pattern:
        return not value
    if pattern[0] == "*":
        return any(matches(pattern[1:], value[at:]) for at in range(len(value) + 1))
    return value[:1] == pattern[0] and matches(pattern[1:], value[1:])


def upwards(tags: tuple[str, ...]) -> set[str]:
    return set(tags) | {tag.rpartition(":")[0] for tag in tags if ":" in tag}


@dataclass(slots=True)
class Oracle:
    """The rules, read slowly: everything is looked at again until nothing more is needed."""

    project: Project
    filters: dict[str, tuple[str, ...]]
    functions: set[str] = field(default_factory=set[str])
    services: set[str] = field(default_factory=set[str])
    callables: set[str] = field(default_factory=set[str])
    wirings: set[str] = field(default_factory=set[str])
    declarations: set[str] = field(default_factory=set[str])

    def run(self) -> bool:
        """Whether anything is left."""
        ways: list[WiringModel | FunctionModel] = [*self.project.wirings]
        wired = {wiring.function for wiring in self.project.wirings}
        ways += [
            each for each in self.project.functions.values() if each.expose or each.id not in wired
        ]
        for flag, patterns in self.filters.items():
            known = [value for way in ways for value in self.values(flag, way) or ()]
            any_matches = any(self.fits(flag, pattern, v) for pattern in patterns for v in known)
            if not flag.startswith("exclude-") and not any_matches:
                return False
        left = [way for way in ways if self.passes(way)]
        for way in left:
            if isinstance(way, WiringModel):
                self.wirings.add(way.id)
            else:
                self.functions.add(way.id)
        before = -1
        while before != self.size():
            before = self.size()
            self.grow()
        return bool(left)

    def size(self) -> int:
        kept = (self.functions, self.services, self.callables, self.declarations)
        return sum(map(len, kept))

    def values(self, flag: str, way: WiringModel | FunctionModel) -> list[str] | None:
        wiring = way if isinstance(way, WiringModel) else None
        function = self.project.functions[wiring.function if wiring else way.id]
        match flag.removeprefix("exclude-"):
            case "wires":
                return [wiring.kind if wiring else "rpc"]
            case "tags":
                return sorted(upwards((*function.tags, *(wiring.tags if wiring else ()))))
            case "verbs":
                is_line = wiring is not None and wiring.kind == "line"
                return [str(wiring.meta["verb"])] if wiring is not None and is_line else None
            case _:
                names = [function.id, wiring.id if wiring else f"rpc:{function.id}"]
                return [*names, wiring.id.partition(":")[2]] if wiring else names

    def fits(self, flag: str, pattern: str, value: str) -> bool:
        folded = flag.endswith("verbs")
        return matches(pattern.lower(), value.lower()) if folded else matches(pattern, value)

    def passes(self, way: WiringModel | FunctionModel) -> bool:
        chosen = False
        for flag, patterns in self.filters.items():
            values = self.values(flag, way)
            hit = any(self.fits(flag, pattern, v) for pattern in patterns for v in values or ())
            if flag.startswith("exclude-"):
                if hit:
                    return False
            elif values is not None:
                if not hit:
                    return False
                chosen = True
        includes = any(not flag.startswith("exclude-") for flag in self.filters)
        return chosen or not includes or isinstance(way, WiringModel)

    def grow(self) -> None:
        project = self.project
        kept_wirings = [wiring for wiring in project.wirings if wiring.id in self.wirings]
        self.functions |= {wiring.function for wiring in kept_wirings}
        kept_functions = [project.functions[name] for name in self.functions]
        tagged: list[WiringModel | FunctionModel] = [*kept_wirings, *kept_functions]
        tags = upwards(tuple(tag for each in tagged for tag in each.tags))
        kinds = {wiring.kind for wiring in project.wirings}
        for each in project.declarations:
            if isinstance(each, WiringModel):
                continue
            own = [wiring for wiring in kept_wirings if wiring.kind == each.kind]
            if each.tag:
                stays = each.tag in tags
            elif each.kind not in kinds:
                stays = True
            elif each.kind == "line":
                stays = any(
                    str(wiring.meta["verb"]).startswith(str(each.meta["pattern"])) for wiring in own
                )
            else:
                stays = bool(own)
            if stays:
                self.declarations.add(each.id)
        named: list[DeclarationModel | FunctionModel] = [
            *kept_wirings,
            *kept_functions,
            *(each for each in project.declarations if each.id in self.declarations),
        ]
        self.callables |= {key for each in named for key in (*each.middleware, *each.permissions)}
        asking: list[FunctionModel | CallableModel | ServiceModel] = [
            *kept_functions,
            *(project.callables[key] for key in self.callables),
            *(project.services[name] for name in self.services),
        ]
        self.functions |= {
            name for each in asking for name in each.rpc if name in project.functions
        }
        self.services |= {
            parameter.provider
            for each in asking
            for parameter in each.parameters
            if parameter.provider in project.services
        }


@given(project=projects(), chosen=filters())
def test_what_is_kept_is_what_the_rules_say(
    registry: Registry, project: Project, chosen: dict[str, tuple[str, ...]]
) -> None:
    oracle = Oracle(project, chosen)
    left = oracle.run()
    event("something is left" if left else "nothing is left")
    try:
        pruned = select(project, chosen, registry=registry, settings=SETTINGS)
    except FilterError:
        assert not left
        return
    assert left
    assert set(pruned.functions) == oracle.functions == set(pruned.rpc_names)
    assert set(pruned.services) == oracle.services
    assert set(pruned.callables) == oracle.callables
    assert {each.id for each in pruned.wirings} == oracle.wirings
    assert {
        each.id for each in pruned.declarations if not isinstance(each, WiringModel)
    } == oracle.declarations
    assert pruned.wirings == tuple(
        each for each in pruned.declarations if isinstance(each, WiringModel)
    )


@given(project=projects(), chosen=filters())
def test_selecting_again_from_what_is_left_changes_nothing_more(
    registry: Registry, project: Project, chosen: dict[str, tuple[str, ...]]
) -> None:
    try:
        once = select(project, {"names": ("*",)}, registry=registry, settings=SETTINGS)
        pruned = select(once, chosen, registry=registry, settings=SETTINGS)
    except FilterError:
        return
    roots = [wiring.id for wiring in pruned.wirings] + [*pruned.functions]
    again = select(pruned, {"names": tuple(roots)}, registry=registry, settings=SETTINGS)
    assert again.functions == pruned.functions
    assert again.services == pruned.services
