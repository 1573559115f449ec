"""A transport that a stranger wrote and packed: real clients talk to it, beside HTTP in `pikku serve` and `pikku dev`."""

from __future__ import annotations

import json
import os
import shutil
import socket
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.downstream.conftest import Environment, Server, VenvWith

SERVE = ("pikku", "serve", "--port", "0")


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


class Place(NamedTuple):
    """Where a project is served."""

    folder: Path
    http: str
    line: Path


def announced(running: Server, folder: Path) -> Place:
    """Waits until both transports accept work."""
    text = ""
    while not ("shop.sock" in text and "http://" in text):
        text += running.wait_for("shop.sock|http://").string
    return Place(folder, "http://" + text.partition("http://")[2].split()[0], folder / "shop.sock")


@pytest.fixture(scope="module")
def served(
    acme: Environment, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The project, being served."""
    folder = shutil.copytree(shop, tmp_path_factory.mktemp("served") / "shop")
    with acme.serve(*SERVE, cwd=folder) as running:
        yield announced(running, folder)


@pytest.fixture
def client(served: Place) -> Iterator[Client]:
    with Client(served.line) as connected:
        yield connected


def test_one_function_answers_alike_on_both_transports(served: Place, client: Client) -> None:
    data = {"left": 2, "right": 5}
    assert httpx.post(f"{served.http}/add", json=data).json() == {"total": 7}
    assert client.ask(f"ADD {json.dumps(data)}") == ("OK", {"total": 7})


def test_a_connection_answers_line_after_line(client: Client) -> None:
    client.send('ADD {"left": 1, "right": 2}\nPING\nADD {"left": 1, "right": 3}')
    answers = [client.receive() for _ in range(3)]
    assert [answer for _, answer in answers[::2]] == [{"total": 3}, {"total": 4}]
    assert "ADD" in answers[1][1]["verbs"]


def test_an_error_of_the_function_has_its_code_message_and_payload(client: Client) -> None:
    status, error = client.ask('ADD {"left": 4, "right": 4}')
    assert (status, len(error.pop("trace_id"))) == ("ERR", 32)
    assert error == {
        "code": "conflict",
        "message": "Double it yourself.",
        "payload": {"twice": 4},
    }


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
        (["left"], "int_type"),
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


def test_a_function_that_exits_is_answered_and_ends_nothing(client: Client) -> None:
    assert client.ask("LEAVE")[1]["code"] == "internal_error"
    assert client.ask('ADD {"left": 1, "right": 2}') == ("OK", {"total": 3})


def test_the_wire_thing_is_there_on_the_kind_and_absent_on_others(
    served: Place, client: Client
) -> None:
    assert client.ask("CALLER") == ("OK", {"transport": "line", "user": os.getuid()})
    assert httpx.get(f"{served.http}/caller").json() == {"transport": "other", "user": None}


def test_a_function_that_needs_a_session_is_closed_on_both_transports(
    served: Place, client: Client
) -> None:
    data = {"buyer": "ada", "article": "a pen"}
    assert httpx.post(f"{served.http}/orders", json=data).status_code == 401
    assert client.ask(f"ORDER {json.dumps(data)}")[1]["code"] == "unauthorized"


def test_a_wiring_can_ask_for_a_session_that_the_function_does_not(client: Client) -> None:
    assert client.ask("GUARDED")[1]["code"] == "unauthorized"


def test_middleware_keeps_the_session_of_a_connection_and_of_no_other(
    client: Client, served: Place
) -> None:
    assert client.ask('SIGNIN {"name": "ada"}') == ("OK", None)
    assert client.ask("GUARDED")[0] == "OK"
    with Client(served.line) as other:
        assert other.ask("GUARDED")[1]["code"] == "unauthorized"


def test_permissions_hold_on_both_transports(served: Place, client: Client) -> None:
    data = {"buyer": "grace", "article": "a pen"}
    client.ask('SIGNIN {"name": "ada"}')
    assert client.ask(f"ORDER {json.dumps(data)}")[1]["code"] == "forbidden"
    ada = {"authorization": "Bearer ada"}
    assert httpx.post(f"{served.http}/orders", json=data, headers=ada).status_code == 403


def test_the_http_server_holds_the_page_of_the_transport(served: Place) -> None:
    page = httpx.get(f"{served.http}/line")
    assert page.status_code == 200
    assert 'ADD {"left":1,"right":2}' in page.text


def test_ping_lists_the_verbs(served: Place, acme: Environment) -> None:
    result = acme.run("pikku", "line", "ping", cwd=served.folder)
    assert result.stdout.split()[:2] == ["ADD", "CALLER"]


def test_call_prints_the_answer(served: Place, acme: Environment) -> None:
    result = acme.run("pikku", "line", "call", "ADD", '{"left": 1, "right": 2}', cwd=served.folder)
    assert (result.returncode, result.stdout) == (0, '{"total":3}\n')


def test_call_fails_with_the_error_of_the_answer(served: Place, acme: Environment) -> None:
    result = acme.run("pikku", "line", "call", "NOTHING", cwd=served.folder)
    assert result.returncode == 1
    assert json.loads(result.stderr.removeprefix("Error: "))["code"] == "not_found"


def test_what_is_being_answered_at_sigterm_is_answered(acme: Environment, branch: Path) -> None:
    pipe = branch / "pipe"
    os.mkfifo(pipe)
    with acme.serve(*SERVE, cwd=branch) as running:
        announced(running, branch)
        with Client(branch / "shop.sock") as busy, Client(branch / "shop.sock") as idle:
            idle.ask("PING")
            busy.send(f'READPIPE {{"path": "{pipe}"}}')
            with pipe.open("w") as written:  # returns when the function has opened it too
                running.terminate()
                assert idle.answers.readline() == b""
                written.write("the last word")
            assert busy.receive() == ("OK", "the last word")
            assert busy.answers.readline() == b""
        assert running.wait() == 0, running.output
    assert not (branch / "shop.sock").exists()


def test_a_socket_that_a_killed_server_left_is_taken_over(acme: Environment, branch: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(branch / "shop.sock"))
    with acme.serve(*SERVE, cwd=branch) as running:
        announced(running, branch)
        with Client(branch / "shop.sock") as client:
            assert client.ask("PING")[0] == "OK"


def test_the_socket_of_a_living_server_is_refused(acme: Environment, branch: Path) -> None:
    with socket.socket(socket.AF_UNIX) as living:
        living.bind(str(branch / "shop.sock"))
        living.listen()
        result = acme.run(*SERVE, cwd=branch)
    assert result.returncode != 0
    assert 'Another server listens on "' in result.stderr + result.stdout


def test_a_file_in_the_place_of_the_socket_is_left_alone(acme: Environment, branch: Path) -> None:
    (branch / "shop.sock").write_text("precious")
    result = acme.run(*SERVE, cwd=branch)
    assert result.returncode != 0
    assert "no socket" in result.stderr
    assert (branch / "shop.sock").read_text() == "precious"


def test_the_setting_moves_the_socket(acme: Environment, branch: Path) -> None:
    settings = branch / "pyproject.toml"
    settings.write_text(settings.read_text().replace("shop.sock", "other.sock"))
    assert acme.run("pikku", cwd=branch).returncode == 0
    with acme.serve(*SERVE, cwd=branch) as running:
        running.wait_for("other.sock")
        with Client(branch / "other.sock") as client:
            assert client.ask("PING")[0] == "OK"


ALONE = """from acme_line import wire_line

from pikku_core import pikku_sessionless_func


@pikku_sessionless_func
def answer() -> int:
    return 42


wire_line(verb="ANSWER", func=answer)
"""


def test_where_http_is_not_installed_the_transport_serves_alone(
    venv_with: VenvWith, tmp_path: Path
) -> None:
    environment = venv_with("pikku-cli", "acme-line")
    (tmp_path / "pyproject.toml").write_text('[tool.pikku]\nsource = ["lines.py"]\n')
    (tmp_path / "lines.py").write_text(ALONE)
    generated = environment.run("pikku", cwd=tmp_path)
    assert generated.returncode == 0, generated.stdout + generated.stderr
    with environment.serve("pikku", "serve", cwd=tmp_path) as running:
        running.wait_for("line ready")
        with Client(tmp_path / "line.sock") as client, Client(tmp_path / "line.sock") as idle:
            assert client.ask("ANSWER") == ("OK", 42)
            running.terminate()
            assert idle.answers.readline() == b""
        assert running.wait() == 0, running.output


def test_dev_takes_up_a_new_verb(acme: Environment, branch: Path) -> None:
    with acme.serve("pikku", "dev", "--port", "0", cwd=branch) as running:
        announced(running, branch)
        with (branch / "app/wirings.py").open("a") as wirings:
            wirings.write('\nwire_line(verb="TOTAL", func=add)\n')
        announced(running, branch)
        with Client(branch / "shop.sock") as client:
            assert client.ask('TOTAL {"left": 1, "right": 2}') == ("OK", {"total": 3})
        assert running.stop() == 0, running.output
