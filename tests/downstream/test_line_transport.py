"""A transport that a stranger wrote and packed: whatever ours can do, it does from its wheel."""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.downstream.conftest import Environment, Server, VenvWith

HERE = Path(__file__).parent
SOURCES = sorted((HERE / "line_transport" / "src" / "acme_line").glob("*.py"))
PUBLIC = {"pikku_core", "pikku_core.plugin", "pikku_core.runtime"}


class Client:
    """A client of the line protocol, on one connection."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(str(path))
        self.answers = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.answers.close()
        self.socket.close()

    def send(self, line: str) -> None:
        self.socket.sendall(line.encode() + b"\n")

    def receive(self) -> tuple[str, Any]:
        status, _, body = self.answers.readline().partition(b" ")
        return status.decode(), json.loads(body)

    def ask(self, line: str) -> tuple[str, Any]:
        self.send(line)
        return self.receive()


@pytest.fixture(scope="module")
def environment(venv_with: VenvWith) -> Environment:
    return venv_with("pikku-http", "pikku-cli", "acme-line", "acme-mail")


@pytest.fixture(scope="module")
def shop(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, with a fresh `.pikku/`; tests do not change it."""
    folder = tmp_path_factory.mktemp("shop") / "shop"
    shutil.copytree(HERE / "project", folder)
    result = environment.run("pikku", cwd=folder)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.fixture(scope="module")
def server(environment: Environment, shop: Path) -> Iterator[str]:
    """The project being served; the value is where on HTTP."""
    outbox = str(shop / "outbox")
    with environment.serve(
        "pikku", "serve", "--port", "0", cwd=shop, ACME_OUTBOX=outbox
    ) as running:
        yield announced(running)


@pytest.fixture
def client(server: str, shop: Path) -> Iterator[Client]:
    with Client(shop / "shop.sock") as connected:
        yield connected


def announced(running: Server) -> str:
    """Waits until both transports accept work and returns the address on HTTP."""
    text = ""
    while not ("shop.sock" in text and "http://" in text):
        text += running.wait_for("shop.sock|http://").string
    return "http://" + text.partition("http://")[2].split()[0].rstrip(",/")


def test_the_transport_imports_only_what_is_public() -> None:
    imported = {
        node.module
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pikku")
    }
    assert imported == PUBLIC


def test_plugins_lists_the_distribution_and_its_version(
    environment: Environment, shop: Path
) -> None:
    result = environment.run("pikku", "plugins", cwd=shop)
    assert result.returncode == 0
    (row,) = [line for line in result.stdout.splitlines() if "acme-line" in line]
    assert "1.0.0" in row


def test_info_counts_the_wirings_of_the_kind(environment: Environment, shop: Path) -> None:
    result = environment.run("pikku", "info", cwd=shop)
    assert result.returncode == 0
    assert "line" in result.stdout


def test_the_kind_has_a_folder_with_a_file_of_its_own(shop: Path) -> None:
    verbs = json.loads((shop / ".pikku/line/line-verbs.gen.json").read_text())
    assert list(verbs) == ["ADD", "CALLER", "FAIL", "GUARDED", "ORDER", "READPIPE", "SIGNIN"]
    assert verbs["ADD"]["function"] == "add"
    assert sorted(verbs["ADD"]["data"]["properties"]) == ["left", "right"]
    assert verbs["CALLER"]["data"] is None


def test_core_writes_the_wirings_of_the_kind(shop: Path) -> None:
    written = (shop / ".pikku/line/pikku_line_wirings_gen.py").read_text()
    assert 'wire_line(verb="ADD", func=add, example=Sum(left=1, right=2))' in written


def test_a_second_run_writes_nothing(environment: Environment, shop: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in (shop / ".pikku").rglob("*.gen.json")}
    assert environment.run("pikku", cwd=shop).returncode == 0
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_one_function_answers_alike_on_both_transports(server: str, client: Client) -> None:
    data = {"left": 2, "right": 5}
    assert httpx.post(f"{server}/add", json=data).json() == {"total": 7}
    assert client.ask(f"ADD {json.dumps(data)}") == ("OK", {"total": 7})


def test_a_connection_answers_line_after_line(client: Client) -> None:
    client.send('ADD {"left": 1, "right": 2}\nPING\nADD {"left": 1, "right": 3}')
    answers = [client.receive() for _ in range(3)]
    assert [answer for _, answer in answers[::2]] == [{"total": 3}, {"total": 4}]
    assert "ADD" in answers[1][1]["verbs"]


def test_an_error_of_the_function_has_its_code_message_and_payload(client: Client) -> None:
    assert client.ask('ADD {"left": 4, "right": 4}') == (
        "ERR",
        {"code": "conflict", "message": "Double it yourself.", "payload": {"twice": 4}},
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("MULTIPLY {}", "not_found"),
        ("add {}", "bad_request"),
        ("", "bad_request"),
        ("\N{SNOWMAN} {}", "bad_request"),
        ("ADD {", "invalid_data"),
        ("ADD [1, 2]", "invalid_data"),
        ('ADD {"left": NaN, "right": 1}', "invalid_data"),
    ],
)
def test_a_bad_line_is_refused_and_the_next_one_answered(
    client: Client, line: str, code: str
) -> None:
    status, error = client.ask(line)
    assert (status, error["code"]) == ("ERR", code)
    assert client.ask('ADD {"left": 1, "right": 2}') == ("OK", {"total": 3})


