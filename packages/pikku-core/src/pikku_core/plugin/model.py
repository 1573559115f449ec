"""The linked model of a project: what the scanner found, for checks and generators to read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pikku_core.plugin.spelling import type_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pikku_core.plugin.diagnostics import Diagnostic, Location
    from pikku_core.plugin.expression import Call, Expression, Name
    from pikku_core.setting_values import SettingValue

SAID: Final = frozenset(
    {
        *("auth", "factory", "function", "implied", "middleware", "needed_by"),
        *("permissions", "scopes", "source", "tag", "tags"),
    }
)
"""What generated files say of every declaration; no `meta` has these keys."""

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


class CallableKind(StrEnum):
    """How a callable runs, read from its `def`."""

    SYNC = "sync"
    ASYNC = "async"
    SYNC_GENERATOR = "sync_generator"
    ASYNC_GENERATOR = "async_generator"
    CLASS = "class"

    @property
    def is_generator(self) -> bool:
        """Whether its result is a stream of items."""
        return self in {CallableKind.SYNC_GENERATOR, CallableKind.ASYNC_GENERATOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A keyword-only parameter: a service or a wire thing.

    Attributes:
        provider: The id of what is injected: a wire thing's name, a service's id (`database`, `acme:mailer`).
        optional: Whether it has a default.
        annotation: Its type; None where there is none.
    """

    name: str
    provider: str
    optional: bool = False
    annotation: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallableModel:
    """A function of the project that the framework calls: middleware or permission.

    Attributes:
        origin: Where it is. For one that is defined inside a factory, the factory.
        qualname: Python's `__qualname__`, such as `rate_limit.<locals>.check`.
        factory: Whether `origin` is a factory to be called first.
        data: The type of its positional parameter; None where it takes none (a permission), always None for middleware.
        rpc, secrets, variables: What its body uses of these wire things, as far as it is literal; see `FunctionModel`.
    """

    origin: Name
    qualname: str
    location: Location
    kind: CallableKind
    parameters: tuple[Parameter, ...] = ()
    factory: bool = False
    data: Expression | None = None
    rpc: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`module:qualname`, by which the runtime finds what it needs."""
        return f"{self.origin.module}:{self.qualname}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionModel:
    """A function of the project or of an addon.

    Attributes:
        id: Its identity: `create_user`, an addon's `acme:send`, `create_user@v2` of one that states a version.
        origin: Where its `def` is, whatever it is imported as.
        needs_session: Whether it is a `pikku_func`.
        parameters: What it asks for by keyword.
        version: What its decorator states; 0 where it states none.
        deploy: What its decorator states: `server`, `serverless`, or nothing.
        mcp: Whether its decorator makes it a tool for agents.
        destructive, idempotent: What its decorator says of its effects; None: nothing.
        data: The type of its data; None where it takes none.
        data_name, data_optional: The name of the data parameter, and whether it has a default.
        result: The type of its result; None where it is not annotated.
        title, description, tags, expose, readonly, scopes: The literal options of its decorator.
        public: Whether its decorator says that nothing guards it although it is exposed.
        middleware, permissions: Keys of the callables that its decorator names; see `CallableModel.key`.
        factory_calls: What calls of factories are among the middleware; see `DeclarationModel`.
        alternatives: The same permissions as they are asked: all of one alternative must hold. Empty: none is asked.
        rpc: Ids of the functions that its body calls through `rpc`, as far as they are literal.
        variables: Names of the declared variables that its body reads; `*` where it cannot be told which.
        addon: The namespace of the addon that it belongs to; empty for the project's own.
    """

    id: str
    origin: Name
    location: Location
    kind: CallableKind
    needs_session: bool
    parameters: tuple[Parameter, ...] = ()
    data: Expression | None = None
    data_name: str = ""
    data_optional: bool = False
    result: Expression | None = None
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    expose: bool = False
    public: bool = False
    readonly: bool = False
    scopes: tuple[str, ...] = ()
    middleware: tuple[str, ...] = ()
    factory_calls: tuple[Call, ...] = ()
    permissions: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    rpc: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    version: int = 0
    deploy: str = ""
    mcp: bool = False
    destructive: bool | None = None
    idempotent: bool | None = None
    addon: str = ""

    @property
    def base(self) -> str:
        """The id without its version: `create_user` of `create_user@v2`."""
        return self.id.rpartition("@v")[0] if self.version else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceModel:
    """A service of the project or of an addon; `config` is one too.

    Attributes:
        id: What functions ask for: `database`; an addon's is `acme:mailer`.
        provides: The type it gives: the return annotation, without the iterator round it.
        rpc, secrets, variables: What its body uses of these wire things, as far as it is literal; see `FunctionModel`.
    """

    id: str
    origin: Name
    location: Location
    kind: CallableKind
    scope: Literal["singleton", "call"]
    parameters: tuple[Parameter, ...] = ()
    provides: Expression | None = None
    rpc: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    addon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationModel:
    """A `wire_*` call that names no function, such as `http_middleware("/admin/*", [...])`.

    Attributes:
        kind: The wiring kind that understands it.
        id: Unique in its kind, made of what the declaration is about; never of a line number.
        call: The call, to be written out again.
        meta: What its scan rule read, JSON-like; the runtime has it before the call is run. Of `http`:
            `{"method": "get", "route": "/users/{id}", …}`. What generated files say of every declaration (`factory`, `tags` …) is
            no key of it.
        tag: The tag that the declaration is about, such as that of `tag_middleware`; empty for others.
        tags: Labels for filters.
        answers: Whether it is a way into the project by itself, as a mount is: filters choose it like a wiring.
        service: The service that the declaration is about: it stays where that stays; empty for others.
        type: The type that the declaration is about, such as that of a secret; its schema is written like those of data.
        middleware, permissions: Keys of the callables in it.
        factory_calls: What calls of factories are among the middleware, such as `bearer(session_of, scheme="Token")`: the
            name is that of the factory's `def`, whatever module assigns the call to a name, and constants are their values.
        alternatives: The same permissions as they are asked; see `FunctionModel`.
        variables: Names of the declared variables that it takes values from, when the App starts.
        lines: The line of each argument that is given, by parameter name; a positional one may have that of the call.
    """

    kind: str
    id: str
    call: Call
    location: Location
    meta: Mapping[str, Json] = field(default_factory=dict[str, Json])
    tag: str = ""
    tags: tuple[str, ...] = ()
    answers: bool = False
    service: str = ""
    type: Expression | None = None
    middleware: tuple[str, ...] = ()
    factory_calls: tuple[Call, ...] = ()
    permissions: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    variables: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)

    def __post_init__(self) -> None:
        """Checks what generated files would say twice."""
        for key in sorted(SAID.intersection(self.meta)):
            raise ValueError(
                f'The meta of "{self.id}" has the key "{key}", which says something else in generated files: rename it.'
            )

    def place(self, parameter: str) -> Location:
        """The line of an argument; that of the call where it is not given."""
        return replace(self.location, line=self.lines.get(parameter, self.location.line))


@dataclass(frozen=True, slots=True, kw_only=True)
class WiringModel(DeclarationModel):
    """A `wire_*` call that lets a transport call a function.

    Attributes:
        function: The id of the function: `project.functions[wiring.function]`.
        auth, scopes, tags: What the call says beside the function's own; `auth` is None where it says nothing.
        implied: Whether no call stands for it: a kind serves a function because that is exposed.
        needs: The services that whatever runs it asks for; see `WiringKind.needs`.
    """

    function: str
    auth: bool | None = None
    scopes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    implied: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldModel:
    """A field of a data type.

    Attributes:
        aliases: Other names under which it is accepted.
        kind: `scalar`, `list` (of scalars) or `other`: what text sources can fill.
    """

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = True
    kind: Literal["scalar", "list", "other"] = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeModel:
    """A data type: what the schema step learned by importing the module that defines it.

    Attributes:
        key: The type as an expression of qualified names: `app.models.User`, `list[app.models.User] | None`.
        name: A short unique name for files: `User`, `ListUser`.
        fields: Its fields where it is a model, dataclass or TypedDict; None for any other type.
    """

    key: str
    name: str
    input_schema: Json
    output_schema: Json
    fields: tuple[FieldModel, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonModel:
    """An addon that the project uses.

    Attributes:
        name: The namespace that the project gives it.
        package: Its import package.
        location: Where the project wires it.
        auth, scopes, tags: What the project asks of its functions; their models have it, beside what they say themselves.
    """

    name: str
    package: str
    distribution: str
    version: str
    location: Location
    auth: bool = False
    scopes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Everything that was found. Mappings are sorted by key, tuples by id.

    Attributes:
        functions, services: By id; those of addons too.
        callables: Middleware and permissions, by `CallableModel.key`.
        wirings: Of all kinds; `wiring.kind` says which, `wiring.meta` what it declares.
        declarations: All kinds', `wirings` too.
        addons: By the name that the project gives them.
        session: The class that `pikku_session` marks; None where there is none.
        types: By key; empty until the schema step has run.
        rpc_names: The attribute chain of each function under `rpc`: `{"send_welcome": "send_welcome", "acme.send": "acme:send"}`.
        root: The project's folder; None for one that was put together by hand.
        modules: Each scanned module's file, by dotted name.
        imports: The scanned modules that each scanned module imports at run time (not under TYPE_CHECKING).
        foreign_imports: The modules outside the scanned source that each scanned module imports at run time.
        settings: The tables of the plugins, defaults filled in: `settings["http"]["max_body"]`.
        metadata: The table `[project]` of `pyproject.toml`; empty where there is none.
        secret_keys: What the environment calls all declared secrets, those that a filter leaves out too; sorted.
        diagnostics: What the scan reports.
    """

    functions: Mapping[str, FunctionModel] = field(default_factory=dict[str, FunctionModel])
    services: Mapping[str, ServiceModel] = field(default_factory=dict[str, ServiceModel])
    callables: Mapping[str, CallableModel] = field(default_factory=dict[str, CallableModel])
    wirings: tuple[WiringModel, ...] = ()
    declarations: tuple[DeclarationModel, ...] = ()
    addons: Mapping[str, AddonModel] = field(default_factory=dict[str, AddonModel])
    session: Name | None = None
    types: Mapping[str, TypeModel] = field(default_factory=dict[str, TypeModel])
    rpc_names: Mapping[str, str] = field(default_factory=dict[str, str])
    root: Path | None = field(default=None, compare=False)
    modules: Mapping[str, str] = field(default_factory=dict[str, str])
    imports: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    foreign_imports: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    settings: Mapping[str, Mapping[str, SettingValue]] = field(
        default_factory=dict[str, "Mapping[str, SettingValue]"]
    )
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])
    secret_keys: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def data_type(self, function: str) -> TypeModel | None:
        """The type of the data of the function with this id; None where it takes none, or nothing is known of it."""
        return self._type(self.functions[function].data)

    def result_type(self, function: str) -> TypeModel | None:
        """The type of the result of the function with this id; None where nothing is known of it."""
        return self._type(self.functions[function].result)

    def _type(self, expression: Expression | None) -> TypeModel | None:
        return None if expression is None else self.types.get(type_key(expression))
