"""Projects beside each other in one process, and projects that cannot be served as they are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from httpx2 import ASGITransport, AsyncClient

from pikku_core import App, DeclarationError
from pikku_core.plugin import WireParameter, WiringKind, hookimpl
from pikku_core.plugin.loader import registry_of
from pikku_http import create_app
from pikku_http import plugin as http

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import ProjectOf

pytestmark = pytest.mark.anyio


def counter(package: str, step: int) -> dict[str, str]:
    """A project whose service counts the calls."""
    return {
        f"{package}/__init__.py": "",
        f"{package}/counting.py": f"""
            from pikku_core import pikku_service, pikku_sessionless_func

            class Counter:
                def __init__(self) -> None:
                    self.calls = 0

                def count(self) -> int:
                    self.calls += {step}
                    return self.calls

            @pikku_service
            def counter() -> Counter:
                return Counter()

            @pikku_sessionless_func
            async def count(*, counter: Counter) -> int:
                return counter.count()
            """,
        f"{package}/wirings.py": f"""
            from {package}.counting import count
            from pikku_http import wire_http

            wire_http(method="post", route="/count", func=count)
            """,
    }


async def test_two_projects_live_in_one_process(project_of: ProjectOf) -> None:
    ones = project_of(counter("ones", 1), name="ones")
    tens = project_of(counter("tens", 10), name="tens")
    async with ones.serve() as one, tens.serve() as ten:
        answers = [(await client.post("/count")).json() for client in (one, ten, one, ten)]
    assert answers == [1, 10, 2, 20]


async def test_two_apps_of_one_project_share_no_service(project_of: ProjectOf) -> None:
    project = project_of(counter("ones", 1))
    async with project.serve() as first, project.serve() as second:
        answers = [(await client.post("/count")).json() for client in (first, first, second)]
    assert answers == [1, 2, 1]


async def test_an_app_starts_anew_after_it_has_stopped(project_of: ProjectOf) -> None:
    app = project_of(counter("ones", 1)).load()
    for _ in range(2):
        async with app:
            assert await app.invoke("count") == 1


async def test_the_application_factory_serves_the_project(project_of: ProjectOf) -> None:
    application = create_app(project_of(counter("ones", 1)).generated)
    messages = iter([{"type": "lifespan.startup"}])
    answered: list[str] = []
    async with AsyncClient(transport=ASGITransport(application), base_url="http://x") as client:

        async def receive() -> dict[str, str]:
            message = next(messages, None)
            if message is None:
                answered.append((await client.post("/count")).text)
                return {"type": "lifespan.shutdown"}
            return message

        async def send(message: object) -> None:
            answered.append(str(message))

        await application({"type": "lifespan"}, receive, send)
    assert answered == [
        "{'type': 'lifespan.startup.complete'}",
        "1",
        "{'type': 'lifespan.shutdown.complete'}",
    ]


@pytest.mark.parametrize("load", [App.load, create_app], ids=["App.load", "create_app"])
def test_a_project_that_was_not_generated_gives_the_command(
    load: object, project_of: ProjectOf
) -> None:
    assert callable(load)
    project = project_of(counter("ones", 1), generate=False)
    with pytest.raises(DeclarationError, match="run `pikku`"):
        load(project.generated)


@pytest.mark.parametrize("load", [App.load, create_app], ids=["App.load", "create_app"])
@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("ones/counting.py", "# nothing is left", r'"ones/counting\.py" has changed'),
        ("ones/new.py", "", r'"ones/new\.py" is new'),
        ("pyproject.toml", '[tool.pikku]\nsource = ["ones"]\n', "settings .* have changed"),
        (".pikku/pikku_services_gen.py", "SERVICES = {}\n", "was changed by hand"),
    ],
)
def test_a_stale_project_says_what_has_changed_and_gives_the_command(
    load: object, path: str, text: str, reason: str, project_of: ProjectOf
) -> None:
    assert callable(load)
    project = project_of(counter("ones", 1))
    project.write({path: text})
    with pytest.raises(DeclarationError, match=f"{reason}.*run `pikku`"):
        load(project.generated)


def test_a_removed_module_makes_a_project_stale(project_of: ProjectOf) -> None:
    project = project_of(counter("ones", 1) | {"ones/spare.py": ""})
    (project.root / "ones" / "spare.py").unlink()
    with pytest.raises(DeclarationError, match=r'"ones/spare\.py" is gone'):
        project.load()


class Reserving:
    """A plugin whose kind gives a wire thing under a name that projects like to use."""

    pikku_plugin_api = 1

    @hookimpl
    def pikku_wiring_kinds(self) -> list[WiringKind]:
        return [WiringKind(name="line", title="Lines", gives=("counter",))]

    @hookimpl
    def pikku_wire_parameters(self) -> list[WireParameter]:
        return [WireParameter(name="counter", type="builtins:int")]


async def test_a_name_that_a_plugin_reserves_stays_the_service_of_the_project(
    project_of: ProjectOf,
) -> None:
    registry = registry_of(http, Reserving())
    project = project_of(counter("ones", 1), registry=registry)
    async with project.serve(check_fresh=False) as client:
        assert (await client.post("/count")).json() == 1


def test_a_service_under_a_name_of_core_is_refused(project_of: ProjectOf) -> None:
    files = {
        path: text.replace("def counter", "def wire") for path, text in counter("ones", 1).items()
    }
    problems = project_of(files, generate=False).build().diagnostics
    assert any('"wire"' in one.message and one.location is not None for one in problems)


BROKEN = {
    "app/__init__.py": "",
    "app/broken.py": """
        from pikku_core import pikku_sessionless_func

        raise RuntimeError("no license key")

        @pikku_sessionless_func
        async def licensed() -> str:
            return "never"
        """,
    "app/sound.py": """
        from pikku_core import pikku_sessionless_func

        @pikku_sessionless_func
        async def hello() -> str:
            return "hello"
        """,
}
HELLO = """
    from app.sound import hello
    from pikku_http import wire_http

    wire_http(method="get", route="/hello", func=hello)
    """
HALF = """
    from pikku_core import pikku_func

    def half(:
    """
LICENSED = """
    from app.broken import licensed
    from pikku_http import wire_http

    wire_http(method="get", route="/licensed", func=licensed)
    """


async def test_a_module_that_cannot_be_imported_is_scanned_and_harms_nobody_else(
    project_of: ProjectOf,
) -> None:
    project = project_of(BROKEN | {"app/wirings.py": HELLO})
    async with project.load() as app:
        assert app.functions() == ("hello", "licensed")
    async with project.serve() as client:
        assert (await client.get("/hello")).json() == "hello"
    assert "app.broken" not in sys.modules


async def test_what_a_module_raises_comes_out_where_it_is_needed(project_of: ProjectOf) -> None:
    project = project_of(BROKEN | {"app/wirings.py": HELLO, "app/other.py": LICENSED})
    with pytest.raises(RuntimeError, match="no license key"):
        async with project.serve():
            pass


def test_a_syntax_error_is_a_diagnostic_and_the_scan_goes_on(project_of: ProjectOf) -> None:
    files = BROKEN | {"app/wirings.py": HELLO, "app/half.py": HALF}
    result = project_of(files, generate=False).build()
    assert [(one.code, str(one.location)) for one in result.diagnostics] == [
        ("PKU701", "app/half.py:3")
    ]
    assert sorted(result.project.functions) == ["hello", "licensed"]


def test_nothing_is_written_while_there_is_an_error(project_of: ProjectOf) -> None:
    project = project_of(BROKEN | {"app/wirings.py": HELLO})
    before = tree(project.generated)
    project.write({"app/half.py": HALF, "app/wirings.py": LICENSED})
    assert project.build().failed
    assert tree(project.generated) == before


def test_two_functions_of_one_name_name_both_places(project_of: ProjectOf) -> None:
    files = BROKEN | {"app/again.py": BROKEN["app/sound.py"], "app/wirings.py": HELLO}
    (found,) = project_of(files, generate=False).build().diagnostics
    assert '"hello"' in found.message
    places = {str(found.location), *map(str, found.related)}
    assert places == {"app/again.py:4", "app/sound.py:4"}


def test_two_services_of_one_name_name_both_places(project_of: ProjectOf) -> None:
    files = counter("ones", 1)
    files["ones/second.py"] = """
        from pikku_core import pikku_service

        @pikku_service
        def counter() -> int:
            return 1
        """
    (found,) = project_of(files, generate=False).build().diagnostics
    assert '"counter"' in found.message
    places = {str(found.location), *map(str, found.related)}
    assert places == {"ones/counting.py:12", "ones/second.py:4"}


def test_two_wirings_of_one_route_name_both_places(project_of: ProjectOf) -> None:
    files = counter("ones", 1)
    files["ones/wirings.py"] = """
        from ones.counting import count
        from pikku_http import wire_http

        wire_http(method="post", route="/count", func=count)
        wire_http(method="post", route="/count", func=count)
        """
    (found,) = project_of(files, generate=False).build().diagnostics
    places = {str(found.location), *map(str, found.related)}
    assert places == {"ones/wirings.py:4", "ones/wirings.py:5"}


def tree(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and ".cache" not in file.parts and "__pycache__" not in file.parts
    }
