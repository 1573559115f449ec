"""A server that is told to stop, under load: no request is lost."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import subprocess
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest
from tests.integration.http.conftest import SERVE, TIMEOUT, environment, listening, received
from tests.integration.http.load import Load

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.integration.http.conftest import Generated

DEV = (SERVE[0], "dev", "--port", "0")
FILES = {
    "app/__init__.py": "",
    "app/shop.py": """
import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from pikku_core import pikku_service, pikku_sessionless_func
from pikku_http import wire_http


def note(line: str) -> None:
    with Path("journal").open("a") as journal:
        journal.write(f"{line}\\n")


class Shop: ...


@pikku_service
def shop() -> Iterator[Shop]:
    yield Shop()
    note("service stopped")


class Order: ...


@pikku_service(scope="call")
async def order(*, shop: Shop) -> AsyncIterator[Order]:
    try:
        yield Order()
    except BaseException as error:
        note(f"call ended by {type(error).__name__}")
        raise


@pikku_sessionless_func
async def browse(*, shop: Shop) -> str:
    await asyncio.sleep(0.02)
    return "tea"


@pikku_sessionless_func
async def forever(*, order: Order) -> str:
    note("begun")
    await asyncio.Event().wait()
    return "never"


wire_http(method="get", route="/goods", func=browse)
wire_http(method="get", route="/forever", func=forever)
""",
}


@pytest.fixture(scope="module")
def shop(generated: Generated) -> Path:
    return generated(FILES)


@contextmanager
def served(
    root: Path, *options: str, command: tuple[str, ...] = SERVE, **variables: str
) -> Generator[tuple[subprocess.Popen[str], int]]:
    (root / "journal").unlink(missing_ok=True)
    process = subprocess.Popen(
        (*command, *options),
        cwd=root,
        env=environment() | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield process, listening(process)
        finally:
            process.kill()


def socket_of(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)


async def under_load(process: subprocess.Popen[str], port: int) -> Load:
    """Loads a server, tells it to stop in the middle, and goes on until it has."""
    load, over = Load(port, "/goods"), asyncio.Event()
    clients = [asyncio.create_task(load.keep_asking(over, 0.01)) for _ in range(8)]
    clients += [asyncio.create_task(load.keep_connecting(over, 0.005)) for _ in range(2)]
    await load.answers(200)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, TIMEOUT) == 0
    over.set()
    await asyncio.gather(*clients)
    return load


@pytest.mark.parametrize("delay", ["0", "0.5"])
def test_under_load_no_request_is_lost(shop: Path, delay: str) -> None:
    with served(shop, PIKKU_HTTP_DRAIN_DELAY=delay) as (process, port):
        load = asyncio.run(under_load(process, port))
    print(dict(load.counts))
    assert (load.counts["lost"], load.counts["failed"]) == (0, 0), load.faults
    assert load.counts["refused"], "it goes on until the server has stopped"
    assert (shop / "journal").read_text() == "service stopped\n"


async def in_rows(
    process: subprocess.Popen[str], port: int, connections: int, row: int
) -> Counter[int]:
    """Sends rows of requests, tells the server to stop meanwhile, and counts how many of each row are answered."""
    request, loop = b"GET /goods HTTP/1.1\r\nhost: x\r\n\r\n", asyncio.get_running_loop()
    clients = [socket_of(port) for _ in range(connections)]
    for client in clients:
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(row):
        for client in clients:
            await loop.sock_sendall(client, request)
    process.send_signal(signal.SIGTERM)

    async def answered(client: socket.socket) -> int:
        parts: list[bytes] = []
        while part := await loop.sock_recv(client, 65536):
            parts.append(part)
        client.close()
        return b"".join(parts).count(b"HTTP/1.1 200 ")

    async with asyncio.timeout(TIMEOUT):
        return Counter(await asyncio.gather(*(answered(client) for client in clients)))


@pytest.mark.parametrize(("connections", "row"), [(200, 1), (40, 5), (10, 60)])
def test_requests_that_were_sent_in_rows_are_all_answered(
    shop: Path, connections: int, row: int
) -> None:
    with served(shop) as (process, port):
        assert asyncio.run(in_rows(process, port, connections, row)) == {row: connections}
        assert process.wait(TIMEOUT) == 0
    assert (shop / "journal").read_text() == "service stopped\n"


def test_who_has_connected_and_not_asked_yet_is_answered(shop: Path) -> None:
    with served(shop) as (process, port), socket_of(port) as fresh, socket_of(port) as slow:
        slow.sendall(b"GET /goods HTTP/1.1\r\nho")
        process.send_signal(signal.SIGTERM)
        fresh.sendall(b"GET /goods HTTP/1.1\r\nhost: x\r\n\r\n")
        assert received(fresh).startswith(b"HTTP/1.1 200")
        slow.sendall(b"st: x\r\n\r\n")
        assert received(slow).startswith(b"HTTP/1.1 200")
        assert process.wait(TIMEOUT) == 0


async def reloaded_under_load(process: subprocess.Popen[str], port: int, root: Path) -> Load:
    """Loads a server, changes its source in the middle, and goes on until what is new has answered."""
    load, over = Load(port, "/goods"), asyncio.Event()
    clients = [asyncio.create_task(load.keep_asking(over, 0.02)) for _ in range(4)]
    clients += [asyncio.create_task(load.keep_connecting(over, 0.02))]
    await load.answers(50)
    source = root / "app" / "shop.py"
    source.write_text(source.read_text().replace('return "tea"', 'return "hot tea"'))
    async with httpx.AsyncClient(timeout=TIMEOUT) as http:
        while (await http.get(f"http://127.0.0.1:{port}/goods")).json() == "tea":
            pass
    await load.answers(load.counts["answered"] + 50)
    over.set()
    await asyncio.gather(*clients)
    process.send_signal(signal.SIGTERM)
    return load


def test_a_reload_under_load_loses_no_request(shop: Path, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    shutil.copytree(shop, root)
    with served(root, command=DEV) as (process, port):
        load = asyncio.run(reloaded_under_load(process, port, root))
        assert process.wait(TIMEOUT) == 0
    print(dict(load.counts))
    lost = [load.counts[outcome] for outcome in ("lost", "failed", "refused")]
    assert lost == [0, 0, 0], load.faults


def test_until_the_delay_is_over_it_is_not_ready_and_answers(shop: Path) -> None:
    with served(shop, PIKKU_HTTP_DRAIN_DELAY="3600") as (process, port):
        url = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{url}/readyz").json() == {"status": "ready"}
        process.send_signal(signal.SIGTERM)
        while (answer := httpx.get(f"{url}/readyz")).status_code == 200:
            pass
        assert answer.json() == {"status": "draining"}
        assert answer.headers["retry-after"] == "5"
        assert httpx.get(f"{url}/healthz").status_code == 200
        assert httpx.get(f"{url}/goods").json() == "tea"
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 1


def test_what_is_cut_off_is_torn_down_before_the_services_stop(shop: Path) -> None:
    with served(shop, "--grace", "0.2") as (process, port), socket_of(port) as connection:
        connection.sendall(b"GET /forever HTTP/1.1\r\nhost: x\r\n\r\n")
        while not (shop / "journal").exists():
            pass
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 0
    assert (shop / "journal").read_text().splitlines() == [
        "begun",
        "call ended by CancelledError",
        "service stopped",
    ]
