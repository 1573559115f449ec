"""Choosing the ways into a project, and keeping what they need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pikku_core.plugin.diagnostics import Diagnostic, Severity
from pikku_core.select import codes
from pikku_core.select.criteria import Criterion, criteria_of
from pikku_core.select.entry import Entry, entries_of
from pikku_core.select.needs import Needs, Thing, ThingKind, reach
from pikku_core.select.presets import effective_filters
from pikku_core.select.problem import FilterError, listed, nearest
from pikku_core.select.prune import concerned, prune

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.plugin.model import Project, WiringModel
    from pikku_core.plugin.registry import Registry
    from pikku_core.select.presets import Filters
    from pikku_core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the flags say of one entry.

    Attributes:
        entry: A way into the project.
        dropped: The flag that leaves it out; None where it is kept.
        matched: The flags that chose it; none where nothing but exclusions was asked for, or none was concerned.
    """

    entry: Entry
    dropped: Criterion | None = None
    matched: tuple[Criterion, ...] = ()

    @property
    def root(self) -> Thing:
        """The thing that is kept with the entry."""
        wiring = self.entry.wiring
        if wiring is None:
            return Thing(ThingKind.FUNCTION, self.entry.function.id)
        return Thing(ThingKind.WIRING, wiring.id)

    @property
    def wirings(self) -> Sequence[WiringModel]:
        """The wirings that are kept with the entry."""
        wiring = self.entry.wiring
        return self.entry.implied if wiring is None else (wiring,)

    @property
    def roots(self) -> list[Thing]:
        """Everything that is kept with the entry, `root` first."""
        return [self.root, *(Thing(ThingKind.WIRING, wiring.id) for wiring in self.entry.implied)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The result of filters on a project.

    Attributes:
        filters: Those that hold, sorted by flag; empty where everything is kept.
        verdicts: Of all entries.
        criteria: The flags.
        dropped: The declarations that a flag leaves out, each with that flag.
        reached: Everything that is kept, each with what led to it first.
    """

    filters: Filters
    verdicts: Sequence[Verdict]
    criteria: Sequence[Criterion]
    dropped: Mapping[Thing, Criterion]
    needs: Needs
    reached: Mapping[Thing, Thing | None]


def select(
    project: Project, filters: Filters, *, registry: Registry, settings: Settings
) -> Project:
    """The part of a project that filters leave, with everything that it needs.

    Kept are the entries that all including flags match (one pattern of each is enough) and no excluding flag does, and
    what they need: functions that are called through `rpc`, services, middleware, permissions, and what is declared
    for all, for their tags or for their routes.

    ```python
    admin = select(project, {"tags": ("admin",)}, registry=registry, settings=settings)
    ```

    Args:
        project: As it was scanned, without types.
        filters: Patterns by flag. Where there are none, the setting `filter` holds; where it names no preset either,
            the project is returned as it is.

    Returns:
        The project with less in it. Patterns that match nothing are among its diagnostics.

    Raises:
        FilterError: A flag, value or preset is unknown, or nothing is left.
    """
    chosen = effective_filters(filters, settings)
    if not chosen:
        return project
    selection = selection_of(project, chosen, registry=registry, settings=settings)
    pruned = prune(project, selection.needs, selection.reached)
    idle = [diagnostic for each in selection.criteria for diagnostic in _idle(each)]
    return replace(pruned, diagnostics=(*project.diagnostics, *idle))


def selection_of(
    project: Project, filters: Filters, *, registry: Registry, settings: Settings
) -> Selection:
    """What filters keep of a project, and why; see `select`.

    Args:
        filters: Those that hold; none keep everything.

    Raises:
        FilterError: A flag or value is unknown, or nothing is left.
    """
    needs = Needs(project)
    entries = entries_of(project, needs, settings)
    answering = {thing: each for thing, each in needs.declarations.items() if each.answers}
    criteria = criteria_of(filters, entries, registry, answering)
    for criterion in criteria:
        if not criterion.excludes and len(criterion.idle()) == len(criterion.patterns):
            raise FilterError(_matches_nothing(criterion))
    verdicts = [_verdict(position, entry, criteria) for position, entry in enumerate(entries)]
    kept = [verdict for verdict in verdicts if verdict.dropped is None]
    dropped = {
        thing: criterion
        for thing in answering
        for criterion in reversed(criteria)
        if criterion.says_of(thing) is criterion.excludes
    }
    chosen = [
        thing
        for thing in answering
        if thing not in dropped and any(each.says_of(thing) for each in criteria)
    ]
    if filters and not kept and not chosen:
        raise FilterError(_nothing_left(verdicts, criteria))
    wirings = [wiring for each in kept for wiring in each.wirings]
    roots = [root for verdict in kept for root in verdict.roots]
    roots += [
        thing for thing in concerned(needs, project, wirings, registry) if thing not in dropped
    ]
    roots += chosen
    return Selection(
        filters=filters,
        verdicts=verdicts,
        criteria=criteria,
        dropped=dropped,
        needs=needs,
        reached=reach(needs, roots),
    )


def _verdict(position: int, entry: Entry, criteria: Sequence[Criterion]) -> Verdict:
    said = [(criterion, criterion.says(position)) for criterion in criteria]
    matched = [criterion for criterion, answer in said if answer and not criterion.excludes]
    against = [
        criterion
        for criterion, answer in said
        if (answer if criterion.excludes else answer is False)
    ]
    including = [criterion for criterion in criteria if not criterion.excludes]
    if entry.wiring is None and including and not matched:
        # Functions without a wiring are chosen, never left over: "--http-routes=/admin" means routes alone.
        against += including[:1]
    return Verdict(entry=entry, dropped=next(iter(against), None), matched=tuple(matched))


def _idle(criterion: Criterion) -> list[Diagnostic]:
    return [
        Diagnostic(
            code=codes.IDLE_PATTERN.code,
            message=f'"--{criterion.flag}={pattern.text}" matches nothing.',
            hint=nearest(pattern.text, criterion.known()).strip(" ()").replace("did", "Did", 1),
            severity=Severity.WARNING,
        )
        for pattern in criterion.idle()
    ]


def _matches_nothing(criterion: Criterion) -> str:
    hint = nearest(criterion.patterns[0].text, criterion.known())
    shown = criterion.shown()
    there = f"there is {listed(shown)}" if shown else "no wiring or function has any"
    return f'"{criterion}" matches nothing{hint}: {there}.'


def _nothing_left(verdicts: Sequence[Verdict], criteria: Sequence[Criterion]) -> str:
    """Each flag matches something, and all of them together nothing."""
    entries = {verdict.entry.id for verdict in verdicts}
    if not entries:
        return "The filters select nothing: the project has no functions."
    counts = [
        f'"{criterion}" matches {sum(criterion.says(at) is True for at in range(len(verdicts)))}'
        for criterion in criteria
    ]
    return (
        f"The filters select nothing: of {len(entries)} wirings and functions {', '.join(counts)}, "
        "and none is left that all of them allow."
    )
