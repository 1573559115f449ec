"""The typed `Rpc` and its blocking twin: one method per function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.codegen.functions import ANY
from pikku_core.codegen.layout import WIDTH
from pikku_core.codegen.scope import Scope
from pikku_core.codegen.stub_tree import Branch, branch_out
from pikku_core.plugin.expression import Name
from pikku_core.plugin.model import CallableKind
from pikku_core.plugin.spelling import spell
from pikku_core.rpc import invoked_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin.model import FunctionModel, Project

OVERLOADS: Final = 200
"""Up to so many names `invoke` is overloaded; beyond, overloads take type checkers seconds."""

STREAMS: Final = frozenset({CallableKind.SYNC_GENERATOR, CallableKind.ASYNC_GENERATOR})
TYPING: Final = ("Any", "Literal", "Protocol", "overload")


def render_rpc_stub(project: Project) -> str:
    """The text of `rpc/__init__.pyi`."""
    functions = {
        chain: project.functions[identity]
        for chain, identity in project.rpc_names.items()
        if identity in project.functions and project.functions[identity].kind not in STREAMS
    }
    trees = [branch_out("Rpc", functions), branch_out("SyncRpc", functions)]
    scope = Scope(
        [
            expression
            for function in functions.values()
            for expression in (function.data, function.result or ANY)
        ],
        taken=trees[0].names() | trees[1].names() | {"invoke"},
        given={Name("typing", name): name for name in TYPING},
    )
    callable_ = {function.id: function for function in functions.values()}
    invoked = {
        name: callable_[identity]
        for name, identity in invoked_names(project.rpc_names).items()
        if identity in callable_
    }
    stub = RpcStub(invoked, scope)
    classes = [
        "\n".join(stub.lines(branch, asynchronous=tree is trees[0], outermost=branch is tree))
        for tree in trees
        for branch in tree.inner_first()
    ]
    head = [
        '"""Calling the functions of this project by name."""',
        "",
        f"from typing import {', '.join(TYPING)}",
    ]
    if scope.imports:
        head += ["", *scope.imports]
    return "\n".join(head) + "\n\n" + "\n\n".join(classes) + "\n"


class RpcStub:
    """Writes the classes of the stub.

    Args:
        invoked: The functions by what `invoke` calls them; a stream cannot be called by name.
        scope: How types are spelled.
    """

    def __init__(self, invoked: Mapping[str, FunctionModel], scope: Scope) -> None:
        self._invoked = dict(sorted(invoked.items()))
        self._scope = scope

    def lines(
        self, branch: Branch[FunctionModel], *, asynchronous: bool, outermost: bool
    ) -> Iterator[str]:
        """The lines of one class; `invoke` stands in the outermost."""
        keyword = "async def" if asynchronous else "def"
        yield f"class {branch.name}(Protocol):"
        for name in sorted(branch.branches):
            yield "    @property"
            yield f"    def {name}(self) -> {branch.branches[name].name}: ..."
        for name in sorted(branch.leaves):
            function = branch.leaves[name]
            yield from self._method(f"{keyword} {name}", ["self", *self._data(function)], function)
        if outermost:
            yield from self._invoke(keyword)

    def _invoke(self, keyword: str) -> Iterator[str]:
        if not 0 < len(self._invoked) <= OVERLOADS:
            yield f"    {keyword} invoke(self, name: str, data: Any = None, /) -> Any: ..."
            return
        for name, function in self._invoked.items():
            if len(self._invoked) > 1:
                yield "    @overload"
            given = self._data(function) or ["/"]
            named = f'name: Literal["{name}"]'
            yield from self._method(
                f"{keyword} invoke", ["self", named, *given], function, doc=False
            )

    def _data(self, function: FunctionModel) -> list[str]:
        if function.data is None:
            return []
        default = " = ..." if function.data_optional else ""
        return [f"data: {spell(function.data, self._scope)}{default}", "/"]

    def _method(
        self, start: str, parameters: list[str], function: FunctionModel, *, doc: bool = True
    ) -> Iterator[str]:
        result = spell(function.result or ANY, self._scope)
        about = _about(function) if doc else ""
        end = "" if about else " ..."
        line = f"    {start}({', '.join(parameters)}) -> {result}:{end}"
        if len(line) <= WIDTH:
            yield line
        else:
            yield f"    {start}("
            yield f"        {', '.join(parameters)}"
            yield f"    ) -> {result}:{end}"
        if about:
            yield f'        """{about}"""'


def _about(function: FunctionModel) -> str:
    line = (function.title or function.description).strip().partition("\n")[0]
    # What would end the docstring, or be an escape or no text in it, is better left out of it.
    return line if line.isprintable() and '"' not in line and "\\" not in line else ""
