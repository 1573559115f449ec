"""Why something is generated, or is not, and what it brings with it."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from pikku_core.select.modules import closure, distributions_of, modules_of
from pikku_core.select.needs import Thing, ThingKind, reach
from pikku_core.select.presets import effective_filters
from pikku_core.select.prune import concerned, prune
from pikku_core.select.selection import selection_of
from pikku_core.select.subject import VALUES, Step, Subject, subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry
    from pikku_core.select.presets import Filters
    from pikku_core.select.selection import Selection
    from pikku_core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How something can be reached.

    Attributes:
        steps: From a wiring, from a function that is called by name or from a declaration, to the thing itself.
        place: Where the first step stands.
        chosen: The flags that chose it.
        dropped: The flag that leaves it out, or why else it is; empty where it is kept.
    """

    steps: tuple[Step, ...]
    place: str
    chosen: tuple[str, ...] = ()
    dropped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """One thing that comes along, and the one that needs it; None for what is declared for all."""

    kind: str
    id: str
    through: Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The answer for one thing.

    Attributes:
        kind: `function`, `wiring`, `service`, `middleware`, `permission`, `secret`, `variable` or `module`.
        place: `file:line`, or the file of a module.
        kept: Whether it is generated, or imported where it is a module.
        ways: What leads to it, the shortest of each entry: those that are kept first.
        pulls: What would be generated for it alone: functions, services, middleware, permissions, secrets, variables.
        modules: The modules of the source that are imported with it.
        distributions: What these import from, without what that requires in turn.
    """

    kind: str
    id: str
    place: str
    kept: bool
    ways: tuple[Way, ...]
    pulls: tuple[Pulled, ...]
    modules: tuple[str, ...]
    distributions: tuple[str, ...]


def why(
    project: Project, name: str, filters: Filters, *, registry: Registry, settings: Settings
) -> list[Explanation]:
    """Explains everything in a project that has a name.

    ```python
    (explanation,) = why(project, "send_welcome", {}, registry=registry, settings=settings)
    assert [step.id for step in explanation.ways[0].steps] == [
        "http:post:/users",
        "create_user",
        "send_welcome",
    ]
    ```

    Args:
        project: As it was scanned, whole.
        name: The id of a function, wiring, service, secret or variable; the key or the name of middleware or a permission,
            or of the factory that made it; a module or its file.
        filters: As for `select`.

    Raises:
        FilterError: Nothing has the name, or the filters cannot be honoured.
    """
    chosen = effective_filters(filters, settings)
    selection = selection_of(project, chosen, registry=registry, settings=settings)
    things = _everything(project, selection)
    return [
        _explain(subject, project, selection, things, registry)
        for subject in subjects(name, project, selection.needs, things)
    ]


def _everything(project: Project, selection: Selection) -> dict[Thing, Thing | None]:
    """All things of a project, whatever is kept of it, and whether or not anything leads to them."""
    roots = [root for verdict in selection.verdicts for root in verdict.roots]
    roots += selection.needs.declarations
    roots += [Thing(ThingKind.FUNCTION, name) for name in project.functions]
    roots += [Thing(ThingKind.SERVICE, name) for name in project.services]
    found = reach(selection.needs, roots)
    named = {thing.id for thing in found}
    # What nothing names may be either.
    unnamed = [Thing(ThingKind.MIDDLEWARE, key) for key in project.callables if key not in named]
    return found | reach(selection.needs, unnamed)


def _explain(
    subject: Subject,
    project: Project,
    selection: Selection,
    things: Mapping[Thing, Thing | None],
    registry: Registry,
) -> Explanation:
    ways = sorted(
        _ways(subject, selection, things),
        key=lambda way: (bool(way.dropped), len(way.steps), [step.id for step in way.steps]),
    )
    pulls: list[Pulled] = []
    imported = [subject.id] if subject.kind == "module" else []
    if subject.thing is not None:
        needs = selection.needs
        wirings = [wiring for wiring in project.wirings if wiring.id == subject.id]
        roots = [subject.thing]
        if subject.thing.kind is ThingKind.WIRING:
            roots += concerned(needs, project, wirings, registry)
        elif subject.thing.kind is ThingKind.FUNCTION:
            roots += concerned(needs, project, (), registry)
        reached = reach(needs, roots)
        pulls = _pulls(subject.thing, project, selection, reached)
        imported = [name for thing in reached for name in modules_of(thing, project, needs)]
    modules = sorted(closure(imported, project.imports))
    return Explanation(
        kind=subject.kind,
        id=subject.id,
        place=subject.place,
        kept=any(not way.dropped for way in ways),
        ways=tuple(ways),
        pulls=tuple(pulls),
        modules=tuple(modules),
        distributions=tuple(distributions_of(modules, project)),
    )


def _pulls(
    own: Thing, project: Project, selection: Selection, reached: Mapping[Thing, Thing | None]
) -> list[Pulled]:
    kinds = [*ThingKind]
    found = [
        Pulled(kind=thing.kind, id=thing.id, through=None if before is None else _step(before))
        for thing, before in reached.items()
        if thing != own and thing.kind not in {ThingKind.DECLARATION, ThingKind.WIRING}
    ]
    found.sort(key=lambda pulled: (kinds.index(ThingKind(pulled.kind)), pulled.id))
    part = prune(project, selection.needs, reached)
    return found + [
        Pulled(kind=VALUES[each.kind], id=each.id, through=None)
        for each in part.declarations
        if each.kind in VALUES
    ]


def _ways(subject: Subject, selection: Selection, things: Iterable[Thing]) -> Iterator[Way]:
    following = _leading(subject, selection, things)
    for verdict in selection.verdicts:
        root = next((one for one in verdict.roots if one in following), None)
        if root is not None:
            yield Way(
                steps=_steps(root, following, subject),
                place=str(verdict.entry.location),
                chosen=tuple(map(str, verdict.matched)),
                dropped="" if verdict.dropped is None else str(verdict.dropped),
            )
    for thing, declaration in selection.needs.declarations.items():
        if thing in following and not declaration.tag:
            yield Way(
                steps=_steps(thing, following, subject),
                place=str(declaration.location),
                dropped="" if thing in selection.reached else _why_not(thing, selection),
            )


def _why_not(declaration: Thing, selection: Selection) -> str:
    flag = selection.dropped.get(declaration)
    return "nothing is left that it is for" if flag is None else str(flag)


def _leading(
    subject: Subject, selection: Selection, things: Iterable[Thing]
) -> dict[Thing, Thing | None]:
    """Everything that leads to the subject, each with the next thing on its shortest way; None where that is the subject."""
    before: dict[Thing, list[Thing]] = {}
    for thing in things:
        for needed in selection.needs.of(thing):
            before.setdefault(needed, []).append(thing)
    following: dict[Thing, Thing | None] = {}
    pending: list[tuple[int, Thing, tuple[Thing, ...]]] = []
    for thing, tail in subject.tails.items():
        heappush(pending, (len(tail), thing, ()))
    while pending:
        distance, thing, after = heappop(pending)
        if thing not in following:
            following[thing] = after[0] if after else None
            for earlier in before.get(thing, ()):
                heappush(pending, (distance + 1, earlier, (thing,)))
    return following


def _steps(
    start: Thing, following: Mapping[Thing, Thing | None], subject: Subject
) -> tuple[Step, ...]:
    way = [start]
    while (after := following[way[-1]]) is not None:
        way.append(after)
    return (*map(_step, way), *subject.tails[way[-1]])


def _step(thing: Thing) -> Step:
    if thing.kind is ThingKind.DECLARATION:
        return Step(kind=thing.kind, id=thing.id.partition(" ")[2])
    return Step(kind=thing.kind, id=thing.id)
