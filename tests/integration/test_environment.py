"""A project's secrets and variables from where they really are: the environment, mounted files, `.env`, a plugin's source."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pikku_core import EnvironmentFaultsError
from pikku_core.build import build
from pikku_core.plugin import ValueSource, hookimpl
from pikku_core.plugin.loader import registry_of
from pikku_core.runtime.host import Host, options_of
from pikku_core.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.integration.conftest import Project, ProjectOf

    from pikku_core.environment import Opening
    from pikku_core.plugin.registry import Registry

FILES = {
    "pyproject.toml": """
        [project]
        name = "shop"

        [tool.pikku]
        source = ["shop"]

        [tool.pikku.environment]
        secrets_dir = "run"
        """,
    "shop/models.py": """
        from pydantic import BaseModel

        class Login(BaseModel):
            user: str
            password: str
        """,
    "shop/values.py": """
        from pikku_core import define_secret, define_variable
        from shop.models import Login

        define_secret("stripe_key", str, docs_url="https://docs.stripe.test")
        define_secret("smtp", Login)
        define_secret("unused", str)
        define_variable("page_size", int, default=20)
        define_variable("greeting", str)
        """,
    "shop/services.py": """
        from __future__ import annotations
        from typing import TYPE_CHECKING
        from pikku_core import pikku_service
        if TYPE_CHECKING:
            from pikku_app import Secrets, Variables

        @pikku_service
        def stripe(*, secrets: Secrets) -> str:
            return secrets.stripe_key.reveal()

        @pikku_service
        def mailer(*, secrets: Secrets, variables: Variables) -> str:
            return f"{secrets.smtp.reveal().user} {variables.get('SMTP')} {secrets.smtp}"
        """,
    "shop/functions.py": """
        from __future__ import annotations
        from typing import TYPE_CHECKING, Any
        from pikku_core import pikku_sessionless_func
        from pikku_http import wire_http
        if TYPE_CHECKING:
            from pikku_app import Variables

        @pikku_sessionless_func
        async def pay(*, stripe: str, mailer: str, variables: Variables) -> list[Any]:
            return [stripe, mailer, variables.page_size, variables.greeting]
        """,
    "shop/wirings.py": """
        from pikku_http import wire_http
        from shop.functions import pay

        wire_http(method="get", route="/pay", func=pay)
        """,
}


@pytest.fixture
def shop(project_of: ProjectOf, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in ("STRIPE_KEY", "SMTP", "PAGE_SIZE", "GREETING"):
        monkeypatch.delenv(name, raising=False)
    return project_of(FILES)


@pytest.mark.anyio
async def test_values_come_from_the_environment_mounted_files_and_dotenv(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRIPE_KEY", "of the process")
    shop.write(
        {
            "run/stripe_key": "of a file\n",
            "run/smtp": '{"user": "ada", "password": "pa55"}\n',
            ".env": 'STRIPE_KEY=of dotenv\nSMTP={}\nGREETING="Hello,\\nyou" # and you\n',
        }
    )
    host = Host.load(shop.generated)
    async with host.app as app:
        found = await app.rpc.pay()
    assert found == ["of the process", "ada None Secret(...)", 20, "Hello,\nyou"]


@pytest.mark.anyio
async def test_an_application_that_lacks_something_says_all_of_it_and_starts_nothing(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGE_SIZE", "many")
    shop.write({"run/smtp": '{"user": "pa55"}'})
    with pytest.raises(EnvironmentFaultsError) as caught:
        await Host.load(shop.generated).app.start()
    assert caught.value.faults == (
        (
            'The secret "stripe_key" (str, needed by service "stripe") is missing: set "STRIPE_KEY". '
            "See https://docs.stripe.test"
        ),
        (
            'The secret "smtp" (Login, needed by service "mailer") is malformed in "SMTP" of the source "files": '
            '"password": Field required.'
        ),
        (
            'The variable "page_size" (int, needed by function "pay") is malformed in "PAGE_SIZE" of the source '
            '"process": Input should be a valid integer, unable to parse string as an integer.'
        ),
        'The variable "greeting" (str, needed by function "pay") is missing: set "GREETING".',
    )


@pytest.mark.anyio
async def test_fakes_of_services_need_none_of_their_secrets(shop: Project) -> None:
    instances = {"stripe": "fake", "mailer": "fake"}
    async with shop.serve(instances=instances, variables={"GREETING": "hi"}) as client:
        answer = await client.get("/pay")
    assert answer.json() == ["fake", "fake", 20, "hi"]


class Vault:
    opened = 0

    def __init__(self, opening: Opening) -> None:
        type(self).opened += 1
        self.folder = opening.root.name

    async def read(self, keys: frozenset[str]) -> Mapping[str, str]:
        values = {
            "STRIPE_KEY": f"of the vault of {self.folder}",
            "SMTP": '{"user": "v", "password": "x"}',
        }
        return {key: value for key, value in values.items() if key in keys}


@hookimpl
def pikku_value_sources() -> list[ValueSource]:
    return [ValueSource(name="vault", source="acme_vault:Vault")]


@pytest.fixture
def with_vault(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The registry of a plugin with a source, and nothing else."""
    plugin = ModuleType("acme_vault")
    plugin.__dict__.update(pikku_plugin_api=1, pikku_value_sources=pikku_value_sources, Vault=Vault)
    monkeypatch.setitem(sys.modules, "acme_vault", plugin)
    registry = registry_of(plugin)
    assert registry.failures == ()
    return registry


