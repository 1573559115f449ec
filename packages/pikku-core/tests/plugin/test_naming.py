"""The forms of a name."""

from __future__ import annotations

import pytest

from pikku_core.plugin import Naming


def named(name: str) -> Naming:
    return Naming(name=name, package="shop", folder="src/shop")


@pytest.mark.parametrize("name", ["send_welcome", "send-welcome", "SendWelcome", "sendWelcome"])
def test_a_name_has_the_same_forms_however_it_is_given(name: str) -> None:
    naming = named(name)
    assert naming.words == ("send", "welcome")
    assert (naming.snake, naming.kebab) == ("send_welcome", "send-welcome")
    assert (naming.pascal, naming.title) == ("SendWelcome", "Send welcome")


def test_a_text_is_filled_with_the_forms_and_with_more() -> None:
    text = "$$ $folder/$snake.py: $package.${pascal}Data in $where"
    filled = named("send-welcome").fill(text, where="Oslo")
    assert filled == "$ src/shop/send_welcome.py: shop.SendWelcomeData in Oslo"


def test_a_form_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError, match=r'^"\$camel" stands for nothing, only "\$folder", '):
        named("send").fill("$camel")
