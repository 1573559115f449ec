"""What users declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import DeclarationError, pikku_sessionless_func
from pikku_mcp import (
    mcp_middleware,
    wire_mcp_completion,
    wire_mcp_prompt,
    wire_mcp_resource,
    wire_mcp_tool,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


MISTAKEN: Any = hello


def test_wirings_are_known_by_what_clients_call_them() -> None:
    assert wire_mcp_tool(name="a", func=hello).id == "mcp:tool:a"
    assert wire_mcp_prompt(name="a", func=hello).id == "mcp:prompt:a"
    assert wire_mcp_resource("a://b", func=hello).id == "mcp:resource:a://b"
    assert wire_mcp_completion(of="a", argument="b", func=hello).id == "mcp:completion:a:b"


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: wire_mcp_tool(name="a b", func=hello), 'The tool "a b" must be called by'),
        (lambda: wire_mcp_prompt(name="", func=hello), 'The prompt "" must be called by'),
        (lambda: wire_mcp_resource("a", func=hello), "must begin with a scheme"),
        (
            lambda: wire_mcp_resource("a://{b}", func=hello, paths=["c"]),
            'The resource "a://{b}" has no variable "c"',
        ),
        (lambda: wire_mcp_completion(of="", argument="a", func=hello), 'needs "of" and "argument"'),
        (lambda: wire_mcp_tool(name="a", func=hello, scopes="b"), "must be a list of names"),
        (lambda: mcp_middleware(MISTAKEN), "must be a list of functions"),
    ],
)
def test_what_is_not_well_formed_is_refused(declare: Callable[[], Any], message: str) -> None:
    with pytest.raises(DeclarationError) as raised:
        declare()
    assert message in str(raised.value)
