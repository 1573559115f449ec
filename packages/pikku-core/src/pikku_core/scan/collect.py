"""Phase one: the facts of one file, read from its syntax tree and from nothing else."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from typing import TYPE_CHECKING, Final

from pikku_core.scan.bindings import renames
from pikku_core.scan.deep import (
    declaration_mentions,
    global_names,
    nested_imports,
    read_deep,
    walrus_names,
)
from pikku_core.scan.facts import CONDITIONAL, PLAIN, empty_facts
from pikku_core.scan.places import Places
from pikku_core.scan.signatures import SignatureReader
from pikku_core.scan.statements import StatementReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.scan.facts import ModuleFacts

_INDENTED_IMPORT: Final = r"\n[ \t]+(?:import|from)(?=\s)"
_DECLARED: Final = re.compile(r"""\b(?:def|class)[ \t]+(\w+)|["']([\w.:@-]+)["']""")


def collect(source: bytes, words: Sequence[str]) -> ModuleFacts:
    """Reads the facts of a file.

    Args:
        source: The bytes of the file; PEP 263 decides how they are decoded.
        words: The last names of everything that declares something (`pikku_func`, `wire_http` …): a use of one that is
            not a plain top-level statement is looked for only where a word occurs more often than it was accounted for.
    """
    facts = empty_facts()
    try:
        with warnings.catch_warnings():
            # Python warns about odd escapes while it parses; that is no business of a scan.
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except SyntaxError as error:
        return _unreadable(source, error.lineno or 1, error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        return _unreadable(source, 1, str(error) or "it is nested too deeply")
    text = source.decode("utf-8", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        _read(facts, text, tree, words)
    except RecursionError:
        return _unreadable(source, 1, "an expression is nested too deeply")
    return _unreadable(source, *facts["error"]) if facts["error"] else facts


def _unreadable(source: bytes, line: int, message: str) -> ModuleFacts:
    """The facts of a file that Python would refuse."""
    facts = empty_facts()
    facts["error"] = (line, message)
    text = source.decode("utf-8", "replace")
    names = {defined or quoted for defined, quoted in _DECLARED.findall(text)}
    # The class of the configuration is asked for under a name of its own.
    facts["lost"] = sorted(names | ({"config"} if "pikku_config" in text else set()))
    return facts


def _read(facts: ModuleFacts, text: str, tree: ast.Module, words: Sequence[str]) -> None:
    misplaced, postponed = _futures(tree) if "__future__" in text else (0, False)
    if misplaced:
        facts["error"] = (misplaced, "a __future__ import must be at the beginning of the file")
        return
    evaluated = not postponed and sys.version_info[:2] < (3, 14)
    signatures = SignatureReader(text, evaluated=evaluated)
    top = StatementReader(facts, signatures)
    top.block(tree.body, PLAIN)
    top.follow_calls(tree)
    present = [word for word in words if word in text]
    if present:
        _find_hidden(top, text, tree, present)
    if "global " in text:
        for name, line in global_names(tree, text):
            top.bind(name, "?", line, CONDITIONAL, "a function that declares it global")
    if ":=" in text:
        for name, line in walrus_names(tree, text):
            top.bind(name, "?", line, CONDITIONAL, "an assignment expression")
    if text.count("import") > top.imports:
        indented = Places(text, _INDENTED_IMPORT)
        # A match begins with the line break before the line.
        indented.lines = [line + 1 for line in indented.lines]
        facts["imports"] += nested_imports(tree, indented)


def _futures(tree: ast.Module) -> tuple[int, bool]:
    """The line of a `__future__` import that Python refuses, or 0; and whether annotations are postponed."""
    postponed, first = False, 1 if ast.get_docstring(tree, clean=False) is not None else 0
    leading = True
    for statement in tree.body[first:]:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            if not leading:
                return statement.lineno, postponed
            postponed = postponed or any(found.name == "annotations" for found in statement.names)
        else:
            leading = False
    return 0, postponed


def _find_hidden(top: StatementReader, text: str, tree: ast.Module, present: list[str]) -> None:
    """Looks for uses of declaring names that are not top-level statements, where there can be any."""
    wanted = {*present, *_renamed(top.facts, present)}
    mentions = declaration_mentions(tree, wanted)
    if sum(map(text.count, wanted)) <= mentions:
        return
    pattern = "|".join(rf"{re.escape(word)}\b" for word in sorted(wanted))
    places = Places(text, pattern)
    if len(places) > mentions:
        read_deep(tree, wanted, top.accounted, top.facts, places=places, reader=top.signatures)


def _renamed(facts: ModuleFacts, present: list[str]) -> set[str]:
    """Other names that this module gives to a declaring name: `import … as`, `alias = name`."""
    return {
        name
        for name, bindings in facts["bindings"].items()
        if any(renames(binding, present) for binding in bindings)
    }
