"""A Celery program that knows nothing of Pikku: a producer of jobs, and a worker of them."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] -- it has no types
from redis import Redis

URL = os.environ.get("PLAIN_CELERY_URL", "redis://127.0.0.1:6379/0")

app: Any = Celery("plain", broker=URL, backend=URL)
app.conf.broker_connection_retry_on_startup = True


@app.task(name="pikku.letters")  # type: ignore[untyped-decorator]  # Celery has no types
def letters(data: Any) -> Any:
    """The task of the queue `letters`."""
    with Redis.from_url(URL) as client:  # pyright: ignore[reportUnknownMemberType] -- redis leaves some types out
        client.rpush("seen", str(data["to"]))
    return data
