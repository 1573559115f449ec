"""The functions of the projects that are measured, beside the same body as a task of Celery."""

from __future__ import annotations

PROJECT = """
[project]
name = "bench"
version = "1"

[tool.pikku]
source = ["app"]

[tool.pikku.queue]
broker = "{broker}"
concurrency = {concurrency}
"""

FUNCTIONS = """
from __future__ import annotations

import asyncio

from pikku_core import pikku_sessionless_func
from pikku_queue import WorkerConfig, wire_queue_worker

from counted import Mail, done


@pikku_sessionless_func
async def send(data: Mail) -> None:
    done(data)


@pikku_sessionless_func
async def wait(data: Mail) -> None:
    await asyncio.sleep(1)
    done(data)


wire_queue_worker(name="mails", func=send)
wire_queue_worker(name="waits", func=wait, config=WorkerConfig(visibility="30s"))
"""

COUNTED = """
import os
import time
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

pipe = os.open(os.environ["BENCH_PIPE"], os.O_WRONLY)
count = 0


class Mail(BaseModel):
    number: int
    to: str
    subject: str
    tags: list[str]
    created: datetime
    amount: Decimal
    total: int
    started: float = 0.0


def mail(number, total, started=0.0):
    return Mail(number=number, to=f"{number}@example.com", subject="your order has shipped", tags=["a", "b", "c"],
                created=datetime(2026, 1, 2, 3, 4, 5), amount=Decimal("19.99"), total=total, started=started)


def done(data):
    global count
    count += 1
    if data.started:
        os.write(pipe, b"%f\\n" % (time.time() - data.started))
    elif count in {1, data.total}:
        os.write(pipe, b"%f\\n" % time.time())
"""

CELERY = """
import os

from celery import Celery

from counted import Mail, done

app = Celery("bench", broker=os.environ["BENCH_BROKER"])
app.conf.update(task_ignore_result=True, task_acks_late=True, broker_connection_retry_on_startup=True,
                worker_hijack_root_logger=False, task_serializer="json")


@app.task(name="mails")
def send(data):
    done(Mail.model_validate(data))
"""
