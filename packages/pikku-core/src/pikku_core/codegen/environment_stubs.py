"""The typed `Secrets` and `Variables`: what each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pikku_core.codegen.functions import ANY
from pikku_core.codegen.scope import Scope
from pikku_core.codegen.stub_tree import Branch, branch_out
from pikku_core.plugin.expression import Constant, Expression, Name, Subscript, Union
from pikku_core.plugin.spelling import spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin.model import DeclarationModel, Project

SECRET: Final = Name("pikku_core", "Secret")
ABC: Final = "collections.abc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How the stub of a kind is written.

    Attributes:
        imports: The lines that bring `given`.
        base: What its classes are.
        members: What all of them have.
    """

    imports: tuple[str, ...]
    given: Mapping[Name, str]
    base: str
    members: tuple[str, ...] = ()


FORMS: Final[Mapping[str, Form]] = {
    "secrets": Form(
        imports=("from typing import Any, Protocol", "", "from pikku_core import Secret"),
        given={SECRET: "Secret", ANY: "Any", Name("typing", "Protocol"): "Protocol"},
        base="Protocol",
    ),
    "variables": Form(
        imports=("from collections.abc import Iterator, Mapping", "from typing import Any"),
        given={ANY: "Any", Name(ABC, "Iterator"): "Iterator", Name(ABC, "Mapping"): "Mapping"},
        base="Mapping[str, str]",
        members=(
            "def __getitem__(self, key: str, /) -> str: ...",
            "def __iter__(self) -> Iterator[str]: ...",
            "def __len__(self) -> int: ...",
        ),
    ),
}


def render_environment_stub(project: Project, kind: str) -> str:
    """The text of `secrets/__init__.pyi` or `variables/__init__.pyi`; an addon's stand below its name."""
    definitions = {
        each.id.replace(":", "."): each for each in project.declarations if each.kind == kind
    }
    form = FORMS[kind]
    tree = branch_out(kind.title(), definitions)
    scope = Scope(
        [_type(each) for each in definitions.values()],
        taken=tree.names(),
        given=form.given,
    )
    classes = ["\n".join(_lines(branch, scope, form)) for branch in tree.inner_first()]
    head = [f'"""The {kind} of this project."""', "", *form.imports]
    if scope.imports:
        head += ["", *scope.imports]
    return "\n".join(head) + "\n\n" + "\n\n".join(classes) + "\n"


def _type(definition: DeclarationModel) -> Expression:
    """The type of an attribute."""
    type_ = definition.type or ANY
    if definition.kind == "secrets":
        type_ = Subscript(SECRET, type_)
    return Union(type_, Constant(None)) if definition.meta["optional"] else type_


def _lines(branch: Branch[DeclarationModel], scope: Scope, form: Form) -> Iterator[str]:
    members = {name: branch.branches[name].name for name in branch.branches}
    members |= {name: spell(_type(leaf), scope) for name, leaf in branch.leaves.items()}
    if not members and not form.members:
        yield f"class {branch.name}({form.base}): ..."
        return
    yield f"class {branch.name}({form.base}):"
    for member in form.members:
        yield f"    {member}"
    for name in sorted(members):
        yield "    @property"
        yield f"    def {name}(self) -> {members[name]}: ..."
