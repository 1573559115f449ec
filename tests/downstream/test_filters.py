"""Every filter, on every kind of entry: routes, a stranger's verbs, functions called by name, an addon's functions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.downstream.conftest import Environment

HTTP = ["http:get:/caller", "http:post:/add", "http:post:/orders"]
LINE = [
    "line:ADD",
    "line:CALLER",
    "line:FAIL",
    "line:GUARDED",
    "line:LEAVE",
    "line:ORDER",
    "line:READPIPE",
    "line:SIGNIN",
]
SEND = ["rpc:acme:send"]


def generated(folder: Path) -> list[str]:
    """What `.pikku/` says there is: wirings, and functions without any."""
    found: list[str] = []
    wired: set[str] = set()
    for file in folder.glob(".pikku/*/pikku-*-wirings-meta.gen.json"):
        for identity, wiring in json.loads(file.read_text())["wirings"].items():
            found.append(identity)
            wired.add(wiring["function"])
    functions = json.loads((folder / ".pikku/function/pikku-functions-meta.gen.json").read_text())
    return sorted([*found, *(f"rpc:{name}" for name in functions if name not in wired)])


@pytest.mark.parametrize(
    ("flags", "kept"),
    [
        (["--names=add"], ["http:post:/add", "line:ADD"]),
        (
            ["--names=line:*AD*,line:C*"],
            ["line:ADD", "line:CALLER", "line:READPIPE"],
        ),
        (["--names=acme:send"], SEND),
        (["--exclude-names=add,*E*,*:GUARDED", "--wires=line"], ["line:FAIL", "line:SIGNIN"]),
        (["--exclude-names=acme:*", "--names=add,*send"], ["http:post:/add", "line:ADD"]),
        (["--tags=shop"], ["http:get:/caller"]),
        (["--tags=words"], ["line:FAIL"]),
        (["--exclude-tags=shop,words", "--wires=http,rpc"], [*HTTP[1:], *SEND]),
        (["--wires=http"], [*HTTP, *SEND]),
        (["--wires=line", "--exclude-names=order"], [one for one in LINE if one != "line:ORDER"]),
        (["--wires=rpc"], SEND),
        (["--exclude-wires=line"], [*HTTP, *SEND]),
        (
            ["--exclude-wires=http,rpc", "--exclude-names=order"],
            [one for one in LINE if "ORDER" not in one],
        ),
        (["--directories=acme_mail"], SEND),
        (["--directories=app", "--wires=http"], [*HTTP, *SEND]),
        (["--exclude-directories=app"], SEND),
        (
            ["--exclude-directories=acme_mail", "--http-routes=/add", "--wires=http"],
            ["http:post:/add"],
        ),
        (["--target=server"], ["http:get:/caller", "line:CALLER", "line:GUARDED", "rpc:acme:send"]),
        (["--exclude-target=server", "--names=add,caller"], ["http:post:/add", "line:ADD"]),
        (["--http-routes=/orders", "--wires=http"], ["http:post:/orders", *SEND]),
        (["--http-routes=/orders", "--exclude-names=line:*"], ["http:post:/orders", *SEND]),
        (
            ["--http-routes=/add", "--exclude-names=order"],
            ["http:post:/add", *(one for one in LINE if one != "line:ORDER")],
        ),
        (
            ["--exclude-http-routes=/orders,/caller", "--exclude-wires=line"],
            ["http:post:/add", *SEND],
        ),
        (["--http-methods=GET", "--wires=http"], ["http:get:/caller"]),
        (["--exclude-http-methods=post", "--exclude-wires=line,rpc"], ["http:get:/caller"]),
    ],
)
def test_a_filter_on_every_kind_of_entry(
    acme: Environment, tagged: Path, flags: list[str], kept: list[str]
) -> None:
    result = acme.run("pikku", *flags, cwd=tagged)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "warning" not in result.stdout
    assert generated(tagged) == sorted(kept)


@pytest.fixture
def tagged(branch: Path) -> Path:
    """The strangers' project, with tags and with a service that wants a server."""
    wirings = branch / "app/wirings.py"
    text = wirings.read_text()
    text = text.replace(
        'route="/caller", func=caller', 'route="/caller", func=caller, tags=["shop:x"]'
    )
    text = text.replace('verb="FAIL", func=fail', 'verb="FAIL", func=fail, tags=["words"]')
    wirings.write_text(text)
    functions = branch / "app/functions.py"
    functions.write_text(
        functions.read_text().replace(
            "@pikku_sessionless_func\nasync def caller",
            '@pikku_sessionless_func(deploy="server")\nasync def caller',
        )
    )
    with (branch / "pyproject.toml").open("a") as settings:
        settings.write('\n[tool.pikku.deploy]\nserverless_incompatible = ["acme:mailer"]\n')
    return branch


def test_a_part_without_the_addon_never_imports_it(acme: Environment, branch: Path) -> None:
    assert acme.run("pikku", "--names=add", cwd=branch).returncode == 0
    assert not (branch / ".pikku/addon").exists()
    verbs = json.loads((branch / ".pikku/line/line-verbs.gen.json").read_text())
    assert "ORDER" not in str(verbs)
    command = ("pikku", "serve", "--port", "0")
    with acme.serve(*command, cwd=branch, ACME_EXPLODE="1") as server:
        where = server.wait_for(r"http://[\d.:]+")[0]
        answer = httpx.post(f"{where}/add", json={"left": 1, "right": 2})
        assert answer.json() == {"total": 3}
        assert httpx.post(f"{where}/orders", json={}).status_code == 404
        line = acme.run("pikku", "line", "call", "ADD", '{"left": 1, "right": 2}', cwd=branch)
        assert '{"total":3}' in line.stdout.replace(" ", ""), line.stderr
        assert server.stop() == 0, server.output
