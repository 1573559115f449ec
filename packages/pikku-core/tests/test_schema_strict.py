from __future__ import annotations

import unittest
import warnings
from typing import Any

import pytest
from pydantic import BaseModel, Field, field_serializer

from pikku_core import InvalidResultError, schema_strict
from pikku_core.schema_pydantic import PydanticCodec


class User(BaseModel):
    id: int = Field(serialization_alias="userId")


class Loud(BaseModel):
    id: int

    @field_serializer("id")
    def write_id(self, value: int) -> int:
        warnings.warn("ids are going", DeprecationWarning, stacklevel=2)
        return value


WRONG = User(id=7).model_copy(update={"id": "seven"})


def test_a_value_that_fits_is_written_by_alias() -> None:
    assert PydanticCodec(User).write_json(User(id=7)) == b'{"userId":7}'


@pytest.mark.parametrize("action", ["default", "error", "ignore", "always", "once"])
def test_a_value_that_does_not_fit_is_refused_whatever_filters_are_set(action: Any) -> None:
    write = PydanticCodec(User).write_json
    with warnings.catch_warnings():
        warnings.simplefilter(action)
        for _ in range(2):
            with pytest.raises(InvalidResultError, match="id: expected int"):
                write(WRONG)


def test_it_is_refused_after_unittest_has_tidied_the_registries() -> None:
    with unittest.TestCase().assertWarns(UserWarning):
        warnings.warn("something else", stacklevel=1)
    with pytest.raises(InvalidResultError):
        PydanticCodec(User).write_json(WRONG)


def test_it_is_refused_where_somebody_gave_the_module_a_registry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = PydanticCodec(User).write_json
    monkeypatch.setattr(schema_strict, "__warningregistry__", {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(InvalidResultError):
            write(WRONG)


def test_it_is_refused_where_warnings_do_not_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_strict, "WARNINGS_RAISE", False)
    write = PydanticCodec(User).write_json
    assert write(User(id=7)) == b'{"userId":7}'
    with pytest.raises(InvalidResultError):
        write(WRONG)


def test_a_serializer_that_warns_its_caller_writes_all_the_same() -> None:
    with pytest.warns(DeprecationWarning, match="ids are going"):
        assert PydanticCodec(Loud).write_json(Loud(id=7)) == b'{"id":7}'


def test_warnings_raise_in_this_python() -> None:
    assert schema_strict.WARNINGS_RAISE
