"""Projects under test, in this process: what is generated, what is replaced, what is refused."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import DeclarationError, EnvironmentFaultsError
from pikku_core.plugin import ServeComponent, ServiceDeclaration, hookimpl
from pikku_core.testing import (
    MovableClock,
    PikkuProject,
    ProjectError,
    build_project,
    fake_secrets,
    fake_variables,
    open_project,
    plugin_registry,
    project_of,
    scan_project,
)

MAIN = """
    from __future__ import annotations

    from collections.abc import AsyncIterator
    from dataclasses import dataclass

    from pikku_core import (
        Variables, pikku_config, pikku_func, pikku_service, pikku_session, pikku_sessionless_func
    )
    from pikku_core.services import Clock

    @pikku_session
    @dataclass
    class Session:
        user: str

    @pikku_config
    @dataclass
    class Config:
        url: str = "real"

    @pikku_service
    async def pool(*, config: Config) -> AsyncIterator[str]:
        raise ConnectionError(config.url)
        yield ""

    @pikku_service
    async def database(*, pool: str) -> str:
        return pool

    @pikku_sessionless_func
    async def read(data: str, *, database: str) -> str:
        return database + data

    @pikku_sessionless_func
    async def home(*, variables: Variables) -> str:
        return variables["HOME"]

    @pikku_sessionless_func
    async def year(*, clock: Clock) -> int:
        return clock.now().year

    @pikku_func
    async def who(*, session: Session) -> str:
        return session.user
"""

if TYPE_CHECKING:
    from collections.abc import Callable

CORE = plugin_registry()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_a_replaced_service_is_neither_started_nor_what_only_it_would_have_needed() -> None:
    with (
        project_of({"app/main.py": MAIN}, registry=CORE) as project,
        project.app(database="fake ") as app,
    ):
        assert app.call("read", "row") == "fake row"


def test_what_is_not_replaced_is_started() -> None:
    with (
        project_of({"app/main.py": MAIN}, registry=CORE) as project,
        pytest.raises(Exception, match=r'"pool".*ConnectionError: real'),
        project.app(),
    ):
        raise AssertionError("it did not start")


def test_the_configuration_can_be_replaced() -> None:
    main = MAIN.replace("raise ConnectionError(config.url)", "yield config.url").replace(
        'yield ""', ""
    )
    with project_of({"app/main.py": main}, registry=CORE) as project:
        config = import_module("app.main").Config(url="test ")
        with project.app(config=config) as app:
            assert app.call("read", "row") == "test row"


def test_variables_are_those_of_the_test() -> None:
    with (
        project_of({"app/main.py": MAIN}, registry=CORE) as project,
        project.app(database="", variables={"HOME": "/ada"}) as app,
    ):
        assert app.call("home") == "/ada"


def test_variables_are_those_of_the_process_otherwise() -> None:
    with (
        project_of({"app/main.py": MAIN}, registry=CORE) as project,
        project.app(database="") as app,
    ):
        assert app.call("home") == os.environ["HOME"]


SECRETS = """
    from __future__ import annotations

    from typing import TYPE_CHECKING

    from pikku_core import define_secret, define_variable, pikku_service, pikku_sessionless_func

    if TYPE_CHECKING:
        from pikku_app import Secrets, Variables

    define_secret("password", str)
    define_variable("page_size", int)

    @pikku_service
    async def pool(*, secrets: Secrets) -> str:
        return secrets.password.reveal()

    @pikku_service
    async def database(*, pool: str) -> str:
        return pool

    @pikku_sessionless_func
    async def read(*, database: str, variables: Variables) -> str:
        return f"{database} {variables.page_size}"
