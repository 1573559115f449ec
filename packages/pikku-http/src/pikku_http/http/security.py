"""How callers say who they are, for the documentation: `http_security`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from pikku_core import Declaration, DeclarationError
from pikku_http.http.wiring import pattern_problem

PLACES: Final = ("scheme", "header", "query", "cookie")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSecurity(Declaration):
    """A way to say who calls; what `http_security` returns."""

    kind: ClassVar[str] = "http"
    name: str
    pattern: str
    scheme: str
    header: str
    query: str
    cookie: str
    description: str


def http_security(
    name: str,
    *,
    scheme: str = "",
    header: str = "",
    query: str = "",
    cookie: str = "",
    pattern: str = "*",
    description: str = "",
) -> HttpSecurity:
    """Declares how callers of the routes that need a session say who they are; middleware of your own is what reads it.

    It is for the documentation, which knows what `bearer`, `api_key`, `cookie_session` and `stored_session` read by
    itself: one that says the same as these gives it another name and a description. A route of which nothing is known is
    documented with bearer tokens, which is what a 401 asks for. Several that mean one route are alternatives.

    ```python
    http_security("token", scheme="bearer")
    http_security("key", header="x-api-key", pattern="/admin/*")
    ```

    Args:
        name: What the documentation calls it.
        scheme: The scheme of the `Authorization` header (RFC 9110, 11.1): `bearer`, `basic` …
        header: Or the header that holds a key.
        query: Or the parameter of the query string that does.
        cookie: Or the cookie.
        pattern: The routes that it is for; `*` stands for any run of characters.

    Raises:
        DeclarationError: Not one of the four is given, or the pattern is not well-formed.
    """
    given = {"scheme": scheme, "header": header, "query": query, "cookie": cookie}
    problem = security_problem(name, given) or pattern_problem(pattern)
    if problem:
        raise DeclarationError(problem)
    return HttpSecurity(
        name=name,
        pattern=pattern,
        scheme=scheme,
        header=header,
        query=query,
        cookie=cookie,
        description=description,
    )


def security_problem(name: str, given: dict[str, str]) -> str:
    """What is wrong with a way to say who calls, or nothing."""
    places = [place for place in PLACES if given[place]]
    if len(places) == 1:
        return ""
    found = "none of them" if not places else " and ".join(f'"{place}"' for place in places)
    return (
        f'The security "{name}" needs one of "scheme", "header", "query" and "cookie", and has '
        f"{found}."
    )
