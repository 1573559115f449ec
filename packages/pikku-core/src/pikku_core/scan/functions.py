"""Functions: their identity, their data and result, and what they call through `rpc`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pikku_core.plugin.diagnostics import DiagnosticError
from pikku_core.plugin.expression import Expression, Name
from pikku_core.plugin.model import FunctionModel
from pikku_core.plugin.spelling import walk
from pikku_core.scan.callables import Chosen
from pikku_core.scan.nodes import dotted_name, names_in
from pikku_core.scan.parameters import ParameterReader, kind_of, unwrapped
from pikku_core.scan.unresolved import UnresolvedError
from pikku_core.version import own_name, split_version, versioned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.plugin.model import AddonModel
    from pikku_core.scan.callables import CallableLinker
    from pikku_core.scan.facts import Node, ParameterFacts
    from pikku_core.scan.marks import Marked, Marks
    from pikku_core.scan.report import Report
    from pikku_core.scan.resolve import Resolver
    from pikku_core.scan.uses import Uses

_IDENTITY: Final = re.compile(r"(?!__)[^\W\d][\w.@-]*")
_TYPE_VARIABLES: Final = frozenset({"TypeVar", "ParamSpec", "TypeVarTuple"})
DEPLOY_TARGETS: Final = ("server", "serverless")
_SERVICES: Final = frozenset({"pikku_core:Services", "pikku_app:Services"})


class FunctionLinker:
    """Collects the functions: first all ids, then each one's model."""

    def __init__(
        self,
        resolver: Resolver,
        marks: Marks,
        parameters: ParameterReader,
        callables: CallableLinker,
        *,
        uses: Uses,
        report: Report,
    ) -> None:
        self._resolver = resolver
        self._marks = marks
        self._parameters = parameters
        self._callables = callables
        self._uses = uses
        self._report = report
        self._declared: dict[str, Marked] = {}
        self._type_variables: dict[tuple[str, str], bool] = {}
        self._by_origin: dict[tuple[str, str], str] = {}
        self.models: dict[str, FunctionModel] = {}

    @property
    def ids(self) -> list[str]:
        """The ids of all functions, sorted."""
        return sorted(self._declared)

    def declare(self, marked: Marked) -> None:
        """Takes the id of a marked function."""
        addon = marked.module.owner_addon
        version = self._marks.version(marked)
        name = self._marks.text(marked, "name") or own_name(marked.facts["name"], version)
        base, stated = split_version(name)
        id_ = versioned(f"{addon}:{name}" if addon else name, version)
        if stated or not _IDENTITY.fullmatch(name):
            self._report.add(
                "PKU124",
                f'"{name}" cannot be the name of a function.',
                marked.location,
                hint=f'Write name="{base}", version={stated}.'
                if stated
                else 'Use letters, digits, "_", ".", "-" and "@", a letter first.',
            )
        elif id_ in self._declared:
            self._report.add(
                "PKU850" if version else "PKU851",
                f'Two functions are called "{id_}".',
                marked.location,
                hint="Give one of them another version."
                if version
                else 'Rename one of them, or give it a "name".',
                related=[self._declared[id_].location],
            )
            self._by_origin.setdefault(marked.origin, id_)
        else:
            self._declared[id_] = marked
            self._by_origin[marked.origin] = id_

    def link(self, addons: Mapping[str, AddonModel]) -> None:
        """Makes the models of all declared functions that have none yet.

        Args:
            addons: By name; the functions of each have what the project asks of them, too.
        """
        for id_, marked in sorted(self._declared.items()):
            if id_ not in self.models:
                function = self._model(id_, marked)
                addon = addons.get(function.addon)
                self.models[id_] = function if addon is None else tightened(function, addon)

    def marked(self, id_: str) -> Marked:
        """The `def` of a function."""
        return self._declared[id_]

    def at(self, origin: Name) -> FunctionModel | None:
        """The function that is defined there."""
        id_ = self._by_origin.get((origin.module, origin.attribute))
        return None if id_ is None else self.models.get(id_)

    def _model(self, id_: str, marked: Marked) -> FunctionModel:
        facts, marks = marked.facts, self._marks
        kind = kind_of(facts)
        data_facts, data = self._data(marked)
        returns = self._annotation(marked, facts["returns"], facts["line"])
        needs_session = marked.mark == "pikku_func"
        parameters = self._parameters.keyword_only(marked)
        permissions = tuple(self._chosen(marked, "permissions", "pikku_permission").keys)
        middleware = self._chosen(marked, "middleware", "pikku_middleware")
        exposure = marks.exposure(marked)
        return FunctionModel(
            id=id_,
            origin=Name(marked.module.name, facts["name"]),
            location=marked.location,
            kind=kind,
            needs_session=needs_session,
            parameters=parameters,
            data=data,
            data_name="" if data_facts is None else data_facts["name"],
            data_optional=data_facts is not None and data_facts["default"],
            result=unwrapped(returns, kind),
            title=marks.text(marked, "title"),
            description=marks.text(marked, "description") or facts["doc"],
            tags=marks.texts(marked, "tags"),
            expose=exposure is not False,
            public=exposure == "public",
            readonly=marks.flag(marked, "readonly"),
            scopes=marks.texts(marked, "scopes"),
            middleware=tuple(middleware.keys),
            factory_calls=tuple(middleware.calls),
            permissions=permissions,
            alternatives=self._alternatives(marked) if permissions else (),
            rpc=self._uses.rpc(marked),
            variables=self._uses.variables(marked),
            version=split_version(id_)[1],
            deploy=marks.choice(marked, "deploy", DEPLOY_TARGETS),
            mcp=marks.flag(marked, "mcp"),
            destructive=marks.hint(marked, "destructive"),
            idempotent=marks.hint(marked, "idempotent"),
            addon=marked.module.owner_addon,
        )

    def _data(self, marked: Marked) -> tuple[ParameterFacts | None, Expression | None]:
        facts = marked.facts
        if not facts["positional"]:
            return None, None
        first = facts["positional"][0]
        annotation = self._annotation(marked, first["annotation"], first["line"])
        if str(annotation) in _SERVICES:
            self._report.add(
                "PKU410",
                f'"{facts["name"]}" takes all services as "{first["name"]}", so which it needs cannot be told.',
                marked.module.at(first["line"]),
                hint="Ask for each by a keyword-only parameter: (data, *, database: Database).",
            )
            return None, None
        if self._parameters.is_thing(first["name"], marked.module.owner_addon):
            self._parameters.positional_services(marked, 0)
            return None, None
        self._parameters.positional_services(marked, 1)
        if first["annotation"] is None:
            self._report.add(
                "PKU709",
                f'The data parameter "{first["name"]}" of "{facts["name"]}" has no type.',
                marked.module.at(first["line"]),
                hint="Annotate it with the type of the data.",
            )
        return first, annotation

    def _annotation(self, marked: Marked, node: Node | None, line: int) -> Expression | None:
        """The type of data or result, in which a type variable cannot stand."""
        for name in marked.facts["type_parameters"]:
            if node is not None and name in names_in(node):
                self._report_type_variable(marked, name, line)
                return None
        expression = self._parameters.annotation(marked, node, line)
        parts = (expression,) if isinstance(expression, Name) else walk(expression)
        for part in parts:
            if isinstance(part, Name) and self._is_type_variable(part):
                self._report_type_variable(marked, part.attribute, line)
                return None
        return expression

    def _report_type_variable(self, marked: Marked, name: str, line: int) -> None:
        self._report.add(
            "PKU763",
            f'"{marked.facts["name"]}" has the type variable "{name}" in its data or result.',
            marked.module.at(line),
            hint=f'Use a concrete type, such as "Page[User]" for "Page[{name}]".',
        )

    def _is_type_variable(self, name: Name) -> bool:
        # Names hash themselves in Python, which costs more than all else here.
        key = (name.module, name.attribute)
        known = self._type_variables.get(key)
        if known is None:
            known = self._type_variables[key] = self._makes_type_variable(name)
        return known

    def _makes_type_variable(self, name: Name) -> bool:
        modules = self._resolver.names.modules
        if modules.defines_class(name.module, name.attribute):
            return False
        module = modules.get(name.module)
        for binding in [] if module is None else module.facts["bindings"].get(name.attribute, []):
            if binding[0] == "=" and binding[3][0] == "k":
                return dotted_name(binding[3][1]).rpartition(".")[2] in _TYPE_VARIABLES
        return False

    def _chosen(self, marked: Marked, option: str, mark: str) -> Chosen:
        if option not in marked.options:
            return Chosen()
        node, line = marked.options[option]
        place = marked.module.at(line)
        try:
            value = self._resolver.expression(marked.module, node, line)
            return self._callables.chosen(value, mark, place)
        except UnresolvedError as error:
            self._report.unresolved(error, place)
        except DiagnosticError as error:
            self._report.take(error.diagnostic)
        return Chosen()

    def _alternatives(self, marked: Marked) -> tuple[tuple[str, ...], ...]:
        node, line = marked.options["permissions"]
        value = self._resolver.expression(marked.module, node, line)
        return self._callables.alternatives(value, marked.module.at(line))


def tightened(function: FunctionModel, addon: AddonModel) -> FunctionModel:
    """A function of an addon with what the project asks of it."""
    return replace(
        function,
        needs_session=function.needs_session or addon.auth,
        scopes=tuple(dict.fromkeys((*addon.scopes, *function.scopes))),
        tags=tuple(dict.fromkeys((*addon.tags, *function.tags))),
    )