"""


def test_secrets_and_variables_are_read_from_the_environment_of_the_test_alone() -> None:
    environment = {"PASSWORD": "fake", "PAGE_SIZE": "5"}
    files = {"app/main.py": SECRETS, ".env": "PASSWORD=real\nPAGE_SIZE=20\n"}
    with project_of(files, registry=CORE) as project:
        with project.app(variables=environment) as app:
            assert app.call("read") == "fake 5"
        with pytest.raises(EnvironmentFaultsError, match="PASSWORD"), project.app(variables={}):
            raise AssertionError("it did not start")


def test_fakes_stand_in_for_secrets_and_variables() -> None:
    with (
        project_of({"app/main.py": SECRETS}, registry=CORE) as project,
        project.app(
            secrets=fake_secrets(password="fake"), variables=fake_variables(page_size=5)
        ) as app,
    ):
        assert app.call("read") == "fake 5"


def test_a_fake_of_what_the_project_does_not_define_is_refused() -> None:
    with project_of({"app/main.py": SECRETS}, registry=CORE) as project:
        for fakes, message in (
            ({"secrets": fake_secrets(pasword="x")}, 'no secret "pasword". Is it "password"?'),
            ({"variables": fake_variables(size=5)}, 'no variable "size".'),
        ):
            given: Any = fakes
            with pytest.raises(DeclarationError) as refused, project.app(**given):
                raise AssertionError("it did not start")
            assert message in str(refused.value)


def test_a_misspelt_key_of_the_environment_is_refused() -> None:
    with project_of({"app/main.py": SECRETS}, registry=CORE) as project:
        with pytest.raises(DeclarationError) as refused:
            project.load(variables={"PASWORD": "x"})
        assert str(refused.value) == (
            'The project has no secret or variable with the key "PASWORD": '
            'did you mean that of its secret, "PASSWORD"?'
        )
        project.load(variables={"PASSWORD": "x", "PASSWORD_2": "y", "OTHER": "z"})


def test_secrets_that_are_a_mapping_are_refused() -> None:
    with (
        project_of({"app/main.py": SECRETS}, registry=CORE) as project,
        pytest.raises(DeclarationError, match=r"fake_secrets\(name=…\)"),
    ):
        project.load(secrets={"password": "x"})


def test_a_session_of_another_class_is_refused() -> None:
    with (
        project_of({"app/main.py": MAIN}, registry=CORE) as project,
        project.app(database="") as app,
    ):
        with pytest.raises(TypeError) as refused:
            app.call("who", session={"user": "Ada"})
        assert str(refused.value) == (
            '"session" is a "dict", and sessions of this project are a "Session": '
            "give session=Session(...), as middleware would set it."
        )
        session = import_module("app.main").Session
        assert app.call("who", session=session(user="Ada")) == "Ada"


def test_a_secret_that_only_a_replaced_service_leads_to_is_not_read() -> None:
    with (
        project_of({"app/main.py": SECRETS}, registry=CORE) as project,
        project.app(database="fake", variables={"PAGE_SIZE": "5"}) as app,
    ):
        assert app.call("read") == "fake 5"


def test_every_project_has_a_clock_that_a_test_replaces() -> None:
    with (
        project_of({"app/main.py": MAIN}, registry=CORE) as project,
        project.app(database="", clock=MovableClock()) as app,
    ):
        assert app.call("year") == 2030


@pytest.mark.anyio
async def test_an_async_test_has_the_app_itself_in_its_own_loop() -> None:
    with project_of({"app/main.py": MAIN}, registry=CORE) as project:
        async with project.app(database="fake ") as app:
            assert await app.invoke("read", "row") == "fake row"
            assert await app.rpc.read("row") == "fake row"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("databse", 'The project has no service "databse". Is it "database"?'),
        ("session", '"session" cannot be replaced: every invocation has its own.'),
        ("rpc", '"rpc" cannot be replaced'),
    ],
)
def test_a_name_that_no_service_has_is_refused(name: str, message: str) -> None:
    services: Any = {name: 1}
    with project_of({"app/main.py": MAIN}, registry=CORE) as project:
        with pytest.raises(DeclarationError) as refused, project.app(**services):
            raise AssertionError("it did not start")
        assert str(refused.value).startswith(message)


def test_what_is_wrong_with_a_project_is_said_in_full() -> None:
    files = {"app/main.py": MAIN.replace("database: str) -> str", "databse: str) -> str")}
    with project_of(files, registry=CORE) as project:
        with pytest.raises(ProjectError) as refused:
            _ = project.generated
        (line,) = str(refused.value).splitlines()
        assert line.startswith("app/main.py:")
        assert '"databse"' in line
        assert project.problems() == [
            (one.code, str(one.location)) for one in refused.value.result.diagnostics
        ]


def test_nothing_is_written_into_the_project() -> None:
    with project_of({"app/main.py": MAIN}, registry=CORE) as project:
        with project.app(database=""):
            pass
        assert sorted(each.name for each in project.root.iterdir()) == ["app", "pyproject.toml"]


def test_a_setting_that_moves_a_generated_file_moves_none_into_the_project() -> None:
    settings = '[project]\nname = "x"\n[tool.pikku.outputs]\n"function/pikku_functions_gen.py" = "gen.py"\n'
    with project_of({"app/main.py": MAIN, "pyproject.toml": settings}, registry=CORE) as project:
        assert project.generated.is_dir()
        assert not (project.root / "gen.py").exists()


def test_it_is_generated_once_while_nothing_changes_and_again_after_that() -> None:
    with project_of({"app/main.py": MAIN}, registry=CORE) as project:
        first = project.generated
        assert project.generated == first
        assert project.build() is project.build()
        project.write({"app/main.py": MAIN.replace("2 * data", "3 * data") + "\n    # changed\n"})
        assert project.generated != first


def test_a_changed_module_is_imported_as_it_is_now() -> None:
    with project_of({"app/main.py": MAIN}, registry=CORE) as project:
        with project.app(database="fake ") as app:
            assert app.call("read", "row") == "fake row"
        project.write({"app/main.py": MAIN.replace("database + data", "data + database")})
        with project.app(database="fake ") as app:
            assert app.call("read", "row") == "rowfake "


def test_projects_of_the_same_modules_follow_each_other() -> None:
    for word in ("one", "two"):
        main = MAIN.replace("database + data", f'"{word}"')
        with (
            project_of({"app/main.py": main}, registry=CORE) as project,
            project.app(database="") as app,
        ):
            assert app.call("read", "") == word


def test_a_scan_and_a_build_leave_nothing_behind() -> None:
    project = scan_project({"app/main.py": MAIN}, registry=CORE)
    assert sorted(project.functions) == ["home", "read", "who", "year"]
    result = build_project({"app/main.py": MAIN}, registry=CORE)
    assert not result.failed
    assert "pikku_bootstrap_gen.py" in {file.path for file in result.files}


def test_a_project_that_is_there_can_be_opened() -> None:
    with (
        project_of({"app/main.py": MAIN}, registry=CORE) as made,
        open_project(made.root, registry=CORE) as project,
        project.app(database="") as app,
    ):
        assert app.call("read", "row") == "row"


class ShoutingProject(PikkuProject):
    """What a plugin of this test adds."""

    def shout(self) -> str:
        return self.root.name.upper()


def plugin(*hooks: Callable[[], object]) -> ModuleType:
    module = ModuleType("acme")
    module.__dict__["pikku_plugin_api"] = 1
    for hook in hooks:
        module.__dict__[hook.__name__] = hookimpl(hook)
    return module


def test_a_plugin_adds_methods_to_projects_through_a_mount(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pikku_serve_components() -> list[ServeComponent]:
        return [ServeComponent(name="acme", mounts=(("testing", "acme:ShoutingProject"),))]

    acme = plugin(pikku_serve_components)
    acme.__dict__["ShoutingProject"] = ShoutingProject
    monkeypatch.setitem(sys.modules, "acme", acme)
    with project_of({"app/main.py": MAIN}, registry=plugin_registry(acme)) as project:
        assert isinstance(project, ShoutingProject)
        assert project.shout() == "PROJECT"


def test_a_registry_holds_core_and_what_is_given_whatever_is_installed() -> None:
    def pikku_services() -> list[ServiceDeclaration]:
        return [ServiceDeclaration(name="mailer", factory="acme.services:mailer")]

    registry = plugin_registry(plugin(pikku_services))
    assert {"clock", "mailer"} <= registry.services.keys()
    assert {row.provider.distribution for row in registry.plugins} == {"acme", "pikku-core"}


def test_a_plugin_that_cannot_be_loaded_fails_the_test_and_says_why() -> None:
    def pikku_servces() -> list[ServiceDeclaration]:
        return []

    with pytest.raises(AssertionError, match="pikku_servces"):
        plugin_registry(plugin(pikku_servces))
