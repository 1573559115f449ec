from __future__ import annotations

import re
from typing import Any

import pytest

from pikku_http.http.trace import trace_id_of

PARENT = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def trace(*headers: tuple[bytes, bytes]) -> str:
    return trace_id_of({"headers": list(headers)})


def test_a_request_id_is_taken_over() -> None:
    assert trace((b"traceparent", PARENT), (b"x-request-id", b"req-1.a:b_c")) == "req-1.a:b_c"


def test_the_trace_id_of_a_parent_is_taken_over() -> None:
    assert trace((b"traceparent", PARENT)) == "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    "header",
    [
        (b"x-request-id", b""),
        (b"x-request-id", b"a b"),
        (b"x-request-id", b"a" * 129),
        (b"x-request-id", b"a\xff"),
        (b"x-request-id", b"a\n"),
        (b"traceparent", b"00-" + b"0" * 32 + b"-00f067aa0ba902b7-01"),
        (b"traceparent", b"ff" + PARENT[2:]),
        (b"traceparent", PARENT.upper()),
        (b"traceparent", b"nonsense"),
        (b"traceparent", PARENT + b"-junk"),
        (b"traceparent", PARENT + b"-"),
    ],
)
def test_a_malformed_id_counts_as_none(header: tuple[bytes, bytes]) -> None:
    assert re.fullmatch("[0-9a-f]{32}", trace(header))


def test_a_later_version_of_a_parent_may_say_more() -> None:
    assert trace((b"traceparent", b"01" + PARENT[2:] + b"-more")) == PARENT[3:35].decode()


def test_new_ids_differ() -> None:
    assert trace() != trace()


def test_a_request_has_one_id_however_often_it_is_asked() -> None:
    scope: dict[str, Any] = {"headers": []}
    assert trace_id_of(scope) == trace_id_of(scope)
