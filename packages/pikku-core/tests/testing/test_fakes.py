from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.testing import (
    Call,
    FakeLogger,
    FakeSessions,
    UnexpectedUseError,
    calls,
    fake_rpc,
    fake_secrets,
    fake_sync_rpc,
    fake_variables,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def at_once(data: int) -> int:
    return data + 1


async def later(data: int) -> int:
    return data + 1


@pytest.mark.anyio
@pytest.mark.parametrize("given", [3, at_once, later])
async def test_rpc_answers_with_a_value_or_a_function_sync_or_async(given: Any) -> None:
    rpc = fake_rpc(add=given)
    assert await rpc.add(2) == 3
    assert await rpc.invoke("add", 2) == 3


@pytest.mark.anyio
@pytest.mark.parametrize("given", [ValueError("no"), ValueError])
async def test_rpc_raises_an_exception_that_it_is_given(given: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the class alone has no message
        await fake_rpc(add=given).add(2)


@pytest.mark.anyio
async def test_rpc_keeps_its_calls_in_order() -> None:
    rpc = fake_rpc(add=1, acme={"send": 2})
    await rpc.add(3)
    await rpc.acme.send("x")
    await rpc.invoke("acme:send", "y")
    await rpc.add()
    assert calls(rpc) == [
        Call("add", (3,)),
        Call("acme.send", ("x",)),
        Call("acme.send", ("y",)),
        Call("add"),
    ]
    assert calls(rpc, "add") == [Call("add", (3,)), Call("add")]


def test_rpc_names_a_function_that_was_not_given() -> None:
    rpc = fake_rpc(acme={"send": None})
    with pytest.raises(UnexpectedUseError, match=r'"send_mail".*fake_rpc\(send_mail=\.\.\.\)'):
        rpc.send_mail()
    with pytest.raises(UnexpectedUseError, match=r'fake_rpc\(acme=\{"receive": \.\.\.\}\)'):
        _ = rpc.acme.receive
    with pytest.raises(UnexpectedUseError, match="fake_rpc"):
        rpc.invoke("send_mail")


@pytest.mark.anyio
async def test_rpc_invokes_functions_by_ids_that_are_no_attributes() -> None:
    rpc = fake_rpc(create_card_v2=1, acme={"send_mail": 2})
    assert await rpc.invoke("create_card@v2") == 1
    assert await rpc.invoke("acme:send-mail") == 2
    assert calls(rpc) == [Call("create_card_v2"), Call("acme.send_mail")]
    for name, shown in (
        ("create_card@v3", r"fake_rpc\(create_card_v3=\.\.\.\)"),
        ("other:send-mail", r'fake_rpc\(other=\{"send_mail": \.\.\.\}\)'),
    ):
        with pytest.raises(UnexpectedUseError, match=shown):
            rpc.invoke(name)


@pytest.mark.parametrize("make", [fake_rpc, fake_sync_rpc])
def test_rpc_takes_the_data_and_nothing_else(make: Callable[..., Any]) -> None:
    rpc = make(add=1)
    with pytest.raises(TypeError, match='"add" is called with 2 arguments'):
        rpc.add(1, 2)
    with pytest.raises(TypeError):
        rpc.add(data=1)
    assert calls(rpc) == []


def test_sync_rpc_returns_the_result_itself() -> None:
    rpc = fake_sync_rpc(add=at_once)
    assert rpc.add(2) == 3
    assert calls(rpc) == [Call("add", (2,))]
    with pytest.raises(UnexpectedUseError, match=r"fake_sync_rpc\(send=\.\.\.\)"):
        rpc.send()


def test_sessions_are_set_and_cleared() -> None:
    sessions = FakeSessions("ada")
    assert (sessions.current, sessions.changed) == ("ada", False)
    sessions.set("jane")
    assert (sessions.current, sessions.changed) == ("jane", True)
    sessions.clear()
    assert (sessions.current, sessions.changed) == (None, True)


def test_a_logger_keeps_what_it_is_told_and_prints_nothing(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logger = FakeLogger()
    logger.info("Greeted %s", "Ada")
    logger.warning("Slow")
    assert logger.messages == ["INFO Greeted Ada", "WARNING Slow"]
    assert caplog.records == []
    assert capsys.readouterr() == ("", "")


def test_secrets_are_wrapped_as_real_ones_are() -> None:
    secrets = fake_secrets(stripe_key="sk_1", smtp=None, acme=fake_secrets(api_key="a"))
    assert secrets.stripe_key.reveal() == "sk_1"
    assert "sk_1" not in f"{secrets} {secrets.stripe_key}"
    assert secrets.smtp is None
    assert secrets.acme.api_key.reveal() == "a"


def test_a_secret_that_was_not_given_is_named() -> None:
    with pytest.raises(UnexpectedUseError, match=r"fake_secrets\(stripe_key=\.\.\.\)"):
        _ = fake_secrets().stripe_key


def test_variables_are_texts_by_key_and_declared_ones_by_name() -> None:
    variables = fake_variables({"HOME": "/ada"}, page_size=5)
    assert variables["HOME"] == "/ada"
    assert dict(variables) == {"HOME": "/ada"}
    assert variables.page_size == 5
    assert variables.get("SHELL") is None


def test_a_variable_that_was_not_given_is_named() -> None:
    with pytest.raises(UnexpectedUseError, match=r"fake_variables\(page_size=\.\.\.\)"):
        _ = fake_variables().page_size


def test_only_fakes_keep_calls() -> None:
    with pytest.raises(TypeError, match='"object" keeps no calls'):
        calls(object())


def test_a_function_of_an_addon_that_was_not_given_is_named_with_its_addon() -> None:
    with pytest.raises(
        UnexpectedUseError, match=r'"qr\.draw" .*: fake_rpc\(qr=\{"draw": \.\.\.\}\)'
    ):
        fake_rpc(other=1).qr.draw("x")
