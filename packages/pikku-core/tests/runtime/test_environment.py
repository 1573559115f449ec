"""Secrets and variables of an App that is made by hand: read when it starts, all that is wrong said at once."""

from __future__ import annotations

from dataclasses import dataclass
from traceback import TracebackException
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Optional

import pytest
from pydantic import BaseModel, Field

from pikku_core import (
    App,
    DeclarationError,
    EnvironmentFaultsError,
    Secret,
    define_secret,
    define_variable,
    pikku_config,
    pikku_middleware,
    pikku_permission,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.declaration import Declaration
from pikku_core.runtime.environment import Environment
from pikku_core.secret import SecretValues

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.anyio


class Login(BaseModel):
    user: str


KEY = define_secret("stripe_key", str, docs_url="https://keys.test")
SMTP = define_secret("smtp", Login, optional=True)
SIZE = define_variable("page_size", int, default=20)
PORTS = define_variable("ports", list[int])


@pikku_service
def stripe(*, secrets: Any) -> str:
    key: str = secrets.stripe_key.reveal()
    return key


@pikku_sessionless_func
async def pay(*, stripe: str) -> str:
    return stripe


@pikku_sessionless_func
async def sizes(*, variables: Any) -> list[Any]:
    return [variables.page_size, variables.ports, variables.get("HOME"), "STRIPE_KEY" in variables]


ALL = [KEY, SMTP, SIZE, PORTS]


async def test_services_read_secrets_and_functions_variables() -> None:
    variables = {"STRIPE_KEY": "sk_1", "PORTS": "[1, 2]", "HOME": "/srv"}
    app = App(ALL, functions=[pay, sizes], services=[stripe], variables=variables)
    async with app:
        assert await app.rpc.pay() == "sk_1"
        assert await app.rpc.sizes() == [20, [1, 2], "/srv", False]


async def test_everything_that_is_wrong_is_said_at_once() -> None:
    app = App(
        ALL,
        functions=[pay, sizes],
        services=[stripe],
        variables={"PAGE_SIZE": "many", "SMTP": "hunter2", "STRIPE_KEY": ""},
    )
    with pytest.raises(EnvironmentFaultsError) as caught:
        await app.start()
    assert caught.value.faults == (
        'The secret "stripe_key" (str, needed by service "stripe") is missing: set "STRIPE_KEY". See https://keys.test',
        'The secret "smtp" (Login, needed by service "stripe") is malformed in "SMTP" of the source "process": it is no JSON.',
        (
            'The variable "page_size" (int, needed by function "sizes") is malformed in "PAGE_SIZE" of the source '
            '"process": Input should be a valid integer, unable to parse string as an integer.'
        ),
        'The variable "ports" (list[int], needed by function "sizes") is missing: set "PORTS".',
    )
    assert all(fault in str(caught.value) for fault in caught.value.faults)
    assert "hunter2" not in str(caught.value)


async def test_what_nothing_needs_is_not_read() -> None:
    async with App(ALL, functions=[sizes], variables={"PORTS": "[]"}) as app:
        assert await app.rpc.sizes() == [20, [], None, False]


async def test_a_given_instance_needs_no_secret() -> None:
    instances = {"stripe": "fake"}
    app = App([KEY], functions=[pay], services=[stripe], instances=instances, variables={})
    async with app:
        assert await app.rpc.pay() == "fake"


async def test_given_secrets_stand_in_for_those_of_the_environment() -> None:
    secrets = SecretValues({"stripe_key": Secret("fake")})
    app = App(
        [KEY], functions=[pay], services=[stripe], instances={"secrets": secrets}, variables={}
    )
    async with app:
        assert await app.rpc.pay() == "fake"


async def test_an_optional_one_that_is_missing_is_none() -> None:
    @pikku_service
    def mailer(*, secrets: Any) -> str:
        return str(secrets.smtp)

    @pikku_sessionless_func
    async def mail(*, mailer: str) -> str:
        return mailer

    async with App([SMTP], functions=[mail], services=[mailer], variables={}) as app:
        assert await app.rpc.mail() == "None"


async def test_middleware_call_services_and_the_configuration_read_secrets() -> None:
    @pikku_config
    def config(*, secrets: Any, variables: Any) -> list[Any]:
        return [secrets.stripe_key.reveal(), variables.page_size]

    @pikku_service(scope="call")
    def work(*, secrets: Any) -> str:
        key: str = secrets.stripe_key.reveal()
        return key

    @pikku_middleware
    async def tell(next: Any, *, secrets: Any) -> Any:
        return [secrets.stripe_key.reveal(), await next()]

    @pikku_sessionless_func(middleware=[tell])
    async def ask(*, config: list[Any], work: str) -> list[Any]:
        return [config, work]

    app = App(
        [KEY, SIZE], functions=[ask], services=[work], config=config, variables={"STRIPE_KEY": "k"}
    )
    async with app:
        assert await app.rpc.ask() == ["k", [["k", 20], "k"]]


async def test_a_function_or_permission_that_asks_for_secrets_is_refused() -> None:
    @pikku_permission
    async def may(*, secrets: Any) -> bool:
        return True

    @pikku_sessionless_func
    async def curious(*, secrets: Any) -> None: ...

    @pikku_sessionless_func(permissions=[may])
    async def guarded() -> None: ...

    async with App([KEY], functions=[curious, guarded], variables={"STRIPE_KEY": "k"}) as app:
        with pytest.raises(
            DeclarationError, match='function "curious" asks for "secrets", which only'
        ):
            await app.rpc.curious()
        with pytest.raises(
            DeclarationError, match=r'permission ".*may" asks for "secrets", which only'
        ):
            await app.rpc.guarded()


async def test_a_default_that_is_not_of_its_type_is_a_fault() -> None:
    wrong = define_variable("page_size", int, default="many")
    with pytest.raises(EnvironmentFaultsError, match="malformed in its default: Input should be"):
        await App([wrong, PORTS], functions=[sizes], variables={"PORTS": "[]"}).start()


async def test_a_type_that_nobody_reads_is_refused() -> None:
    class Opaque: ...

    opaque = define_secret("stripe_key", Opaque)
    app = App([opaque], functions=[pay], services=[stripe], variables={"STRIPE_KEY": "k"})
    with pytest.raises(DeclarationError, match="Opaque"):
        await app.start()


async def test_a_type_is_named_as_people_write_it() -> None:
    size = define_variable("page_size", Literal[10, 20])
    ports = define_variable("ports", Optional[list[int]])  # noqa: UP045 - people write that, too
    with pytest.raises(EnvironmentFaultsError) as caught:
        await App([size, ports], functions=[sizes], variables={}).start()
    assert [fault.partition(",")[0] for fault in caught.value.faults] == [
        'The variable "page_size" (Literal[10',
        'The variable "ports" (Optional[list[int]]',
    ]


async def test_no_frame_of_a_start_that_fails_has_a_secret_in_it() -> None:
    class Opaque: ...

    lacking = App(ALL, functions=[pay, sizes], services=[stripe], variables={"STRIPE_KEY": "sk_1"})
    opaque = define_variable("ports", Opaque)
    unreadable = App(
        [KEY, SMTP, SIZE, opaque],
        functions=[pay, sizes],
        services=[stripe],
        variables={"STRIPE_KEY": "sk_1"},
    )
    for app in (lacking, unreadable):
        with pytest.raises((EnvironmentFaultsError, DeclarationError)) as caught:
            await app.start()
        shown = TracebackException.from_exception(caught.value, capture_locals=True)
        ours = [frame for frame in shown.stack if "test_environment" not in frame.filename]
        assert ours
        assert "sk_1" not in str([frame.locals for frame in ours])


async def test_two_definitions_of_a_name_must_say_the_same() -> None:
    with pytest.raises(DeclarationError, match='Two different secrets are called "stripe_key"'):
        App([KEY, define_secret("stripe_key", bytes)])
    shown = define_variable("shown", str, key="stripe_key")
    with pytest.raises(DeclarationError, match='variable "shown" would show the secret "stripe_'):
        App([shown, KEY])
    async with App([KEY, KEY], functions=[pay], services=[stripe], variables={"STRIPE_KEY": "k"}):
        pass


async def test_sources_are_asked_in_order_and_a_failing_one_is_a_fault() -> None:
    class Vault:
        async def read(self, keys: frozenset[str]) -> Mapping[str, str]:
            return {"STRIPE_KEY": "from the vault"} if keys else {}

    class Broken:
        def read(self, keys: frozenset[str]) -> Mapping[str, str]:
            raise OSError(f"no {len(keys)}")

    app = App(
        [KEY], functions=[pay], services=[stripe], sources={"vault": Vault(), "broken": Broken()}
    )
    async with app:
        assert await app.rpc.pay() == "from the vault"
    app = App([KEY], functions=[pay], services=[stripe], sources={"broken": Broken()})
    with pytest.raises(EnvironmentFaultsError) as raised:
        await app.start()
    cause, missing = raised.value.faults
    assert cause == 'The source "broken" failed: OSError: no 1.'
    assert '"stripe_key"' in missing


async def test_an_app_that_could_not_start_starts_when_the_environment_is_mended() -> None:
    variables = {"HOME": "/srv"}
    app = App([KEY], functions=[pay], services=[stripe], variables=variables)
    with pytest.raises(EnvironmentFaultsError):
        await app.start()
    variables["STRIPE_KEY"] = "k"
    async with app:
        assert await app.rpc.pay() == "k"


async def test_what_is_there_can_be_examined_without_starting_anything() -> None:
    app = App(ALL, functions=[pay], services=[stripe], variables={"STRIPE_KEY": "k", "PORTS": "x"})
    found, failures = await app.environment.examine()
    assert failures == []
    assert {one.record.name: (one.status, one.source) for one in found} == {
        "stripe_key": ("set", "process"),
        "smtp": ("optional", ""),
        "page_size": ("default", ""),
        "ports": ("malformed", "process"),
    }


async def test_without_definitions_variables_are_the_environment_itself() -> None:
    variables = {"A": "1"}

    @pikku_sessionless_func
    async def same(*, variables: Any) -> int:
        return id(variables)

    async with App(functions=[same], variables=variables) as app:
        assert await app.rpc.same() == id(variables)


async def test_a_type_is_named_without_what_annotated_adds() -> None:
    size = define_variable("page_size", Annotated[int, Field(gt=0)])
    app = App([size, PORTS], functions=[sizes], variables={"PAGE_SIZE": "0", "PORTS": "[]"})
    with pytest.raises(
        EnvironmentFaultsError, match=r'"page_size" \(int, needed .* greater than 0'
    ):
        await app.start()


async def test_an_addon_is_given_its_own_of_what_stands_in() -> None:
    fakes = SecretValues({"acme": SecretValues({"key": Secret("fake")})})
    environment = Environment([], {"instances": {"secrets": fakes}, "variables": {"A": "1"}})
    assert environment.thing("acme:secrets").key.reveal() == "fake"
    assert environment.thing("acme:variables") == {"A": "1"}
    assert dir(environment.thing("other:secrets")) == []


async def test_what_a_declaration_takes_is_read() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Paged(Declaration):
        kind: ClassVar[str] = "paged"

        @property
        def variables(self) -> tuple[str, ...]:
            return ("page_size",)

    app = App([SIZE, Paged()], variables={"PAGE_SIZE": "7"})
    async with app:
        assert app.environment.thing("variables").page_size == 7
    with pytest.raises(EnvironmentFaultsError, match='needed by "Paged"'):
        await App([SIZE, Paged()], variables={"PAGE_SIZE": "many"}).start()
