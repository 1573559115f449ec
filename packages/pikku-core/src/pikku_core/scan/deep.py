"""What stands below the top level of a module: searched for only where the text says that something is there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pikku_core.scan.facts import DefFacts, ImportFacts, ModuleFacts
from pikku_core.scan.nodes import dotted_name, node_of
from pikku_core.scan.places import Places
from pikku_core.scan.signatures import SignatureReader, read_class

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_BRANCHES = (ast.If, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def global_names(tree: ast.Module, text: str) -> Iterator[tuple[str, int]]:
    """Names that a function declares `global`, which it therefore binds at the module's top level."""
    for node in Places(text, r"\bglobal\b").walk(tree.body):
        if isinstance(node, ast.Global):
            for name in node.names:
                yield name, node.lineno


def walrus_names(tree: ast.Module, text: str) -> Iterator[tuple[str, int]]:
    """Names that an assignment expression outside any function binds, in a comprehension too (PEP 572)."""
    places = Places(text, ":=")
    pending: list[ast.AST] = [*tree.body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.NamedExpr):
            yield node.target.id, node.lineno
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            pending.extend(node.decorator_list)
        elif not isinstance(node, ast.Lambda):
            pending.extend(places.children(node))


def nested_imports(tree: ast.Module, places: Places) -> list[ImportFacts]:
    """The imports inside functions and classes: they too bring in modules at run time.

    Args:
        places: Where indented lines begin with `import` or `from`.
    """
    found: list[ImportFacts] = []
    for node in places.walk([scope for outer in tree.body for scope in _scopes(outer)]):
        if isinstance(node, ast.Import):
            found += [
                ImportFacts(module=alias.name, level=0, names=None, line=node.lineno)
                for alias in node.names
            ]
        elif isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            found.append(
                ImportFacts(
                    module=node.module or "", level=node.level, names=names, line=node.lineno
                )
            )
    return found


def _scopes(statement: ast.AST) -> Iterator[ast.stmt]:
    """The outermost functions and classes in a statement."""
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        yield statement
    elif isinstance(statement, (*_BRANCHES, *_LOOPS, ast.ExceptHandler, ast.match_case)):
        for child in ast.iter_child_nodes(statement):
            yield from _scopes(child)


def declaration_mentions(tree: ast.Module, words: Collection[str]) -> int:
    """How often the words occur in what the top level was read from: imports, decorators, calls, aliases, `__all__`."""
    count = 0
    for node in tree.body:
        if isinstance(node, (ast.ImportFrom, ast.Import)):
            for alias in node.names:
                count += (alias.name in words) + (alias.asname in words)
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            count += sum(_declares(decorator, words) for decorator in node.decorator_list)
        elif isinstance(node, ast.Expr):
            count += isinstance(node.value, ast.Call) and _declares(node.value, words)
        elif isinstance(node, ast.Assign):
            count += _assigned_mentions(node, words)
    return count


def _assigned_mentions(node: ast.Assign, words: Collection[str]) -> int:
    targets = [target.id for target in node.targets if isinstance(target, ast.Name)]
    if targets == ["__all__"] and isinstance(node.value, (ast.List, ast.Tuple)):
        items = node.value.elts
        return sum(isinstance(item, ast.Constant) and item.value in words for item in items)
    return sum(target in words for target in targets) + _declares(node.value, words)


def _declares(expression: ast.expr, words: Collection[str]) -> bool:
    called = expression.func if isinstance(expression, ast.Call) else expression
    return _last(called) in words


def _last(expression: ast.expr) -> str:
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else ""


def read_deep(
    tree: ast.Module,
    words: Collection[str],
    accounted: Collection[int],
    facts: ModuleFacts,
    *,
    places: Places,
    reader: SignatureReader,
) -> None:
    """Adds nested decorated functions and every other use of the words to the facts.

    Args:
        accounted: Identities of the nodes that were read at the top level.
        places: Where the words stand.
    """
    _DeepReader(words, accounted, facts, places=places, reader=reader).block(tree.body, "", "")


class _DeepReader:
    def __init__(
        self,
        words: Collection[str],
        accounted: Collection[int],
        facts: ModuleFacts,
        *,
        places: Places,
        reader: SignatureReader,
    ) -> None:
        self.words = words
        self.accounted = accounted
        self.facts = facts
        self.places = places
        self.reader = reader

    def block(self, statements: list[ast.stmt], context: str, path: str) -> None:
        for statement in statements:
            if self.places.within(statement):
                self.visit(statement, context, path)

    def visit(self, node: ast.AST, context: str, path: str) -> None:
        """Reads a node.

        Args:
            context: The outermost thing that keeps it from being a plain statement; empty if nothing does.
            path: What stands before a name defined here in its `__qualname__`.
        """
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            self.definition(node, context, path)
        elif isinstance(node, ast.Call) and _last(node.func) in self.words:
            if id(node) not in self.accounted:
                self.use(node.func, context or "expression")
            self.children(node, context or "expression", path, leave_out=node.func)
        elif isinstance(node, (ast.Name, ast.Attribute)) and _last(node) in self.words:
            if isinstance(getattr(node, "ctx", None), ast.Load):
                self.use(node, "value")
        elif isinstance(node, ast.Assign) and not context and _last(node.value) in self.words:
            return  # an alias: names are followed through it
        else:
            self.children(node, context or _context(node), path)

    def children(
        self, node: ast.AST, context: str, path: str, *, leave_out: ast.AST | None = None
    ) -> None:
        for child in self.places.children(node):
            if child is not leave_out:
                self.visit(child, context, path)

    def definition(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, context: str, path: str
    ) -> None:
        qualname = f"{path}{node.name}"
        declared = [found for found in node.decorator_list if _declares(found, self.words)]
        if declared and id(node) not in self.accounted:
            self.facts["defs"].append(self.facts_of(node, qualname, context or "conditional"))
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if decorator not in declared:
                self.visit(decorator, context or "expression", path)
            elif called is not decorator:
                self.children(decorator, context or "expression", path, leave_out=called)
        if isinstance(node, ast.ClassDef):
            self.block(node.body, context or "class", f"{qualname}.")
        else:
            self.visit(node.args, context or "expression", path)
            self.block(node.body, context or "function", f"{qualname}.<locals>.")

    def facts_of(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
        qualname: str,
        context: str,
    ) -> DefFacts:
        if isinstance(node, ast.ClassDef):
            return read_class(node, qualname, context)
        return self.reader.function(node, qualname, context)

    def use(self, expression: ast.expr, context: str) -> None:
        callee = node_of(expression)
        if dotted_name(callee):
            self.facts["hidden"].append((callee, expression.lineno, context))


def _context(node: ast.AST) -> str:
    if isinstance(node, _LOOPS):
        return "loop"
    if isinstance(node, _BRANCHES):
        return "conditional"
    return "comprehension" if isinstance(node, _COMPREHENSIONS) else ""
