"""`pikku call`: a function, called from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from pikku_cli.commands.call import read_text
from pikku_cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

    Runner = Callable[[Path], Callable[..., CompletedProcess[str]]]

FUNCTIONS = """
import sys

from pydantic import BaseModel

from pikku_core import ConflictError, pikku_func, pikku_session, pikku_sessionless_func


class Greeting(BaseModel):
    name: str
    times: int = 1


@pikku_session
class Session(BaseModel):
    user_id: str


@pikku_sessionless_func
async def hail(data: Greeting) -> str:
    return f"Hällo, {data.name}!" * data.times


@pikku_sessionless_func
async def count(data: int = 3) -> int:
    return data


@pikku_func
async def whoami(*, session: Session) -> str:
    return session.user_id


@pikku_sessionless_func
def nothing() -> None: ...


@pikku_sessionless_func
def taken() -> None:
    raise ConflictError("It is taken.", payload={"by": "Ada"})


@pikku_sessionless_func
def crash() -> int:
    return 1 // 0


@pikku_sessionless_func
def leave() -> int:
    print("leaving")
    sys.exit(7)


@pikku_sessionless_func
def talk() -> str:
    print("talking")
    return "☃"


@pikku_sessionless_func(version=1)
async def card_v1() -> int:
    return 1


@pikku_sessionless_func(version=2)
async def card_v2() -> int:
    return 2


@pikku_sessionless_func
async def numbers():
    yield 1