def test_wrong_data_names_the_field(client: Client) -> None:
    _, error = client.ask('ADD {"left": "x"}')
    assert [(one["location"], one["code"]) for one in error["details"]] == [
        (["left"], "int_parsing"),
        (["right"], "missing"),
    ]


def test_a_line_that_is_too_long_is_refused_and_ends_the_conversation(client: Client) -> None:
    status, error = client.ask("ADD " + "1" * 70_000)
    assert (status, error["code"]) == ("ERR", "payload_too_large")
    assert client.answers.readline() == b""


def test_an_unexpected_error_stays_in_the_log(client: Client) -> None:
    _, error = client.ask("FAIL")
    assert error["code"] == "internal_error"
    assert "secret" not in json.dumps(error)
    assert len(error["trace_id"]) == 32


def test_the_wire_thing_is_there_on_the_kind_and_absent_on_others(
    server: str, client: Client
) -> None:
    assert client.ask("CALLER") == ("OK", {"transport": "line", "user": os.getuid()})
    assert httpx.get(f"{server}/caller").json() == {"transport": "other", "user": None}


def test_a_function_that_needs_a_session_is_closed_on_both_transports(
    server: str, client: Client
) -> None:
    data = {"buyer": "ada", "article": "a pen"}
    assert httpx.post(f"{server}/orders", json=data).status_code == 401
    assert client.ask(f"ORDER {json.dumps(data)}")[1]["code"] == "unauthorized"


def test_a_wiring_can_ask_for_a_session_that_the_function_does_not(client: Client) -> None:
    assert client.ask("GUARDED")[1]["code"] == "unauthorized"


def test_middleware_keeps_the_session_of_a_connection_and_of_no_other(
    client: Client, shop: Path
) -> None:
    assert client.ask('SIGNIN {"name": "ada"}') == ("OK", None)
    assert client.ask("GUARDED")[0] == "OK"
    with Client(shop / "shop.sock") as other:
        assert other.ask("GUARDED")[1]["code"] == "unauthorized"


def test_permissions_hold_on_both_transports(server: str, client: Client) -> None:
    data = {"buyer": "grace", "article": "a pen"}
    client.ask('SIGNIN {"name": "ada"}')
    assert client.ask(f"ORDER {json.dumps(data)}")[1]["code"] == "forbidden"
    ada = {"authorization": "Bearer ada"}
    assert httpx.post(f"{server}/orders", json=data, headers=ada).status_code == 403


def test_the_http_server_holds_the_page_of_the_transport(server: str) -> None:
    page = httpx.get(f"{server}/line")
    assert page.status_code == 200
    assert 'ADD {"left":1,"right":2}' in page.text


def test_ping_lists_the_verbs(server: str, environment: Environment, shop: Path) -> None:
    result = environment.run("pikku", "line", "ping", cwd=shop)
    assert result.stdout.split()[:2] == ["ADD", "CALLER"]


def test_call_prints_the_answer(server: str, environment: Environment, shop: Path) -> None:
    result = environment.run("pikku", "line", "call", "ADD", '{"left": 1, "right": 2}', cwd=shop)
    assert (result.returncode, result.stdout) == (0, '{"total":3}\n')


def test_call_fails_with_the_error_of_the_answer(
    server: str, environment: Environment, shop: Path
) -> None:
    result = environment.run("pikku", "line", "call", "NOTHING", cwd=shop)
    assert result.returncode == 1
    assert json.loads(result.stderr)["code"] == "not_found"


def test_a_command_without_a_server_says_so(environment: Environment, tmp_path: Path) -> None:
    shutil.copytree(HERE / "project", tmp_path, dirs_exist_ok=True)
    result = environment.run("pikku", "line", "ping", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith('No server listens on "')
    assert "Traceback" not in result.stderr


def test_help_lists_the_commands(environment: Environment, shop: Path) -> None:
    result = environment.run("pikku", "line", "--help", cwd=shop)
    assert "List the verbs of the server that runs." in result.stdout


@pytest.fixture
def copy(shop: Path, tmp_path: Path) -> Path:
    """A copy of the project that a test may change, generated files and all."""
    return shutil.copytree(shop, tmp_path / "shop")


def test_what_is_being_answered_at_sigterm_is_answered(
    environment: Environment, copy: Path
) -> None:
    pipe = copy / "pipe"
    os.mkfifo(pipe)
    with (
        environment.serve("pikku", "serve", "--port", "0", cwd=copy) as running,
        # Entered in this order so that a failure closes the connections before the server is killed.
    ):
        announced(running)
        with Client(copy / "shop.sock") as busy, Client(copy / "shop.sock") as idle:
            idle.ask("PING")
            busy.send(f'READPIPE {{"path": "{pipe}"}}')
            with pipe.open("w") as written:  # returns when the function has opened it too
                running.process.terminate()
                assert idle.answers.readline() == b""
                written.write("the last word")
            assert busy.receive() == ("OK", "the last word")
            assert busy.answers.readline() == b""
        assert running.stop() == 0, running.output
    assert not (copy / "shop.sock").exists()


def test_a_socket_that_a_killed_server_left_is_taken_over(
    environment: Environment, copy: Path
) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(copy / "shop.sock"))
    with environment.serve("pikku", "serve", "--port", "0", cwd=copy) as running:
        announced(running)
        with Client(copy / "shop.sock") as client:
            assert client.ask("PING")[0] == "OK"


