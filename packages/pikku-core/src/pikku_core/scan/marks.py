"""Which functions and classes are marked with Pikku's decorators, and with which options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pikku_core.scan.arguments import options_hint
from pikku_core.scan.bindings import is_bound_once, may_be
from pikku_core.scan.constants import NOT_CONSTANT, strings
from pikku_core.scan.nodes import dotted_name
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.scan.facts import DefFacts, Node
    from pikku_core.scan.modules import Module
    from pikku_core.scan.report import Report
    from pikku_core.scan.resolve import Resolver

_COMMON: Final = (
    *("name", "title", "description", "tags", "expose", "readonly", "permissions", "middleware"),
    *("version", "deploy", "mcp", "destructive", "idempotent"),
)
OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "pikku_func": (*_COMMON, "scopes"),
    "pikku_sessionless_func": _COMMON,
    "pikku_service": ("name", "scope"),
    "pikku_session": (),
    "pikku_config": (),
    "pikku_middleware": ("name", "description", "priority"),
    "pikku_permission": ("name", "description"),
}
"""The decorators of core with the options that each takes."""

FUNCTIONS: Final = ("pikku_func", "pikku_sessionless_func")
CALLABLES: Final = ("pikku_middleware", "pikku_permission")
_CLASSES: Final = ("pikku_session", "pikku_config")


class Marked(NamedTuple):
    """A function or class with one of Pikku's decorators.

    Attributes:
        mark: The decorator's own name, `pikku_func`.
        options: The keywords it is called with: node and line by name.
        location: The line of its `def` or `class`.
    """

    module: Module
    facts: DefFacts
    mark: str
    options: Mapping[str, tuple[Node, int]]
    location: Location

    def place(self, parameter: str) -> Location:
        """The line of one of its keyword-only parameters."""
        lines = (
            found["line"] for found in self.facts["keyword_only"] if found["name"] == parameter
        )
        return self.module.at(next(lines, self.facts["line"]))

    @property
    def origin(self) -> tuple[str, str]:
        """Module and `__qualname__`."""
        return (self.module.name, self.facts["qualname"])


class Marks:
    """Finds what is marked, module by module, and reads the literal options."""

    def __init__(self, resolver: Resolver, report: Report) -> None:
        self._resolver = resolver
        self._report = report
        self._known: dict[str, list[Marked]] = {}

    def of(self, module: Module) -> list[Marked]:
        """Everything marked in a module, nested functions included, in order of source."""
        if module.name not in self._known:
            found = [self._marked(module, facts) for facts in module.facts["defs"]]
            self._known[module.name] = [marked for marked in found if marked is not None]
        return self._known[module.name]

    def mark_of(self, module: Module, decorator: Node) -> str:
        """The name of Pikku's decorator that a node is, or an empty string."""
        node = decorator[1] if decorator[0] == "k" else decorator
        if not dotted_name(node):
            return ""
        try:
            found, rest = self._resolver.names.dotted(module, node)
        except UnresolvedError as error:
            if may_be(module.facts, node, OPTIONS):
                self._report.unresolved(error.at(node[-1]), module.at(node[-1]))
            return ""
        ours = found.name.module.partition(".")[0] == "pikku_core" and not rest
        return found.name.attribute if ours and found.name.attribute in OPTIONS else ""

    def text(self, marked: Marked, option: str, default: str = "") -> str:
        """The value of an option that must be a literal string."""
        value = self._literal(marked, option, default)
        if value is None:
            return default
        if not isinstance(value, str):
            self._wrong(marked, option, "a string")
            return default
        return value

    def flag(self, marked: Marked, option: str) -> bool:
        """The value of an option that must be a literal bool."""
        value = self._literal(marked, option, False)
        if not isinstance(value, bool):
            self._wrong(marked, option, "True or False")
            return False
        return value

    def hint(self, marked: Marked, option: str) -> bool | None:
        """The value of an option that must be a literal bool; None where it says nothing."""
        return self.flag(marked, option) if option in marked.options else None

    def exposure(self, marked: Marked) -> bool | str:
        """The value of the option `expose`: a bool, or `public` where no session is needed."""
        is_open = self._literal(marked, "expose", False) == "public" and marked.mark != "pikku_func"
        return "public" if is_open else self.flag(marked, "expose")

    def choice(self, marked: Marked, option: str, choices: tuple[str, ...]) -> str:
        """The value of an option that must be one of some strings; empty where there is none."""
        value = self._literal(marked, option, None)
        if value is None or (isinstance(value, str) and value in choices):
            return value or ""
        self._wrong(marked, option, " or ".join(f'"{choice}"' for choice in choices))
        return ""

    def version(self, marked: Marked) -> int:
        """The value of the option `version`; 0 where there is none."""
        value = self._literal(marked, "version", None)
        if type(value) is int and value > 0:
            return value
        if value is not None:
            self._wrong(marked, "version", "a whole number from 1 on")
        return 0

    def texts(self, marked: Marked, option: str) -> tuple[str, ...]:
        """The value of an option that must be a list of literal strings."""
        if option not in marked.options:
            return ()
        node, line = marked.options[option]
        try:
            found = strings(self._resolver.value(marked.module, node, line))
        except UnresolvedError as error:
            self._report.unresolved(error, marked.module.at(line))
            return ()
        if found is not None:
            return found
        self._report.add(
            "PKU247",
            f'"{option}" of "{marked.facts["name"]}" is not a list of literal strings.',
            marked.module.at(line),
            hint=f'Write the strings out: {option}=["users"].',
        )
        return ()

    def _literal(self, marked: Marked, option: str, default: Any) -> Any:
        if option not in marked.options:
            return default
        node, line = marked.options[option]
        try:
            value = self._resolver.value(marked.module, node, line)
        except UnresolvedError as error:
            self._report.unresolved(error, marked.module.at(line))
            return default
        if value is NOT_CONSTANT:
            self._report.add(
                "PKU118",
                f'"{option}" of "{marked.facts["name"]}" is not a literal.',
                marked.module.at(line),
                hint="Write the value out, or name a constant of a module.",
            )
            return default
        return value

    def _wrong(self, marked: Marked, option: str, wanted: str) -> None:
        self._report.add(
            "PKU124",
            f'"{option}" of "{marked.facts["name"]}" must be {wanted}.',
            marked.module.at(marked.options[option][1]),
        )

    def _marked(self, module: Module, facts: DefFacts) -> Marked | None:
        marks = [self.mark_of(module, node) for node, _ in facts["decorators"]]
        ours = [index for index, mark in enumerate(marks) if mark]
        if not ours:
            return None
        mark = marks[ours[0]]
        node, line = facts["decorators"][ours[0]]
        for index, (other, other_line) in enumerate(facts["decorators"]):
            if index in ours[1:]:
                self._report.add(
                    "PKU760",
                    f'"{facts["name"]}" is marked twice, with "{mark}" and "{marks[index]}".',
                    module.at(other_line),
                    hint="Keep one of them.",
                )
            elif not marks[index] and not facts["is_class"]:
                name = dotted_name(other[1] if other[0] == "k" else other) or "decorator"
                self._report.add(
                    "PKU705",
                    f'"{facts["name"]}" is also decorated with "{name}", which may change what it takes and gives.',
                    module.at(other_line),
                    hint=f'The signature in the source counts; "pikku check --runtime" compares. Prefer middleware to "{name}".',
                )
        return self._placed(
            Marked(
                module=module,
                facts=facts,
                mark=mark,
                options=self._options(module, facts, mark, node, line),
                location=module.at(facts["line"]),
            )
        )

    def _placed(self, marked: Marked) -> Marked | None:
        """The marked function or class if it stands where it can be used."""
        facts, mark = marked.facts, marked.mark
        context = facts["context"]
        if facts["is_class"] and mark not in _CLASSES:
            self._misplaced(marked, "is a class")
            return None
        if not facts["is_class"] and mark == "pikku_session":
            self._misplaced(marked, "is not a class")
            return None
        if context == "":
            self._check_bound_once(marked)
            return marked
        if context == "function" and mark in CALLABLES:
            return marked
        where = {
            "function": "stands inside a function",
            "class": "is a method",
            "conditional": "stands under a condition",
            "loop": "stands in a loop",
        }
        self._misplaced(marked, where.get(context, "does not stand at the top level of its module"))
        return None

    def _check_bound_once(self, marked: Marked) -> None:
        """Reports a name that leads to something else than its `def` when the module has run."""
        if is_bound_once(marked.module.facts, marked.facts["name"]):
            return
        try:
            self._resolver.names.local(marked.module, marked.facts["name"])
        except UnresolvedError as error:
            self._report.unresolved(error, marked.location)

    def _misplaced(self, marked: Marked, why: str) -> None:
        kind = "class" if marked.mark == "pikku_session" else "function"
        self._report.add(
            "PKU760",
            f'"{marked.mark}" cannot mark "{marked.facts["name"]}": it {why}.',
            marked.location,
            hint=f"Make it a {kind} at the top level of a module.",
        )

    def _options(
        self, module: Module, facts: DefFacts, mark: str, node: Node, line: int
    ) -> dict[str, tuple[Node, int]]:
        options: dict[str, tuple[Node, int]] = {}
        if node[0] != "k":
            return options
        if node[2]:
            self._report.add(
                "PKU761",
                f'"{mark}" of "{facts["name"]}" takes its options by keyword.',
                module.at(line),
                hint=options_hint(sorted(OPTIONS[mark])),
            )
        for name, value, at in node[3]:
            if name is None:
                self._report.add(
                    "PKU762",
                    f'"{mark}" of "{facts["name"]}" is given "**" options, which cannot be read.',
                    module.at(at),
                    hint="Write the options out.",
                )
            elif name in OPTIONS[mark]:
                options[name] = (value, at)
            else:
                self._report.add(
                    "PKU761",
                    f'"{mark}" of "{facts["name"]}" has no option "{name}".',
                    module.at(at),
                    hint=options_hint(sorted(OPTIONS[mark]), name),
                )
        return options
