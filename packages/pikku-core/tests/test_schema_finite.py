"""No infinity gets in through a number that is too large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from pikku_core import InvalidDataError
from pikku_core.schema import codec_for


class Amount(BaseModel):
    n: float


@dataclass
class Weight:
    n: float


class Length(TypedDict):
    n: float


class Basket(BaseModel):
    n: list[Amount | None]


class Tree(BaseModel):
    n: float = 0
    inner: Tree | None = None


class Fields(BaseModel):
    """Its fields are called what core schemas call their own parts."""

    n: float
    type: float = 1
    metadata: float = 2
    default: float = 3


class Unbounded(BaseModel):
    model_config = ConfigDict(allow_inf_nan=True)

    n: float


HUGE = ["1e999", "-1e999", "1" * 400, "1" * 400 + ".0"]


def codes(type_: Any, text: str) -> list[str]:
    with pytest.raises(InvalidDataError) as caught:
        codec_for(type_).read_json(text.encode())
    return [each.code for each in caught.value.details]


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize("type_", [Amount, Weight, Length, Tree, Fields, dict[str, float]])
def test_a_number_too_large_for_a_float_is_refused(type_: Any, number: str) -> None:
    assert codes(type_, f'{{"n": {number}}}') == ["finite_number"]


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (float, "1e999"),
        (list[float], "[1, 1e999]"),
        (Basket, '{"n": [null, {"n": 1e999}]}'),
        (Tree, '{"inner": {"inner": {"n": 1e999}}}'),
        (Fields, '{"n": 1, "type": 1e999}'),
        (Fields, '{"n": 1, "metadata": 1e999}'),
        (Fields, '{"n": 1, "default": 1e999}'),
    ],
)
def test_wherever_it_stands(type_: Any, text: str) -> None:
    assert "finite_number" in codes(type_, text)


@pytest.mark.parametrize("type_", [Amount, Weight, Length])
def test_so_is_a_body_that_is_merged_with_other_sources(type_: Any) -> None:
    read = codec_for(type_).mapping_reader(text=frozenset(), json=True)
    with pytest.raises(InvalidDataError):
        read({"n": float("inf")})


def test_text_that_means_infinity_is_refused() -> None:
    read = codec_for(Amount).mapping_reader(text=frozenset({"n"}), json=False)
    with pytest.raises(InvalidDataError):
        read({"n": "inf"})


@pytest.mark.parametrize("type_", [Unbounded, Annotated[float, Field(allow_inf_nan=True)]])
def test_a_type_may_allow_it(type_: Any) -> None:
    text = b'{"n": 1e999}' if type_ is Unbounded else b"1e999"
    assert "inf" in repr(codec_for(type_).read_json(text))


def test_what_is_read_is_an_instance_like_any_other() -> None:
    codec = codec_for(Tree)
    tree = codec.read_json(b'{"n": 1, "inner": {"n": 2.5}}')
    assert tree == Tree(n=1, inner=Tree(n=2.5))
    assert codec.check_result(tree) is tree
