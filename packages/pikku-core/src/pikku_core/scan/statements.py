"""The top level of one module: what its statements bind, declare, import and may change."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from pikku_core.scan.actions import acted_on, called, local_names
from pikku_core.scan.facts import (
    CONDITIONAL,
    FOR_CHECKERS,
    MENTIONED,
    PLAIN,
    ImportFacts,
    ModuleFacts,
    Node,
)
from pikku_core.scan.nodes import dotted_name, node_of
from pikku_core.scan.signatures import SignatureReader, read_class

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class StatementReader:
    """Goes through the top-level statements of one module, once.

    Attributes:
        imports: How many import statements were read.
        accounted: Identities of the syntax nodes that were read as calls or decorators.
    """

    def __init__(self, facts: ModuleFacts, signatures: SignatureReader) -> None:
        self.facts = facts
        self.signatures = signatures
        self.imports = 0
        self.accounted: set[int] = set()
        self._readers: dict[type[ast.stmt], Callable[[Any, int], None]] = {
            ast.Import: self._import_module,
            ast.ImportFrom: self._import_from,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Expr: self._expression,
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated_assign,
            ast.AugAssign: self._augmented_assign,
            ast.Delete: self._delete,
            ast.If: self._if,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.For: self._loop,
            ast.AsyncFor: self._loop,
            ast.While: self._loop,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Match: self._match,
        }

    def bind(self, name: str, tag: str, line: int, condition: int, *rest: Any) -> None:
        """Notes a binding, see `facts.Binding`."""
        self.facts["bindings"].setdefault(name, []).append((tag, line, condition, *rest))

    def _statement(self, node: ast.stmt, condition: int) -> None:
        read = self._readers.get(node.__class__)
        if read is not None:
            read(node, condition)
        elif node.__class__.__name__ == "TypeAlias":  # the statement of Python 3.12
            self.bind(vars(node)["name"].id, "class", node.lineno, condition, ())
        elif not isinstance(node, ast.Pass):
            self._effect(node)

    def _import_module(self, node: Any, condition: int) -> None:
        self.imports += 1
        for alias in node.names:
            name = alias.name
            bound, module = (alias.asname, name) if alias.asname else (name.partition(".")[0],) * 2
            self.bind(bound, "import", node.lineno, condition, module, "", 0)
            if condition != FOR_CHECKERS:
                self.facts["imports"].append(
                    ImportFacts(module=name, level=0, names=None, line=node.lineno)
                )

    def _import_from(self, node: Any, condition: int) -> None:
        self.imports += 1
        module, level, line = node.module or "", node.level, node.lineno
        names: list[str] = []
        for alias in node.names:
            names.append(alias.name)
            if alias.name == "*":
                self.facts["stars"].append((module, level, line, condition))
            else:
                self.bind(
                    alias.asname or alias.name, "import", line, condition, module, alias.name, level
                )
        if condition != FOR_CHECKERS:
            self.facts["imports"].append(
                ImportFacts(module=module, level=level, names=names, line=line)
            )

    def _function(self, node: Any, condition: int) -> None:
        decorators = node.decorator_list
        if decorators:
            if len(decorators) == 1 and dotted_name(node_of(decorators[0])).endswith("overload"):
                return
            context = "conditional" if condition == CONDITIONAL else ""
            self.facts["defs"].append(self.signatures.function(node, node.name, context))
            self.accounted.add(id(node))
        self.bind(node.name, "def", node.lineno, condition)

    def _class(self, node: Any, condition: int) -> None:
        if node.decorator_list:
            context = "conditional" if condition == CONDITIONAL else ""
            self.facts["defs"].append(read_class(node, node.name, context))
            self.accounted.add(id(node))
        self.bind(
            node.name, "class", node.lineno, condition, tuple(node_of(base) for base in node.bases)
        )

    def _expression(self, node: Any, condition: int) -> None:
        value = node.value
        if isinstance(value, ast.Call) and condition == PLAIN:
            call = node_of(value)
            if dotted_name(call[1]).startswith("__all__."):
                self.facts["exports"] = None
            self.facts["calls"].append((call, ""))
            self.accounted.add(id(value))
        elif not isinstance(value, ast.Constant):
            self._effect(value)

    def _assign(self, node: Any, condition: int) -> None:
        value = node_of(node.value)
        first = ""
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._bind_value(
                    target.id, value if not first else ("n", first, node.lineno), node, condition
                )
                first = first or target.id
            else:
                self._unpack(target, condition)

    def _annotated_assign(self, node: Any, condition: int) -> None:
        if node.value is None:
            return
        if isinstance(node.target, ast.Name):
            self._bind_value(node.target.id, node_of(node.value), node, condition)
        else:
            self._unpack(node.target, condition)

    def _bind_value(self, name: str, value: Node, node: Any, condition: int) -> None:
        self.bind(name, "=", node.lineno, condition, value)
        if name == "__all__":
            self._exports(value)
        if value[0] == "k" and condition == PLAIN:
            self.facts["calls"].append((value, name))
            self.accounted.add(id(node.value))

    def _exports(self, value: Node) -> None:
        literal = value[0] in {"l", "t"} and all(item[0] == "c" for item in value[1])
        self.facts["exports"] = [item[1] for item in value[1]] if literal else None

    def _augmented_assign(self, node: Any, condition: int) -> None:
        if isinstance(node.target, ast.Name):
            name = node.target.id
            added = node_of(node.value)
            exports = self.facts["exports"]
            if name == "__all__" and exports is not None and added[0] in {"l", "t"}:
                exports += [item[1] for item in added[1] if item[0] == "c"]
            else:
                if name == "__all__":
                    self.facts["exports"] = None
                self.bind(name, "?", node.lineno, condition, "an augmented assignment")
        else:
            self._effect(node)

    def _unpack(self, target: ast.expr, condition: int) -> None:
        if isinstance(target, (ast.Tuple, ast.List)):
            for item in target.elts:
                self._unpack(item, condition)
        elif isinstance(target, ast.Starred):
            self._unpack(target.value, condition)
        elif isinstance(target, ast.Name):
            self.bind(target.id, "?", target.lineno, condition, "an assignment to several names")
        else:
            self._effect(target)

    def _delete(self, node: Any, condition: int) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.bind(target.id, "?", node.lineno, condition, "a del statement")
            else:
                self._effect(target)

    def _if(self, node: Any, condition: int) -> None:
        test = node.test
        negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        if negated:
            test = test.operand
        if dotted_name(node_of(test)).rpartition(".")[2] == "TYPE_CHECKING":
            seen, unseen = (node.orelse, node.body) if negated else (node.body, node.orelse)
            self.block(seen, FOR_CHECKERS)
            self.block(unseen, condition)
            return
        inner = _inside(condition)
        self._effect(node.test)
        self.block(node.body, inner)
        self.block(node.orelse, inner)

    def _try(self, node: Any, condition: int) -> None:
        inner = _inside(condition)
        self.block(node.body, inner)
        for handler in node.handlers:
            if handler.name:
                self.bind(handler.name, "?", handler.lineno, inner, "an except clause")
            self.block(handler.body, inner)
        self.block(node.orelse, inner)
        self.block(node.finalbody, inner)

    def _loop(self, node: Any, condition: int) -> None:
        inner = _inside(condition)
        if isinstance(node, ast.While):
            self._effect(node.test)
        else:
            self._bind_targets(node.target, "a loop")
            self._effect(node.iter)
        self.block(node.body, inner)
        self.block(node.orelse, inner)

    def _with(self, node: Any, condition: int) -> None:
        inner = _inside(condition)
        for item in node.items:
            self._effect(item.context_expr)
            if item.optional_vars is not None:
                self._bind_targets(item.optional_vars, "a with statement")
        self.block(node.body, inner)

    def _match(self, node: Any, condition: int) -> None:
        inner = _inside(condition)
        self._effect(node.subject)
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if isinstance(name, str):
                    self.bind(name, "?", case.pattern.lineno, CONDITIONAL, "a match statement")
            self.block(case.body, inner)

    def _bind_targets(self, target: ast.expr, how: str) -> None:
        for part in ast.walk(target):
            if isinstance(part, ast.Name):
                self.bind(part.id, "?", part.lineno, CONDITIONAL, how)

    def block(self, statements: Sequence[ast.stmt], condition: int) -> None:
        """Reads statements that all happen under one condition, see `facts`."""
        for statement in statements:
            self._statement(statement, condition)

    def follow_calls(self, tree: ast.Module) -> None:
        """Notes what those functions of the module change that its top level calls."""
        called_here = [(dotted_name(call[1]), call[4]) for call, _ in self.facts["calls"]]
        if not any(self._is_function(name) for name, _ in called_here):
            return
        functions = {
            node.name: node
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        for start, line in called_here:
            pending, seen = [start], set[str]()
            while pending:
                function = functions.get(pending.pop())
                if function is None or function.name in seen:
                    continue
                seen.add(function.name)
                pending += called(function)
                for name, level in acted_on(function).items():
                    if name not in local_names(function):
                        self._note(name, line, level)

    def _is_function(self, name: str) -> bool:
        return any(binding[0] == "def" for binding in self.facts["bindings"].get(name, ()))

    def _effect(self, node: ast.AST) -> None:
        """Notes the names that a statement may change: a generated factory would not run it."""
        acted = acted_on(node)
        for part in ast.walk(node):
            if isinstance(part, ast.Name):
                self._note(part.id, part.lineno, acted.get(part.id, MENTIONED))

    def _note(self, name: str, line: int, level: int) -> None:
        known = self.facts["effects"].get(name)
        if known is None or level > known[1]:
            self.facts["effects"][name] = (line, level)


def _inside(condition: int) -> int:
    return FOR_CHECKERS if condition == FOR_CHECKERS else CONDITIONAL
