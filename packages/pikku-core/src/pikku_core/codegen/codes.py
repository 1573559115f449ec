"""The diagnostics of the schema step and of generators."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode, Severity

NO_SCHEMA: Final = DiagnosticCode(
    code="PKU456",
    title="A type without a schema",
    explanation="The data or the result of a function has a type that pydantic cannot describe, so that it can "
    "neither be validated nor be written. Use a pydantic model, a dataclass, a TypedDict, a plain type, or something "
    "made of these. A model has no schema either while an annotation in it names what its module does not import.",
    example="""class Connection:
    def __init__(self, url): ...

@pikku_func
async def connect(data: Connection) -> None: ...
""",
    mended="""@dataclass
class Connection:
    url: str

@pikku_func
async def connect(data: Connection) -> None: ...
""",
)
WRONG_DEFAULT: Final = DiagnosticCode(
    code="PKU956",
    title="A default that is no value of its variable's type",
    explanation="A variable has its default where the environment says nothing, and it is validated like what the "
    "environment says: an application whose default is refused would not start.",
    example='define_variable("code_length", int, default="seven")\n',
    mended='define_variable("code_length", int, default=7)\n',
)
IMPORT_RAISED: Final = DiagnosticCode(
    code="PKU770",
    title="A module of data types raises while it is imported",
    explanation="Schemas are made from the types themselves: the modules that define them, and no others, are "
    "imported in a process of their own. Keep data types in modules that import little and need no environment.",
    example="""DATABASE = os.environ["DATABASE"]

class User(BaseModel):
    name: str
""",
    mended="""class User(BaseModel):
    name: str
""",
)
TYPED_DICT: Final = DiagnosticCode(
    code="PKU771",
    title="A TypedDict of the standard library on Python 3.11",
    explanation="Before Python 3.12 `typing.TypedDict` does not tell which keys are required in what it inherits. "
    "The one of `typing_extensions` does, and is the same to type checkers.",
    example="""from typing import TypedDict

class User(TypedDict):
    name: str
""",
    mended="""from typing_extensions import TypedDict

class User(TypedDict):
    name: str
""",
)
IMPORT_EFFECT: Final = DiagnosticCode(
    code="PKU772",
    title="A module acts on the outside while it is imported",
    explanation="Importing the data types opened a database, wrote a file, reached for the network or started a "
    "process. It happens on every run of `pikku` and in every process that serves. Do it in a service.",
    severity=Severity.WARNING,
    example="""connection = sqlite3.connect("app.sqlite")

class User(BaseModel):
    name: str
""",
    mended="""@pikku_service
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect("app.sqlite")) as connection:
        yield connection
""",
)
SCHEMA_PROCESS: Final = DiagnosticCode(
    code="PKU773",
    title="The process that imports the data types ended",
    explanation="A module that defines data types ended the process in which it was imported, or kept it waiting. "
    "Nothing but definitions should happen while it is imported.",
    example="""class User(BaseModel):
    name: str

if "DATABASE" not in os.environ:
    os._exit(1)
""",
    mended="""class User(BaseModel):
    name: str
""",
)
CHECK_RAISED: Final = DiagnosticCode(
    code="PKU780",
    title="A plugin's scan rule, check or generator raises",
    explanation="A scan rule, a check or a generator of a plugin raised an exception instead of reporting a diagnostic. "
    "It is a fault of the plugin: turn the plugin off with `--disable-plugin` and report it.",
    example="""def check(project: Project) -> Iterator[Diagnostic]:
    for wiring in project.wirings:
        if wiring.meta["word"].islower():  # other kinds have no word
            yield Diagnostic(code="SHO001", message=f'"{wiring.id}" is not shouted.')
""",
    mended="""def check(project: Project) -> Iterator[Diagnostic]:
    for wiring in project.wirings:
        if wiring.kind == "shout" and str(wiring.meta["word"]).islower():
            yield Diagnostic(code="SHO001", message=f'"{wiring.id}" is not shouted.')
""",
)
OUTPUT_CLASH: Final = DiagnosticCode(
    code="PKU781",
    title="Two generators write one file",
    explanation="Two generators, or a generator and core, give a file of the same path; the setting `outputs` can "
    "bring that about too. Turn one of the plugins off, or give one of the files another path in `outputs`.",
    example="""# pyproject.toml
