"""What is different between two shapes, field by field, and whether it breaks those who rely on the first."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, TypeAlias

from pikku_core.contracts.alternatives import Alternatives
from pikku_core.contracts.change import Change, Direction
from pikku_core.contracts.keywords import Effect, canonical, effect_of
from pikku_core.contracts.paths import ROOT, is_property
from pikku_core.contracts.shape import Classes, Shape
from pikku_core.contracts.wording import (
    kind_of,
    listed,
    marks_of,
    said,
    sentence,
    types_in,
    values_of,
    widened,
)

if TYPE_CHECKING:
    from pikku_core.plugin.model import Json

TIGHTER: Final = Effect(tighter=True, looser=False)
LOOSER: Final = Effect(tighter=False, looser=True)
OTHER: Final = Effect(tighter=True, looser=True)
HARMLESS: Final = Effect(tighter=False, looser=False)

STREAM: Final = "stream"
"""The fact of a result that it comes item by item."""


_Pair: TypeAlias = tuple[str, str]
"""The classes of two shapes."""


def differences(old: Shape, new: Shape, *, direction: Direction, label: str) -> list[Change]:
    """All changes from one shape to another, by field.

    Args:
        label: What stands for `$` in the fields' names: the name of the type.
    """
    return _Comparison(old, new, direction, label).changes()


class _Comparison:
    def __init__(self, old: Shape, new: Shape, direction: Direction, label: str) -> None:
        self._anything = Shape()
        self._alternatives = Alternatives(old, new)
        self._classes = Classes(old, new, self._anything, *self._alternatives.shapes)
        self._direction = direction
        self._label = label
        self._found: list[Change] = []
        self._first: dict[_Pair, str] = {}
        self._again: list[tuple[str, str]] = []
        self._waiting: deque[tuple[Shape, Shape, str, frozenset[_Pair]]] = deque()
        self._above: frozenset[_Pair] = frozenset()
        self._expect(old, new, "")
        # Nearest first, so that a part of several is named by its shortest path.
        while self._waiting:
            one, other, path, self._above = self._waiting.popleft()
            self._compare(one, other, path)

    def changes(self) -> list[Change]:
        """What was found, by field."""
        found = [*self._found]
        for path, first in dict.fromkeys(self._again):
            other = self._field(first)
            breaks = any(change.breaks for change in self._found if _is_below(change.field, other))
            found.append(self._change(path, f"changed like {other}", breaks=breaks))
        if self._first and not found:
            found.append(self._change(ROOT, "changed", breaks=True))
        return sorted(found, key=lambda change: change.field)

    def _expect(self, old: Shape, new: Shape, path: str) -> None:
        """Has two parts compared that stand at one place, unless they are the same or have been."""
        pair = self._classes[old], self._classes[new]
        if pair[0] == pair[1] or pair in self._above:
            return
        has_fields = any(is_property(step) for step in (*old.edges, *new.edges)) and path != ""
        first = self._first.setdefault(pair, path)
        if not has_fields or first == path:
            self._waiting.append((old, new, path, self._above | {pair}))
        elif not _is_below(path, first):  # else it is a part of itself
            self._again.append((path, first))

    def _compare(self, old: Shape, new: Shape, path: str) -> None:
        if old.choices or new.choices:
            self._compare_choices(old, new, path)
        if _is_choice(old) or _is_choice(new):
            return
        if self._compare_types(old, new, path):
            self._compare_facts(old, new, path)
            for step in sorted(old.edges.keys() | new.edges.keys()):
                if _closed(step) not in {*old.facts, *new.facts}:
                    self._compare_parts(old, new, step, path + step)

    def _compare_types(self, old: Shape, new: Shape, path: str) -> bool:
        """Notes a change of type; False where no value fits both."""
        was, now = types_in(old), types_in(new)
        if ("enum" in old.facts and "enum" in new.facts) or was == now:
            return True
        accepted, accepts = widened(was), widened(now)
        effect = Effect(tighter=not accepted <= accepts, looser=not accepts <= accepted)
        self._note(
            path,
            f"was {kind_of(old)}, is {kind_of(new)}",
            effect,
            was=kind_of(old),
            now=kind_of(new),
        )
        return bool(accepted & accepts - {"null"})

    def _compare_facts(self, old: Shape, new: Shape, path: str) -> None:
        for key in sorted((old.facts.keys() | new.facts.keys()) - {"type", "enum"}):
            was, now = old.facts.get(key), new.facts.get(key)
            if canonical(was) != canonical(now):
                effect = OTHER if key == STREAM else effect_of(key, was, now)
                text = sentence(key, was, now)
                self._note(path, text, effect, was=said(key, was), now=said(key, now))
        was_one, is_one = values_of(old), values_of(new)
        if was_one is None and is_one is not None:
            self._note(path, f"only {listed(is_one)} now", TIGHTER, now=listed(is_one))
        elif is_one is None and was_one is not None:
            text = f"not only {listed(was_one)} any more"
            self._note(path, text, LOOSER, was=listed(was_one))
        elif was_one is not None and is_one is not None:
            if gone := _without(was_one, is_one):
                self._note(path, f"no longer {listed(gone)}", TIGHTER, was=listed(gone))
            if come := _without(is_one, was_one):
                self._note(path, f"also {listed(come)}", LOOSER, now=listed(come))

    def _compare_parts(self, old: Shape, new: Shape, step: str, path: str) -> None:
        was, now = old.edges.get(step), new.edges.get(step)
        if not is_property(step):
            if step.startswith("<"):  # `not` turns it round, `if` does what its neighbours say.
                self._note(path, "changed", OTHER)
            else:
                self._expect(was or self._anything, now or self._anything, path)
        elif was is None:
            assert now is not None, "one of them has it"
            required = step in new.required
            kind = kind_of(now) + (", required" if required else "")
            self._note(path, f"new ({kind})", TIGHTER if required else HARMLESS, now=kind)
        elif now is None:
            self._note(path, "gone", OTHER, was=kind_of(was))
        else:
            if step in new.required and step not in old.required:
                self._note(path, "required now", TIGHTER, was="optional", now="required")
            if step in old.required and step not in new.required:
                self._note(path, "optional now", LOOSER, was="required", now="optional")
            self._expect(was, now, path)

    def _compare_choices(self, old: Shape, new: Shape, path: str) -> None:
        was, now = self._alternatives.of(old), self._alternatives.of(new)
        marks = {self._classes[one] for one in was} & {self._classes[one] for one in now}
        gone = [one for one in was if self._classes[one] not in marks]
        come = [one for one in now if self._classes[one] not in marks]
        for one in [*gone]:
            named = marks_of(one)
            like = next((other for other in come if named and named == marks_of(other)), None)
            if like is not None:
                gone.remove(one)
                come.remove(like)
                self._expect(one, like, path)
        if len(gone) == len(come) == 1 and _are_alike(gone[0], come[0]):
            self._expect(gone.pop(), come.pop(), path)
        for one in [*gone]:
            like = next((other for other in come if _is_widened(one, other)), None)
            if like is not None:
                gone.remove(one)
                come.remove(like)
                self._expect(one, like, path)
        if gone and come:
            said_was, says = kind_of(old), kind_of(new)
            self._note(path, f"was {said_was}, is {says}", OTHER, was=said_was, now=says)
        elif gone:
            kinds = " or ".join(map(kind_of, gone))
            self._note(path, f"no longer {kinds}", TIGHTER, was=kinds)
        elif come:
            kinds = " or ".join(map(kind_of, come))
            self._note(path, f"also {kinds}", LOOSER, now=kinds)

    def _note(self, path: str, text: str, effect: Effect, *, was: str = "", now: str = "") -> None:
        breaks = effect.tighter if self._direction is Direction.INPUT else effect.looser
        self._found.append(self._change(path, text, breaks=breaks, was=was, now=now))

    def _change(
        self, path: str, text: str, *, breaks: bool, was: str = "", now: str = ""
    ) -> Change:
        return Change(
            direction=self._direction,
            field=self._field(path),
            text=text,
            was=was,
            now=now,
            breaks=breaks,
        )

    def _field(self, path: str) -> str:
        return self._label + path.removeprefix(ROOT)


def _is_choice(shape: Shape) -> bool:
    """Whether there is nothing to a shape but its choices."""
    return bool(shape.choices) and not shape.facts and not shape.edges


def _are_alike(one: Shape, other: Shape) -> bool:
    """Whether one choice may be what became of another: nothing tells that they are two."""
    return types_in(one) == types_in(other) and not (marks_of(one) and marks_of(other))


def _is_widened(one: Shape, other: Shape) -> bool:
    """Whether a choice may be another with more types, or fewer: `integer` became `number`."""
    was, now = types_in(one), types_in(other)
    if not was or not now or (marks_of(one) and marks_of(other)):
        return False
    return widened(was) < widened(now) or widened(now) < widened(was)


def _closed(step: str) -> str:
    """The fact that says that there is nothing where a step leads."""
    return {"{}": "additionalProperties", "[]": "items"}.get(step, "")


def _without(values: list[Json], others: list[Json]) -> list[Json]:
    known = {*map(canonical, others)}
    return [value for value in values if canonical(value) not in known]


def _is_below(path: str, top: str) -> bool:
    """Whether a path leads to a part of what another leads to, or to that itself."""
    return not top or path == top or path.startswith(tuple(top + sign for sign in ".[{|&<"))
