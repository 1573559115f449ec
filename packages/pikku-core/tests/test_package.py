"""What `from pikku_core import …` gives."""

from __future__ import annotations

import pytest

import pikku_core


@pytest.mark.parametrize("name", pikku_core.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(pikku_core, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match='no attribute "pikku_function"'):
        _ = pikku_core.pikku_function
