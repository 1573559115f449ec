"""What a resource is called: a URI, or a template of URIs (RFC 6570). The scan reads them with this, and loads no SDK."""

from __future__ import annotations

import re
from typing import Final

EXPRESSION: Final = re.compile(r"\{([^{}]*)\}")
SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""What a URI begins with (RFC 3986, 3.1)."""
VARIABLE: Final = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*\*?")
OPERATORS: Final = "+#./;?&"
PLAIN: Final = re.compile(r"[^\s{}]*")


def is_template(uri: str) -> bool:
    """Whether it stands for many resources."""
    return "{" in uri or "}" in uri


def variables_of(uri: str) -> tuple[str, ...]:
    """The variables of a well-formed template, in order."""
    return tuple(
        name.removesuffix("*")
        for expression in EXPRESSION.findall(uri)
        for name in expression.lstrip(OPERATORS).split(",")
    )


def optional_variables_of(uri: str) -> tuple[str, ...]:
    """Those of them that a URI may leave out: they stand in its query."""
    return tuple(
        name.removesuffix("*")
        for expression in EXPRESSION.findall(uri)
        if expression[:1] in {"?", "&"}
        for name in expression[1:].split(",")
    )


def uri_problem(uri: str) -> str:
    """What is wrong with the URI of a resource, or nothing."""
    if not SCHEME.match(uri):
        return f'The resource "{uri}" must begin with a scheme: "articles://{uri}".'
    if not PLAIN.fullmatch(EXPRESSION.sub("", uri)):
        return f'The resource "{uri}" has a brace without its other one, or a space.'
    expressions = EXPRESSION.findall(uri)
    names = variables_of(uri)
    for name, expression in [
        (name, one) for one in expressions for name in one.lstrip(OPERATORS).split(",")
    ]:
        if not VARIABLE.fullmatch(name) or len(expression) - len(expression.lstrip(OPERATORS)) > 1:
            return f'The expression "{{{expression}}}" of the resource "{uri}" is none of RFC 6570.'
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return f'The resource "{uri}" has the variable "{twice[0]}" twice.'
    return ""