@pytest.mark.anyio
async def test_a_source_of_a_plugin_is_opened_when_something_is_left_to_ask_for(
    shop: Project, with_vault: Registry
) -> None:
    settings = load_settings(shop.root, with_vault)
    everything = {
        "STRIPE_KEY": "p",
        "SMTP": '{"user": "p", "password": "x"}',
        "GREETING": "hi",
        "PAGE_SIZE": "5",
    }
    async with shop.load(**options_of(with_vault, settings, variables=everything)) as app:
        assert (await app.rpc.pay())[0] == "p"
    assert Vault.opened == 0
    async with shop.load(**options_of(with_vault, settings, variables={"GREETING": "hi"})) as app:
        assert (await app.rpc.pay())[:2] == [
            f"of the vault of {shop.root.name}",
            "v None Secret(...)",
        ]
    assert Vault.opened == 1


@pytest.mark.anyio
async def test_schemas_of_the_types_are_generated(shop: Project) -> None:
    meta = json.loads((shop.generated / "secrets/pikku-secrets-meta.gen.json").read_text())
    name = meta["smtp"]["type"]["schema"]
    schema = json.loads((shop.generated / f"schemas/schemas/{name}.schema.json").read_text())
    assert schema["required"] == ["user", "password"]


@pytest.mark.anyio
async def test_the_wirings_declare_what_the_scan_found(shop: Project) -> None:
    from pikku_core.build import runtime_differences
    from pikku_core.sources import import_roots

    result = shop.build()
    paths = import_roots(shop.root, ("shop",))
    assert runtime_differences(result.project, shop.root, registry=shop.registry, paths=paths) == []


@pytest.mark.anyio
async def test_a_type_without_a_schema_is_named_with_its_definition(shop: Project) -> None:
    shop.write({"shop/models.py": "class Login: ...\n"})
    (found,) = shop.build().diagnostics
    assert (found.code, str(found.location)) == ("PKU456", "shop/values.py:5")
    assert '"smtp" of the secrets' in found.message


def test_serving_without_what_is_needed_is_one_message(shop: Project) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "pikku_cli", "serve", "--port", "0"],
        cwd=shop.root,
        env={**os.environ, "GREETING": "hi"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == (
        "Error: The environment lacks what is needed:\n"
        'Error: The secret "stripe_key" (str, needed by service "stripe") is missing: set "STRIPE_KEY". '
        "See https://docs.stripe.test\n"
        'Error: The secret "smtp" (Login, needed by service "mailer") is missing: set "SMTP".\n'
    )


@pytest.mark.anyio
async def test_a_secret_that_a_filter_leaves_out_is_hidden_all_the_same(
    project_of: ProjectOf,
) -> None:
    project = project_of(
        {
            "app/values.py": 'from pikku_core import define_secret\ndefine_secret("stripe_key", str)\n',
            "app/functions.py": """
                from pikku_core import pikku_service, pikku_sessionless_func

                @pikku_service
                def stripe(*, secrets) -> str:
                    return secrets.stripe_key.reveal()

                @pikku_sessionless_func(expose=True)
                async def pay(*, stripe: str) -> str:
                    return stripe

                @pikku_sessionless_func(expose=True)
                async def look(*, variables) -> list[str]:
                    return [variables.get("STRIPE_KEY", "hidden"), variables["HOME"]]
                """,
        },
        generate=False,
    )
    settings = load_settings(project.root, project.registry)
    filters = {"names": ("look",)}
    result = build(project.root, settings=settings, registry=project.registry, filters=filters)
    assert not result.failed
    assert [one.kind for one in result.project.declarations] == []
    variables = {"STRIPE_KEY": "pa55", "HOME": "/srv"}
    async with project.load(variables=variables, check_fresh=False) as app:
        assert await app.rpc.look() == ["hidden", "/srv"]
