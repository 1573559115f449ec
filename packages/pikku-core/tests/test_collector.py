from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from pikku_core.collector import collector_off

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture(autouse=True)
def nothing_frozen() -> Generator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()
    gc.enable()


def test_the_collector_is_off_inside_and_on_again() -> None:
    with collector_off():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_is_on_again_after_an_error() -> None:
    with pytest.raises(KeyError), collector_off():
        raise KeyError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with collector_off():
        pass
    assert not gc.isenabled()


def test_what_was_made_inside_counts_as_old() -> None:
    with collector_off():
        made: list[object] = [[] for _ in range(10)]
    old = gc.get_objects(generation=2)
    assert any(one is made for one in old)
    assert gc.get_freeze_count() == 0


def test_what_somebody_has_frozen_stays_frozen() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    with collector_off():
        pass
    assert gc.get_freeze_count() == frozen > 0