def test_the_socket_of_a_living_server_is_refused(environment: Environment, copy: Path) -> None:
    with socket.socket(socket.AF_UNIX) as living:
        living.bind(str(copy / "shop.sock"))
        living.listen()
        result = environment.run("pikku", "serve", "--port", "0", cwd=copy)
    assert result.returncode != 0
    assert 'Another server listens on "' in result.stderr + result.stdout


def test_the_setting_moves_the_socket(environment: Environment, copy: Path) -> None:
    settings = copy / "pyproject.toml"
    settings.write_text(settings.read_text().replace("shop.sock", "other.sock"))
    assert environment.run("pikku", cwd=copy).returncode == 0
    with environment.serve("pikku", "serve", "--port", "0", cwd=copy) as running:
        running.wait_for("other.sock")
        with Client(copy / "other.sock") as client:
            assert client.ask("PING")[0] == "OK"


def test_a_setting_that_the_transport_does_not_know_is_refused(
    environment: Environment, copy: Path
) -> None:
    settings = copy / "pyproject.toml"
    settings.write_text(settings.read_text().replace("socket =", "sockte ="))
    result = environment.run("pikku", cwd=copy)
    assert result.returncode != 0
    assert "sockte" in result.stderr + result.stdout


def test_dev_takes_up_a_new_verb(environment: Environment, copy: Path) -> None:
    with environment.serve("pikku", "dev", "--port", "0", cwd=copy) as running:
        announced(running)
        with (copy / "app/wirings.py").open("a") as wirings:
            wirings.write('\nwire_line(verb="TOTAL", func=add)\n')
        announced(running)
        with Client(copy / "shop.sock") as client:
            assert client.ask('TOTAL {"left": 1, "right": 2}') == ("OK", {"total": 3})
        assert running.stop() == 0, running.output


@pytest.mark.parametrize(
    ("wiring", "code", "words"),
    [
        ('wire_line(verb="add-up", func=add)', "ACM001", ['"add-up"', "upper-case"]),
        ('wire_line(verb="PING", func=add)', "ACM002", ['"PING"']),
        ('wire_line(verb="DOUBLE", func=double)', "ACM003", ['"double"', '"int"']),
        ("wire_line(verb=str(1), func=add)", "PKU118", ['"verb"']),
        ("wire_line(func=add)", "PKU111", ['"verb"']),
        ('wire_line(verb="ADD", func=add)', "PKU726", ['"line:ADD"', "app/wirings.py:17"]),
        ('wire_line(verb="COUNT", func=count)', "PKU708", ['"count"', '"line"']),
        ('wire_line(verb="ECHO", func=add, exmaple=1)', "PKU761", ['"exmaple"', "example"]),
    ],
)
def test_a_wiring_that_cannot_be_is_a_diagnostic_with_its_place(
    environment: Environment, copy: Path, wiring: str, code: str, words: list[str]
) -> None:
    (copy / "app/more.py").write_text(
        f"""from collections.abc import AsyncIterator
from acme_line import wire_line
from app.functions import add
from app.models import Sum
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func
async def double(data: int) -> int:
    return 2 * data

@pikku_sessionless_func
async def count(data: Sum) -> AsyncIterator[int]:
    yield data.left

{wiring}
"""
    )
    result = environment.run("pikku", cwd=copy)
    assert result.returncode != 0
    (line,) = [line for line in (result.stdout + result.stderr).splitlines() if f" {code}" in line]
    assert "app/more.py:15" in line
    assert all(word in line for word in words), line


BY_HAND = """
import asyncio
from acme_line import Connection, wire_line
from acme_line.runner import Runner
from app.functions import add
from pikku_core import App

async def main():
    async with App([wire_line(verb="ADD", func=add)]) as app:
        print(await Runner(app).answer(b'ADD {"left": 1, "right": 2}', Connection()))

asyncio.run(main())
"""


def test_an_app_made_by_hand_answers_lines(environment: Environment, shop: Path) -> None:
    result = environment.run("python", "-c", BY_HAND, cwd=shop)
    assert result.stdout.strip() == r"""b'OK {"total":3}\n'""", result.stderr


def test_the_plugin_module_imports_no_server(environment: Environment, tmp_path: Path) -> None:
    program = "import sys, acme_line.plugin; print(*sorted(sys.modules))"
    result = environment.run("python", "-c", program, cwd=tmp_path)
    heavy = {"asyncio", "json", "pydantic", "acme_line.runner", "acme_line.serve"}
    assert heavy & set(result.stdout.split()) == set(), result.stderr
