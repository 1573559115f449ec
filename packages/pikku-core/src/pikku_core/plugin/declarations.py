"""What hooks return: frozen declarations. Heavy things are `"module:attribute"` strings, imported on use.

Each kind of declaration has a `name` that is unique among its kind over all plugins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Target: TypeAlias = str
"""`"package.module:attribute"`: something to import when it is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WiringKind:
    """A transport, or a part of one: its folder is `.pikku/<name>/`.

    Attributes:
        name: `http`, `queue` …; a Python identifier, and not the name of another kind.
        title: For people.
        gives: The wire things that an invocation of this kind has, beside core's.
        streams: Whether a generator function may be wired to it.
        needs: Services that its runner asks the App for: they are there wherever a wiring of the kind is, as if a function
            asked for them.
        concerns: For declarations that name no function, such as middleware for a pattern: a function
            `(declaration: DeclarationModel, wirings: Sequence[WiringModel]) -> bool` that says whether one means any of the
            kind's wirings that a filter has left. Default: it does where any is left.
        exposed: For a kind that lets clients call functions by name: a function
            `(project: Project, settings: Settings) -> Iterable[WiringModel | Diagnostic]` that makes the wirings of those
            that are exposed, with `implied=True`. Asked where the project uses the kind.
        marked: Whether functions ask for the kind by an option of their own decorators, as tools do: `exposed` is then
            asked in every project.
    """

    name: str
    title: str
    gives: tuple[str, ...] = ()
    streams: bool = False
    needs: tuple[str, ...] = ()
    concerns: Target | None = None
    exposed: Target | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRule:
    """Reads the calls of some names in a project's modules.

    Attributes:
        name: `http.wirings`.
        kind: The wiring kind of what it reads.
        calls: The dotted names it reads, each with its parameters in positional order:
            `{"pikku_http.http_middleware": ("pattern", "middleware")}`. Keyword-only ones stand after `"*"`. A name
            counts wherever users can import it from; list every public place.
        read: A `ReadCall`.
        parts: Names whose calls declare nothing by themselves, and may stand in arguments of these, directly or under
            names; each with its parameters. `CallSite.parts` reads them.
    """

    name: str
    kind: str
    calls: Mapping[str, tuple[str, ...]]
    read: Target
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCheck:
    """Looks at the whole linked project, types included.

    Attributes:
        check: A function `(project: Project) -> Iterable[Diagnostic]`.
    """

    name: str
    check: Target