"""


def write_project(root: Path) -> Path:
    """Writes a project with functions to call."""
    (root / "app").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    (root / "app/functions.py").write_text(FUNCTIONS.lstrip())
    return root


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory, runner: Runner) -> Path:
    """A project that was generated, and is only called."""
    root = write_project(tmp_path_factory.mktemp("called") / "shop")
    assert runner(root)().returncode == 0
    return root


@pytest.fixture
def edited(called: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(copytree(called, tmp_path / "edited"))


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["hail", '{"name": "Ada", "times": 2}'], "Hällo, Ada!Hällo, Ada!"),
        (["count"], 3),
        (["count", "5"], 5),
        (["nothing"], None),
        (["whoami", "--session", '{"user_id": "u1"}'], "u1"),
        (["card"], 2),
        (["card@v1"], 1),
    ],
)
def test_the_result_is_printed_as_json(
    called: Path, runner: Runner, arguments: list[str], result: object
) -> None:
    done = runner(called)("call", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == result


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["hail", "{}"], 1, "The data is not valid. name: Field required. (invalid_data, 422)"),
        (["hail", "{"], 1, "The data is not valid. Invalid JSON: "),
        (["hail"], 1, 'The data is not valid. The function "hail" takes data. (invalid_data, 422)'),
        (["nothing", "1"], 1, 'The data is not valid. The function "nothing" takes no data.'),
        (["whoami"], 1, "Authentication is required. (unauthorized, 401)"),
        (["taken"], 1, "It is taken. (conflict, 409)"),
        (["hial"], 2, 'There is no function "hial". Is it "hail"?'),
        (["card@v3"], 2, 'There is no function "card@v3". There is "card@v1", "card@v2".'),
        (["numbers"], 1, '"numbers" is a stream'),
        (["whoami", "--session", "{}"], 2, 'The value of "--session" is wrong: user_id: '),
        (["hail", "@nowhere.json"], 2, '"nowhere.json" cannot be read: No such file'),
        (["hail", "-", "--session", "-"], 2, "Standard input is read once"),
    ],
)
def test_an_error_is_one_sentence(
    called: Path, runner: Runner, arguments: list[str], code: int, error: str
) -> None:
    done = runner(called)("call", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: {error}")


def test_a_function_that_filters_left_out_is_said_to_be(edited: Path, runner: Runner) -> None:
    pikku = runner(edited)
    assert pikku("all", "--exclude-names", "hail").returncode == 0
    done = pikku("call", "hail", "{}")
    assert done.returncode == 2
    assert done.stderr.startswith('Error: There is no function "hail".')
    assert done.stderr.endswith(
        'The files are made with "--exclude-names=hail", which may have left it out.\n'
    )


def test_an_error_that_nobody_expected_shows_the_lines_of_the_project(
    called: Path,
    runner: Runner,
) -> None:
    done = runner(called)("call", "crash")
    assert done.returncode == 1
    assert 'app/functions.py", line 44, in crash' in done.stderr
    assert "pikku_core" not in done.stderr
    assert done.stderr.endswith(
        "Error: ZeroDivisionError: integer division or modulo by zero (app/functions.py:44).\n"
    )


def test_result_and_error_are_objects_on_request(
    called: Path,
    runner: Runner,
) -> None:
    assert json.loads(runner(called)("call", "count", "--json").stdout) == {"result": 3}
    done = runner(called)("call", "taken", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "error": {
            "code": "conflict",
            "message": "It is taken.",
            "status": 409,
            "payload": {"by": "Ada"},
        }
    }


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (["hial"], 2, "function_not_found"),
        (["numbers"], 1, "CommandError"),
        (["whoami", "--session", "{}"], 2, "invalid_data"),
        (["hail", "@nowhere.json"], 2, "FileNotFoundError"),
        (["crash"], 1, "ZeroDivisionError"),
        (["leave"], 1, "SystemExit"),
    ],
)
def test_whatever_goes_wrong_is_an_object_on_request(
    called: Path, runner: Runner, arguments: list[str], exit_code: int, code: str
) -> None:
    done = runner(called)("call", *arguments, "--json")
    assert done.returncode == exit_code
    error = json.loads(done.stdout)["error"]
    assert error["code"] == code
    assert f"Error: {error['message']}" in done.stderr


def test_a_function_that_exits_ends_the_call_and_not_the_tool(called: Path, runner: Runner) -> None:
    done = runner(called)("call", "leave")
    assert (done.returncode, done.stdout) == (1, "")
    assert "leaving\n" in done.stderr
    assert done.stderr.endswith("Error: SystemExit: 7 (app/functions.py:50).\n")


def test_what_a_function_prints_is_kept_apart_from_its_result(called: Path, runner: Runner) -> None:
    done = runner(called)("call", "talk")
    assert (done.stdout, done.stderr) == ('"☃"\n', "talking\n")


def test_a_result_is_json_whatever_the_encoding_of_the_terminal(called: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pikku_cli", "call", "talk"],
        cwd=called,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout.decode("latin-1")) == "☃"


def test_a_name_without_a_version_never_means_an_older_one(edited: Path, runner: Runner) -> None:
    pikku = runner(edited)
    assert pikku("--names=card@v1").returncode == 0
    assert pikku("call", "card@v1").stdout == "1\n"
    done = pikku("call", "card")
    assert (done.returncode, done.stdout) == (2, "")
    assert 'There is no function "card". Is it "card@v1"?' in done.stderr


def test_data_comes_from_standard_input_or_a_file(
    called: Path, runner: Runner, tmp_path: Path
) -> None:
    file = tmp_path / "data.json"
    file.write_text('{"name": "file"}')
    done = runner(called)("call", "hail", f"@{file}")
    assert (done.stdout, done.stderr) == ('"Hällo, file!"\n', "")
    done = subprocess.run(
        [sys.executable, "-m", "pikku_cli", "call", "hail", "-"],
        cwd=called,
        input='{"name": "input"}',
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == '"Hällo, input!"\n'


def test_a_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(CommandError, match='"nowhere" cannot be read') as caught:
        read_text("@nowhere")
    assert caught.value.code is ExitCode.USAGE


def test_generated_files_that_are_stale_are_refused_or_made_anew(
    edited: Path, runner: Runner
) -> None:
    pikku, functions = runner(edited), edited / "app/functions.py"
    functions.write_text(functions.read_text().replace("data: int = 3", "data: int = 4"))
    done = pikku("call", "count")
    assert done.returncode == 1
    assert 'Run "pikku" first' in done.stderr
    assert pikku("call", "count", "--build").stdout == "4\n"
    functions.write_text("import pikku_core\ndef broken(:")
    done = pikku("call", "count", "--build")
    assert (done.returncode, done.stdout) == (1, "")
    assert "app/functions.py:2: PKU" in done.stderr


def test_a_project_without_sessions_takes_none(edited: Path, runner: Runner) -> None:
    functions = edited / "app/functions.py"
    functions.write_text(functions.read_text().replace("@pikku_session\n", ""))
    done = runner(edited)("call", "count", "--build", "--session", "{}")
    assert done.returncode == 2
    assert "The project has no class of sessions" in done.stderr


def test_what_is_logged_stands_on_standard_error(edited: Path, runner: Runner) -> None:
    pikku, functions = runner(edited), edited / "app/functions.py"
    text = functions.read_text().replace("import ConflictError", "import ConflictError, Logger")
    text = text.replace("data: int = 3", "data: int = 3, *, logger: Logger")
    functions.write_text(
        text.replace("    return data\n", '    logger.info("counted")\n    return data\n')
    )
    done = pikku("call", "count", "--build", "--log-level", "info")
    assert done.stdout == "3\n"
    assert "counted" in done.stderr
    assert "counted" not in pikku("call", "count").stderr
