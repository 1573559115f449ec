"""What follows from a request, in the processes that serve the example."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeAlias

from tests.integration.conduit.conftest import PIKKU, announced

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from httpx2 import Client

    Register: TypeAlias = Callable[[str, str], AbstractContextManager[Client]]

DRAFT = {"title": "Dragons", "description": "d", "body": "b"}
JOB = re.compile(r"^\d\d:\d\d:\d\d (?P<event>\w+) (?P<queue>announcements|mails) ", re.MULTILINE)


def test_dev_shows_the_mails_to_followers(
    project: Path, register: Register, tmp_path: Path
) -> None:
    outbox = tmp_path / "outbox"
    environment = os.environ | {
        "CONDUIT_DATABASE": str(tmp_path / "conduit.sqlite"),
        "CONDUIT_OUTBOX": str(outbox),
        "PIKKU_QUEUE_DATABASE": str(tmp_path / "queue.db"),
        "NO_COLOR": "1",
    }
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(
                [PIKKU, "dev", "--port", "0"],
                cwd=project,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        stack.callback(process.terminate)
        api = f"{announced(process)}/api"
        jake = stack.enter_context(register(api, "jake"))
        jane = stack.enter_context(register(api, "jane"))
        assert jane.post("/profiles/jake/follow").status_code == 200
        assert jake.post("/articles", json={"article": DRAFT}).status_code == 201
        assert process.stdout is not None
        shown: list[str] = []
        for line in process.stdout:
            shown += [f"{job['event']} {job['queue']}" for job in JOB.finditer(line)]
            if shown[-1:] == ["done mails"]:
                break
    assert {"added announcements", "done announcements", "added mails"} < set(shown)
    (mail,) = outbox.glob("*.eml")
    assert b"To: jane@conduit.test" in mail.read_bytes()