class Phase(IntEnum):
    """When a generator runs."""

    BEFORE = 0
    NORMAL = 1
    AFTER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedFile:
    """A file of `.pikku/`.

    Attributes:
        path: POSIX, relative to `.pikku/`: `http/openapi.gen.json`.
        content: The text; core adds the header that names the generator to `.py` and `.pyi` files.
    """

    path: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """Writes files beside the ones core writes for every kind (registration, literals, factories).

    Attributes:
        kind: The wiring kind whose presence makes it run; empty: always.
        outputs: The paths it may write, for the clash check; `*` stands for any run of characters.
        render: A function `(project: Project) -> Iterable[GeneratedFile]`.
        exports: Types among what it writes that users import from `pikku_app` itself, each with the module that has it:
            `(("Queue", "pikku_app.queue.pikku_queue_map_gen"),)`.
    """

    name: str
    kind: str = ""
    outputs: tuple[str, ...] = ()
    render: Target
    phase: Phase = Phase.NORMAL
    exports: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WireParameter:
    """A reserved keyword-only parameter that a transport gives.

    Attributes:
        type: The type for checkers, as `"module:attribute"`.
        sync_type: Its blocking twin; None: the same object serves sync and async functions.
        of_scope: For a thing of HTTP: a function `(scope) -> thing` of the ASGI scope of a request. A transport that sits on
            another's server gives the thing by it, without an import; see `App.scope_things`.
    """

    name: str
    type: Target
    sync_type: Target | None = None
    of_scope: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDeclaration:
    """A service that a plugin brings: `factory` is a `pikku_service` function. A project's own of that name wins.

    With a `WireParameter` of the same name it is a wire thing that every transport gives: `pikku` writes its types into
    `pikku_app`, and checks that sync functions ask for the blocking one, which a `HasBlockingTwin` gives them.
    """

    name: str
    factory: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaAdapter:
    """Makes codecs for types that pydantic does not know.

    Attributes:
        adapter: A function `(type) -> pikku_core.schema.TypeCodec | None`.
            A codec that has a method `json_schema(mode)`, with the mode `validation` or `serialization`, gives the type's
            JSON Schema; without one the schema allows anything.
    """

    name: str
    adapter: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A criterion for what is deployed: `--<name>` and `--exclude-<name>`.

    Attributes:
        values: A function `(entry: pikku_core.select.Entry) -> Iterable[str] | None`: what patterns are matched with, for
            a wiring, or for a function that is called by name; None where the criterion says nothing about it.
        subtree: Whether a pattern means what is below it too: `/admin` means `/admin/users`.
        ignore_case: Whether `get` means `GET`.
        choices: The only values there are; empty: any.
        declared: A function `(declaration: DeclarationModel) -> Iterable[str] | None`: the same for one that answers by
            itself (`DeclarationModel.answers`). Default: the criterion says nothing about them.
    """

    name: str
    help: str
    values: Target
    subtree: bool = False
    ignore_case: bool = False
    choices: tuple[str, ...] = ()
    declared: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Something that `pikku new` writes.

    Attributes:
        name: `function` is written by `pikku new function NAME`. `wiring http` is the choice `http` of `pikku new wiring`,
            and gets the name of a function of the project, the one to be wired.
        help: One line.
        files: A function `(naming: Naming) -> Iterable[tuple[str, str]]`: the path of each file, relative to the project,
            POSIX, and its text. None of them may exist. Packages on the way get their `__init__.py`.
        standalone: Whether it is written into a folder of its own, as a new project is; paths are relative to that.
    """

    name: str
    help: str
    files: Target
    standalone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSource:
    """Somewhere that secrets and variables come from, beside the environment, mounted files and `.env`.

    Attributes:
        name: What the setting `environment.sources` calls it.
        source: A function `(opening: pikku_core.environment.Opening) -> pikku_core.environment.Source`, called once, when an App
            starts.
    """

    name: str
    source: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of the `pikku` tool.

    Attributes:
        name: `serve`; a group's command is `queue list`.
        help: One line, shown by `pikku --help` without importing the target.
        target: A function, its annotations read by Typer: a parameter without a default is an argument (`list[str]`
            takes all that is left), one with a default an option; only more than that needs an import of typer. It
            gets what it works on from `current_command` and fails with `CommandError`.
        writes: Whether it refuses to run while a plugin is broken.
        filters: Whether it takes the flags of all filters, and `--filter`; they are in `current_command().filters`.
        serves: Whether it takes `--grace`, `--log-level` and `--log-format`, for `current_tool().serve`.
    """

    name: str
    help: str
    target: Target
    writes: bool = False
    filters: bool = False
    serves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeComponent:
    """Something that `pikku serve` and `pikku dev` run beside the others in one process and event loop.

    Attributes:
        kind: Runs when the project has wirings of this kind; empty: always.
        serve: An async function `(app: App, serving: pikku_core.runtime.serving.Serving) -> None` that calls
            `serving.ready(...)` once it accepts work, runs until `serving.stopping` is set, finishes what it has and returns.
        listens: Whether it takes the command's TCP socket; at most one running component may.
        mounts: What it offers to other components, by host kind: `{"http": "pikku_mcp.mount:app"}`.
    """

    name: str
    serve: Target | None = None
    kind: str = ""
    listens: bool = False
    mounts: tuple[tuple[str, Target], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorCheck:
    """A check of the machine and the settings.

    Attributes:
        check: A function `(project: Project) -> Iterable[Diagnostic]`.
    """

    name: str
    check: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A key of `[tool.pikku.<plugin>]`.

    Attributes:
        name: `http.max_body`: the table and the key.
        type: `str`, `int`, `float`, `bool` or `list[str]`.
        default: A value of that type.
        choices: Of a `str`, the only values there are; empty: any.
        check: A function `(value, registry: Registry) -> str` that says what is wrong with a value of that type, as the
            rest of a sentence that begins with the setting: `must be 1 or more, and is 0.`; empty where nothing is.
            It is not asked about the default.
    """

    name: str
    type: str
    default: str | int | float | bool | tuple[str, ...] | None
    help: str
    choices: tuple[str, ...] = ()
    check: Target | None = None
