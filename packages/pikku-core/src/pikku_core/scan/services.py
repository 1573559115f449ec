"""Services, configuration and session of a project and its addons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.expression import Name
from pikku_core.plugin.model import CallableKind, Parameter, ServiceModel
from pikku_core.scan.parameters import (
    PROCESS_THINGS,
    RESERVED,
    ParameterReader,
    Providers,
    kind_of,
    unwrapped,
)

if TYPE_CHECKING:
    from pikku_core.scan.marks import Marked, Marks
    from pikku_core.scan.report import Report
    from pikku_core.scan.uses import Uses


class ServiceLinker:
    """Collects what provides something: first all ids, then what each service itself needs."""

    def __init__(
        self,
        marks: Marks,
        parameters: ParameterReader,
        providers: Providers,
        uses: Uses,
        report: Report,
    ) -> None:
        self._marks = marks
        self._parameters = parameters
        self._providers = providers
        self._uses = uses
        self._report = report
        self._declared: dict[str, Marked] = {}
        self._session: Marked | None = None
        self.models: dict[str, ServiceModel] = {}

    @property
    def session(self) -> Name | None:
        """The class of the project's sessions."""
        if self._session is None:
            return None
        return Name(self._session.module.name, self._session.facts["name"])

    def declare(self, marked: Marked) -> None:
        """Takes the id of a marked service, configuration or session."""
        addon = marked.module.owner_addon
        if marked.mark == "pikku_service":
            self._declare_service(marked, addon)
        elif addon:
            self._report.add(
                "PKU920",
                f'The addon "{addon}" declares "{marked.mark}", which belongs to the project.',
                marked.location,
                hint="Let the addon ask for what it needs as a service.",
            )
        elif marked.mark == "pikku_session":
            if self._session is None:
                self._session = marked
            else:
                self._second(marked, self._session, "session")
        elif "config" in self._declared:
            self._second(marked, self._declared["config"], "configuration")
        else:
            self._add("config", marked)

    def declare_plugin_service(self, name: str, marked: Marked) -> None:
        """Takes a plugin's service, which yields to one of the project."""
        if name not in self._declared:
            self._add(name, marked)

    def link(self) -> None:
        """Makes the models of all declared services that have none yet."""
        for id_, marked in sorted(self._declared.items()):
            if id_ not in self.models:
                self.models[id_] = self._model(id_, marked)

    def marked(self, id_: str) -> Marked:
        """The factory of a service."""
        return self._declared[id_]

    def _declare_service(self, marked: Marked, addon: str) -> None:
        name = self._marks.text(marked, "name", marked.facts["name"])
        id_ = f"{addon}:{name}" if addon else name
        if not name.isidentifier():
            self._report.add(
                "PKU124",
                f'"{name}" cannot be the name of a service: no parameter can be called so.',
                marked.location,
            )
        elif name in RESERVED:
            self._report.add(
                "PKU730",
                f'The service "{name}" has the name of a wire thing that "pikku_core" reserves.',
                marked.location,
                hint=f'Give it another name: @pikku_service(name="app_{name}").',
            )
        elif id_ in self._declared:
            first = self._declared[id_]
            self._report.add(
                "PKU731",
                f'Two services are called "{id_}".',
                marked.location,
                hint="Rename one of them.",
                related=[first.location],
            )
        else:
            self._add(id_, marked)

    def _add(self, id_: str, marked: Marked) -> None:
        self._declared[id_] = marked
        self._providers.services.add(id_)

    def _second(self, marked: Marked, first: Marked, what: str) -> None:
        self._report.add(
            "PKU725",
            f'"{marked.facts["name"]}" is a second {what} of the project.',
            marked.location,
            hint="Keep one of them.",
            related=[first.location],
        )

    def _model(self, id_: str, marked: Marked) -> ServiceModel:
        facts = marked.facts
        kind = kind_of(facts)
        self._parameters.positional_services(marked, 0)
        parameters = self._parameters.keyword_only(marked)
        scope = self._scope(marked)
        if id_ == "config":
            self._check_config(marked, parameters)
        origin = Name(marked.module.name, facts["name"])
        annotation = self._parameters.annotation(marked, facts["returns"], facts["line"])
        return ServiceModel(
            id=id_,
            origin=origin,
            location=marked.location,
            kind=kind,
            scope="call" if scope == "call" else "singleton",
            parameters=parameters,
            provides=origin if kind is CallableKind.CLASS else unwrapped(annotation, kind),
            rpc=self._uses.rpc(marked),
            secrets=self._uses.secrets(marked),
            variables=self._uses.variables(marked),
            addon=marked.module.owner_addon,
        )

    def _scope(self, marked: Marked) -> str:
        scope = self._marks.text(marked, "scope", "singleton")
        if scope not in {"singleton", "call"}:
            line = marked.options["scope"][1]
            self._report.add(
                "PKU124",
                f'"{scope}" is no scope of a service.',
                marked.module.at(line),
                hint='Use "singleton" or "call".',
            )
        return scope

    def _check_config(self, marked: Marked, parameters: tuple[Parameter, ...]) -> None:
        for parameter in parameters:
            if parameter.provider not in PROCESS_THINGS and not parameter.optional:
                self._report.add(
                    "PKU753",
                    f'The configuration asks for "{parameter.name}", but it is made before any service.',
                    marked.location,
                    hint='It may ask for "secrets", "variables" and "logger".',
                )
