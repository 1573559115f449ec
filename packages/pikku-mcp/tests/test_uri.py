"""URIs of resources, and templates of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.shared.uri_template import UriTemplate

from pikku_mcp.uri import is_template, optional_variables_of, uri_problem, variables_of

NAMES = st.lists(st.text("abcxyz_", min_size=1, max_size=4), min_size=1, max_size=3, unique=True)


@pytest.mark.parametrize(
    ("uri", "names", "optional"),
    [
        ("config://app", (), ()),
        ("articles://{slug}", ("slug",), ()),
        ("files://{+path}", ("path",), ()),
        ("files:/{/path*}", ("path",), ()),
        ("logs://{service}{?since,level}", ("service", "since", "level"), ("since", "level")),
    ],
)
def test_variables_are_read(uri: str, names: tuple[str, ...], optional: tuple[str, ...]) -> None:
    assert uri_problem(uri) == ""
    assert is_template(uri) == bool(names)
    assert variables_of(uri) == names
    assert optional_variables_of(uri) == optional


@pytest.mark.parametrize(
    ("uri", "problem"),
    [
        ("articles", "must begin with a scheme"),
        ("a://{slug", "a brace without its other one"),
        ("a://{}", "is none of RFC 6570"),
        ("a://{+/slug}", "is none of RFC 6570"),
        ("a://{a b}", "is none of RFC 6570"),
        ("a://{slug}/{slug}", 'the variable "slug" twice'),
        ("a://a b", "or a space"),
    ],
)
def test_what_is_no_uri_is_said(uri: str, problem: str) -> None:
    assert problem in uri_problem(uri)


@given(names=NAMES, operator=st.sampled_from(["", "?"]))
def test_it_reads_what_the_server_reads(names: list[str], operator: str) -> None:
    uri = f"a://b{{{operator}{','.join(names)}}}"
    assert uri_problem(uri) == ""
    if operator or len(names) == 1:
        assert list(variables_of(uri)) == UriTemplate.parse(uri).variable_names
