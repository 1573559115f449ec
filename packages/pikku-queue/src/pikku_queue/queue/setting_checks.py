"""What is wrong with a setting, as the rest of a sentence that begins with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry

SCHEMES: Final = ("redis", "rediss")
AMQP: Final = ("amqp", "amqps", "pyamqp")


def broker(value: str, _registry: Registry) -> str:
    """A broker is `embedded` or a URL."""
    scheme, separator, _ = value.partition("://")
    if value == "embedded" or (separator and scheme in SCHEMES):
        return ""
    shown = without_password(value)
    if scheme in AMQP:
        return f'is "{shown}", and jobs are not kept in RabbitMQ: name a Redis server (redis://, rediss://), which Celery works with too.'
    known = ", ".join(f"{one}://" for one in SCHEMES)
    return f'must be "embedded" or the URL of a broker ({known}), and is "{shown}".'


def without_password(url: str) -> str:
    """A URL as it may be shown: without who it says that we are."""
    return re.sub(r"//[^/@]*@", "//***@", url)


def concurrency(value: int, _registry: Registry) -> str:
    """A process runs one job at least."""
    return "" if value >= 1 else f"must be 1 or more, and is {value}."
