from __future__ import annotations

import json
import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pikku_core.codegen.json_text import json_text

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=50,
)


@given(JSON)
def test_a_document_reads_as_what_it_was(value: Any) -> None:
    assert json.loads(json_text(value)) == value


def test_numbers_that_json_does_not_have_are_null() -> None:
    assert (
        json_text([math.nan, -math.inf, "NaN", {"a": math.inf}])
        == '[null, null, "NaN", {"a": null}]\n'
    )


def test_half_a_surrogate_pair_is_escaped() -> None:
    text = json_text({"\ud800": "a\udfff"})
    assert text.encode()
    assert json.loads(text) == {"\ud800": "a\udfff"}


def test_what_fits_stands_on_one_line() -> None:
    assert json_text({"a": {"b": [1, 2]}}) == '{"a": {"b": [1, 2]}}\n'


def test_what_does_not_fit_is_broken_from_the_outside() -> None:
    value: Any = {"long": ["x" * 60, "y" * 60], "short": [1, 2]}
    assert json_text(value).splitlines() == [
        "{",
        '  "long": [',
        '    "' + "x" * 60 + '",',
        '    "' + "y" * 60 + '"',
        "  ],",
        '  "short": [1, 2]',
        "}",
    ]
