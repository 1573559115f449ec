"""Schemas, made by the process that imports the data types."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pikku_core.codegen.schema import resolve
from pikku_core.codegen.schema.files import render_schemas
from pikku_core.codegen.schema.resolve import ResolvedTypes, SchemaProcessError, resolve_types
from pikku_core.plugin.model import FieldModel, Project, TypeModel

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.codegen.schema.exchange import Answer, Request

Scan = Callable[[str], Project]
Resolve = Callable[[str], ResolvedTypes]

MODELS = """\
# app/models.py
from __future__ import annotations
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar
from pydantic import AliasChoices, BaseModel, ConfigDict, Field
from typing_extensions import NotRequired, TypedDict

T = TypeVar("T")

class Colour(Enum):
    RED = "red"

class Address(BaseModel):
    street: str

class User(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    id: int
    name: str = Field(default="", alias="userName")
    email: str = Field(validation_alias=AliasChoices("mail", "e-mail"))
    tags: list[str] = []
    colour: Colour | None = None
    address: Address | None = None
    anything: Any = None

@dataclass
class Point:
    x: int
    y: float = 0.0

class Row(TypedDict):
    id: int
    note: NotRequired[str]

class Page(BaseModel, Generic[T]):
    items: list[T]

class Node(BaseModel):
    children: list[Node] = []
# app/functions.py
from __future__ import annotations
from typing import TYPE_CHECKING
from pikku_core import pikku_sessionless_func
if TYPE_CHECKING:
    from app import models
    from app.models import Node, Page, Point, Row, User
import a_library_that_is_not_installed
"""


def function(signature: str, name: str = "run") -> str:
    return f"\n@pikku_sessionless_func\nasync def {name}{signature}: ...\n"


@pytest.fixture
def resolve_source(scan_project: Scan, tmp_path: Path) -> Resolve:
    def run(text: str) -> ResolvedTypes:
        project = scan_project(text)
        return resolve_types(
            project, root=tmp_path, paths=[str(tmp_path)], cache=tmp_path / "cache"
        )

    return run


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The types that the process was asked for, one list per process."""
    seen: list[list[str]] = []
    ask = resolve.ask

    def count(request: Request) -> Answer:
        seen.append([wanted["key"] for wanted in request["types"]])
        return ask(request)

    monkeypatch.setattr(resolve, "ask", count)
    return seen


def fields(found: TypeModel) -> dict[str, FieldModel]:
    return {field.name: field for field in found.fields or ()}


def test_data_has_an_input_schema_and_a_result_an_output_schema(resolve_source: Resolve) -> None:
    types = resolve_source(MODELS + function("(data: Point) -> User")).types
    assert types["app.models.Point"].output_schema is None
    assert types["app.models.User"].input_schema is None
    point = types["app.models.Point"].input_schema
    assert isinstance(point, dict)
    assert (point["title"], point["required"]) == ("Point", ["x"])


def test_a_type_that_is_taken_and_given_has_both(resolve_source: Resolve) -> None:
    found = resolve_source(MODELS + function("(data: User) -> User")).types["app.models.User"]
    assert isinstance(found.input_schema, dict)
    assert isinstance(found.output_schema, dict)
    assert found.input_schema != found.output_schema


def test_only_modules_of_types_are_imported(resolve_source: Resolve) -> None:
    # The function's own module imports a library that is not there.
    assert resolve_source(MODELS + function("(data: Point) -> None")).diagnostics == ()


@pytest.mark.parametrize(
    ("annotation", "key", "name"),
    [
        ("list[User]", "list[app.models.User]", "ListUser"),
        ("User | None", "app.models.User | None", "UserOrNone"),
        ("models.User", "app.models.User", "User"),
        ("Page[User]", "app.models.Page[app.models.User]", "PageUser"),
        ("dict[str, Point]", "dict[str, app.models.Point]", "DictStrPoint"),
        ("Node", "app.models.Node", "Node"),
        ("int", "int", "Int"),
    ],
)
def test_annotations_of_all_forms_are_understood(
    resolve_source: Resolve, annotation: str, key: str, name: str
) -> None:
    types = resolve_source(MODELS + function(f"(data: {annotation}) -> None")).types
    assert list(types) == [key]
    assert types[key].name == name
    assert types[key].input_schema is not None


def test_an_items_type_is_described_for_a_stream(resolve_source: Resolve) -> None:
    source = (
        MODELS
        + "from collections.abc import AsyncIterator\n"
        + "\n@pikku_sessionless_func\nasync def run() -> AsyncIterator[User]:\n    yield User()\n"
    )
    assert list(resolve_source(source).types) == ["app.models.User"]


def test_fields_have_their_aliases_and_kinds(resolve_source: Resolve) -> None:
    types = resolve_source(MODELS + function("(data: User) -> None")).types
    found = fields(types["app.models.User"])
    assert found["id"] == FieldModel(name="id", required=True, kind="scalar")
    assert found["name"] == FieldModel(
        name="name", aliases=("userName",), required=False, kind="scalar"
    )
    assert found["email"].aliases == ("mail", "e-mail")
    assert found["email"].required
    kinds = {name: field.kind for name, field in found.items()}
    assert kinds["tags"] == "list"
    assert (kinds["colour"], kinds["address"], kinds["anything"]) == ("scalar", "other", "other")


def test_a_dataclass_and_a_typed_dict_have_fields_too(resolve_source: Resolve) -> None:
    source = (
        MODELS + function("(data: Point) -> None", "one") + function("(data: Row) -> None", "two")
    )
    types = resolve_source(source).types
    assert [field.required for field in types["app.models.Point"].fields or ()] == [True, False]
    assert [field.required for field in types["app.models.Row"].fields or ()] == [True, False]


def test_a_container_has_no_fields(resolve_source: Resolve) -> None:
    types = resolve_source(MODELS + function("(data: list[User]) -> None")).types
    assert types["list[app.models.User]"].fields is None


def test_types_of_one_name_get_files_of_their_own(resolve_source: Resolve) -> None:
    source = (
        "# app/one.py\nfrom pydantic import BaseModel\nclass User(BaseModel): ...\n"
        "# app/two.py\nfrom pydantic import BaseModel\nclass User(BaseModel): ...\nclass USER(BaseModel): ...\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\nfrom app import one, two\n"
    )
    source += function("(data: one.User) -> two.User", "a") + function(
        "(data: two.USER) -> None", "b"
    )
    names = [found.name.casefold() for found in resolve_source(source).types.values()]
    assert len(set(names)) == 3
    assert all(name.startswith("app") for name in names)


def test_schemas_are_files_and_the_register_names_them(
    resolve_source: Resolve, load: Callable[[str], dict[str, object]]
) -> None:
    found = resolve_source(
        MODELS + function("(data: User) -> User") + function("(data: Row) -> Row", "x")
    )
    files = {file.path: file.content for file in render_schemas(Project(types=found.types))}
    assert sorted(files) == [
        "schemas/register_gen.py",
        "schemas/schemas/Row.schema.json",
        "schemas/schemas/User.output.schema.json",
        "schemas/schemas/User.schema.json",
    ]
    assert load(files["schemas/register_gen.py"])["SCHEMAS"] == {
        "Row": {
            "type": "app.models.Row",
            "input": "schemas/Row.schema.json",
            "output": "schemas/Row.schema.json",
        },
        "User": {
            "type": "app.models.User",
            "input": "schemas/User.schema.json",
            "output": "schemas/User.output.schema.json",
        },
    }


def test_a_second_run_starts_no_process(resolve_source: Resolve, asked: list[list[str]]) -> None:
    source = MODELS + function("(data: User) -> Point")
    first, second = resolve_source(source), resolve_source(source)
    assert first == second
    assert len(asked) == 1


def test_only_what_a_change_can_touch_is_described_again(
    resolve_source: Resolve, asked: list[list[str]]
) -> None:
    source = (
        "# app/part.py\nfrom pydantic import BaseModel\nclass Part(BaseModel):\n    size: int\n"
        "# app/whole.py\nfrom pydantic import BaseModel\nfrom app.part import Part\nclass Whole(BaseModel):\n    part: Part\n"
        "# app/other.py\nfrom pydantic import BaseModel\nclass Other(BaseModel): ...\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\nfrom app.other import Other\nfrom app.whole import Whole\n"
    ) + function("(data: Whole) -> Other")
    resolve_source(source)
    types = resolve_source(source.replace("size: int", "size: str")).types
    assert asked == [["app.other.Other", "app.whole.Whole"], ["app.whole.Whole"]]
    assert '"string"' in str(types["app.whole.Whole"].input_schema).replace("'", '"')


def test_a_mode_that_was_not_asked_for_before_is_added(
    resolve_source: Resolve, asked: list[list[str]]
) -> None:
    resolve_source(MODELS + function("(data: Point) -> None"))
    found = resolve_source(MODELS + function("(data: Point) -> Point"))
    assert found.types["app.models.Point"].output_schema is not None
    assert len(asked) == 2


def test_a_broken_cache_is_not_used(
    resolve_source: Resolve, asked: list[list[str]], tmp_path: Path
) -> None:
    source = MODELS + function("(data: Point) -> None")
    resolve_source(source)
    cache = tmp_path / "cache/schemas.json"
    for broken in (b"{", cache.read_bytes().replace(b'"fingerprint"', b'"fingerprinx"')):
        cache.write_bytes(broken)
        resolve_source(source)
    assert len(asked) == 3


def test_a_type_without_schema_is_named_with_its_function(resolve_source: Resolve) -> None:
    source = (
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\n"
        "from app.models import Strange\n"
        "# app/models.py\nclass Strange: ...\n# app/functions.py\n"
    )
    (found,) = resolve_source(source + function("(data: Strange) -> None", "odd")).diagnostics
    assert (found.code, str(found.location)) == ("PKU456", "app/functions.py:5")
    assert '"app.models.Strange" of the data of "odd" has no schema' in found.message


def test_a_name_that_a_model_lacks_is_told_where_the_model_names_it(
    resolve_source: Resolve,
) -> None:
    source = (
        "# app/models.py\nfrom __future__ import annotations\nfrom pydantic import BaseModel\n"
        "class Token(BaseModel):\n    name: str\n    expires: list[datetim]\n"
        "class Login(BaseModel):\n    token: Token\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\n"
        "from app.models import Login, Token\n"
    )
    source += function("(data: Token) -> None") + function("() -> Login", "log_in")
    (found,) = resolve_source(source).diagnostics
    assert (found.code, str(found.location)) == ("PKU456", "app/models.py:5")
    assert 'an annotation names "datetim", which is not defined' in found.message
    assert "TypeAdapter" not in found.message
    assert found.hint.startswith('Import or define "datetim"')


def test_a_default_that_is_no_value_of_its_type_is_reported(
    resolve_source: Resolve, asked: list[list[str]]
) -> None:
    source = (
        "# app/settings.py\nfrom pikku_core import define_variable\n"
        'define_variable("page", int, default=20)\n'
        'define_variable("codes", list[int], default=[1, "two"])\n'
        'define_variable(\n    "length",\n    int,\n    default="seven",\n)\n'
    )
    found = resolve_source(source).diagnostics
    assert [(one.code, str(one.location)) for one in found] == [
        ("PKU956", "app/settings.py:7"),
        ("PKU956", "app/settings.py:3"),
    ]
    assert resolve_source(source).diagnostics == found
    assert found[0].message.startswith(
        'The default of the variable "length" does not fit its type "int": Input'
    )
    assert len(asked) == 1
    mended = resolve_source(source.replace('"seven"', "7").replace('"two"', "2"))
    assert mended.diagnostics == ()


def test_a_type_that_several_functions_use_is_reported_once(resolve_source: Resolve) -> None:
    source = (
        "# app/models.py\nclass Strange: ...\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\nfrom app.models import Strange\n"
    )
    source += function("(data: Strange) -> None", "one") + function("() -> Strange", "two")
    (found,) = resolve_source(source).diagnostics
    assert [str(place) for place in found.related] == ["app/functions.py:8"]


def test_a_module_that_raises_is_named_with_exception_and_line(resolve_source: Resolve) -> None:
    source = (
        "# app/models.py\nfrom pydantic import BaseModel\nclass A(BaseModel): ...\nclass B(BaseModel): ...\nLIMIT = 1 / 0\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\nfrom app.models import A, B\n"
    ) + function("(data: A) -> B")
    (found,) = resolve_source(source).diagnostics
    assert (found.code, str(found.location)) == ("PKU770", "app/models.py:4")
    assert '"ZeroDivisionError: division by zero"' in found.message
    assert [str(place) for place in found.related] == ["app/functions.py:5"]


def test_a_missing_library_is_named_where_it_is_imported(resolve_source: Resolve) -> None:
    source = (
        "# app/models.py\nimport not_installed\nclass A: ...\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\nfrom app.models import A\n"
    ) + function("(data: A) -> None")
    (found,) = resolve_source(source).diagnostics
    assert (found.code, str(found.location)) == ("PKU770", "app/models.py:1")
    assert "No module named 'not_installed'" in found.message


def test_a_typed_dict_of_the_standard_library_has_a_diagnostic_of_its_own(
    resolve_source: Resolve,
) -> None:
    source = (
        "# app/models.py\nfrom typing import TypedDict\nclass Row(TypedDict):\n    id: int\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\nfrom app.models import Row\n"
    ) + function("(data: Row) -> None")
    found = [
        f"{each.code} {each.location} {each.hint}" for each in resolve_source(source).diagnostics
    ]
    hint = 'Import TypedDict from "typing_extensions".'
    # Python 3.12 describes it fully.
    assert found == ([f"PKU771 app/functions.py:5 {hint}"] if sys.version_info < (3, 12) else [])


EFFECTS = """\
# app/models.py
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from pydantic import BaseModel

connection = sqlite3.connect(":memory:")
Path("left-behind").write_text("x")
subprocess.run([sys.executable, "-c", ""])
with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))
print("hello")

class A(BaseModel): ...
# app/functions.py
from pikku_core import pikku_sessionless_func
from app.models import A
"""


def test_what_a_module_does_while_imported_is_a_warning_at_its_line(
    resolve_source: Resolve,
) -> None:
    found = resolve_source(EFFECTS + function("(data: A) -> None"))
    assert list(found.types) == ["app.models.A"]
    assert [(each.code, str(each.location), str(each.severity)) for each in found.diagnostics] == [
        ("PKU772", "app/models.py:8", "warning"),
        ("PKU772", "app/models.py:9", "warning"),
        ("PKU772", "app/models.py:10", "warning"),
        ("PKU772", "app/models.py:12", "warning"),
    ]
    assert "opens a SQLite database" in found.diagnostics[0].message


def test_the_warnings_are_there_again_when_nothing_is_imported(
    resolve_source: Resolve, asked: list[list[str]]
) -> None:
    source = EFFECTS + function("(data: A) -> None")
    assert resolve_source(source) == resolve_source(source)
    assert len(asked) == 1


def test_the_warnings_go_with_their_cause(resolve_source: Resolve) -> None:
    source = EFFECTS + function("(data: A) -> None")
    resolve_source(source)
    mended = source.replace('connection = sqlite3.connect(":memory:")', "")
    assert len(resolve_source(mended).diagnostics) == 3


def test_a_module_that_ends_the_process_is_an_error(resolve_source: Resolve) -> None:
    source = (
        "# app/models.py\nimport os\nos._exit(3)\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\nfrom app.models import A\n"
    ) + function("(data: A) -> None")
    with pytest.raises(SchemaProcessError, match=r'status 3 while it imported "app\.models"'):
        resolve_source(source.replace("os._exit", "class A: ...\nos._exit"))


def test_a_module_that_exits_is_a_diagnostic(resolve_source: Resolve) -> None:
    source = (
        "# app/models.py\nimport sys\nclass A: ...\nsys.exit('no')\n"
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\nfrom app.models import A\n"
    ) + function("(data: A) -> None")
    (found,) = resolve_source(source).diagnostics
    assert (found.code, str(found.location)) == ("PKU770", "app/models.py:3")


def test_a_process_that_waits_is_ended(
    resolve_source: Resolve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolve, "TIMEOUT", 0.05)
    with pytest.raises(SchemaProcessError, match="did not end"):
        resolve_source(MODELS + function("(data: Point) -> None"))


ADAPTER = """\
# acme_types.py
class Codec:
    fields = {"size": ("size", "Size")}
    def json_schema(self, mode):
        return {"type": "object", "properties": {"size": {"type": "integer"}}, "title": mode}
def adapt(type):
    return Codec() if type.__name__ == "Strange" else None
# app/models.py
class Strange: ...
# app/functions.py
from pikku_core import pikku_sessionless_func
from app.models import Strange
"""


def test_a_type_that_an_adapter_knows_gets_its_schema(scan_project: Scan, tmp_path: Path) -> None:
    project = scan_project(ADAPTER + function("(data: Strange) -> int"))
    found = resolve_types(
        project, root=tmp_path, paths=[str(tmp_path)], adapters=["acme_types:adapt"]
    )
    assert found.diagnostics == ()
    strange = found.types["app.models.Strange"]
    assert isinstance(strange.input_schema, dict)
    assert strange.input_schema["title"] == "validation"
    assert strange.fields == (
        FieldModel(name="size", aliases=("Size",), required=False, kind="scalar"),
    )
    assert found.types["int"].output_schema == {"type": "integer"}