[tool.pikku.outputs]
"http/pikku-http-wirings-meta.gen.json" = "docs/meta.json"
"function/pikku-functions-meta.gen.json" = "docs/meta.json"
""",
    mended="""# pyproject.toml
[tool.pikku.outputs]
"http/pikku-http-wirings-meta.gen.json" = "docs/http.json"
"function/pikku-functions-meta.gen.json" = "docs/functions.json"
""",
)
OUTPUT_UNDECLARED: Final = DiagnosticCode(
    code="PKU782",
    title="A generator writes a file that it does not declare",
    explanation="A generator gives a file whose path is not among its `outputs`, or leads out of the folder. It is a "
    "fault of the plugin: turn the plugin off with `--disable-plugin` and report it.",
    example="""Generator(name="pages", outputs=("pages/index.html",), render="acme_pages:render")

def render(project: Project) -> list[GeneratedFile]:
    return [GeneratedFile(path=f"pages/{id}.html", content=id) for id in project.functions]
""",
    mended="""Generator(name="pages", outputs=("pages/*.html",), render="acme_pages:render")

def render(project: Project) -> list[GeneratedFile]:
    return [GeneratedFile(path=f"pages/{id}.html", content=id) for id in project.functions]
""",
)
OUTPUT_SETTING: Final = DiagnosticCode(
    code="PKU783",
    title="A setting of `outputs` that cannot be honoured",
    explanation="A key of `outputs` names no generated file, or one of the modules that the runtime loads together. "
    "These move with the setting `out`.",
    example="""# pyproject.toml
[tool.pikku.outputs]
"pikku_services_gen.py" = "app/services_gen.py"
""",
    mended="""# pyproject.toml
[tool.pikku]
out = "app/generated"
""",
)
FOREIGN_FILE: Final = DiagnosticCode(
    code="PKU784",
    title="A generated file would replace one that is not generated",
    explanation="The setting `outputs` gives a generated file a path where a file lies that no run of `pikku` wrote. "
    "Move that file away or choose another path.",
    example="""# pyproject.toml
[tool.pikku.outputs]
"http/openapi.gen.json" = "README.md"
""",
    mended="""# pyproject.toml
[tool.pikku.outputs]
"http/openapi.gen.json" = "docs/openapi.json"
""",
)
UNWRITABLE: Final = DiagnosticCode(
    code="PKU786",
    title="A generated file cannot be written",
    explanation="The folder of generated files, or a file in it, cannot be written: it is read-only, something else "
    "has its name, or the disk is full. What was written before counts as stale.",
    example="$ sudo pikku  # what it writes belongs to root\n$ pikku\n",
    mended='$ sudo chown -R "$USER" .pikku\n$ pikku\n',
)
RUNTIME_DIFFERS: Final = DiagnosticCode(
    code="PKU785",
    title="Source and program disagree",
    explanation="`pikku check --runtime` imports the wirings and compares what they declare with what the scan read "
    "in their source. They differ where source does something that cannot be read: a decorator that replaces a "
    "function, a module that changes another one. Write it so that it can be read.",
    example="""@adds_a_service
@pikku_func
async def create_user(data: CreateUser) -> User: ...
""",
    mended="""@pikku_func
async def create_user(data: CreateUser, *, audit: Audit) -> User: ...
""",
)

UNGUARDED: Final = DiagnosticCode(
    code="PKU574",
    title="An exposed function that nothing guards",
    explanation="Clients may call a function by name that needs no session, and neither its own permissions nor those "
    'for all or for its tags are asked. `pikku check` fails until one of these guards it, or `expose="public"` says that '
    "anybody may call it.",
    example="""@pikku_sessionless_func(expose=True)
async def create_user(data: CreateUser) -> User: ...
""",
    mended="""@pikku_sessionless_func(expose="public")
async def create_user(data: CreateUser) -> User: ...
""",
)

CODES: Final = (
    NO_SCHEMA,
    WRONG_DEFAULT,
    IMPORT_RAISED,
    TYPED_DICT,
    IMPORT_EFFECT,
    SCHEMA_PROCESS,
    CHECK_RAISED,
    OUTPUT_CLASH,
    OUTPUT_UNDECLARED,
    OUTPUT_SETTING,
    FOREIGN_FILE,
    UNWRITABLE,
    RUNTIME_DIFFERS,
    UNGUARDED,
)
