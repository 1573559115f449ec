"""What is wrong with the settings of HTTP, where their type is right."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from pikku_http.http.exposed import prefix_problem
from pikku_http.http.route import mount_prefix_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.plugin.registry import Registry


def at_least_one(value: int, _: Registry) -> str:
    """A limit that lets nothing pass is a mistake."""
    return "" if value > 0 else f"must be 1 or more, and is {value}."


def not_negative(value: int, _: Registry) -> str:
    """There may be none of it."""
    return "" if value >= 0 else f"must be 0 or more, and is {value}."


def drain_delay(value: float, _: Registry) -> str:
    """It cannot be over before it begins, and somebody waits for its end."""
    return "" if 0 <= value <= 3600 else f"must be from 0 to 3600, and is {value}."


def health(value: str, _: Registry) -> str:
    """A path without parameters, or nothing."""
    if not value or (value != "/" and not mount_prefix_problem(value)):
        return ""
    return f'must be empty or a path such as "/healthz", and is "{value}".'


def max_head(value: int, _: Registry) -> str:
    """Less than that no browser gets along with."""
    return "" if value >= 1024 else f"must be 1024 or more, and is {value}."


def max_connections(value: int, _: Registry) -> str:
    """None at all would be no server."""
    return "" if value >= 0 else f"must be 1 or more, or 0 for any number, and is {value}."


def timeout(value: float, _: Registry) -> str:
    """Nothing arrives in no time, and what may take for ever is no limit."""
    return "" if 0 < value <= 3600 else f"must be more than 0 and up to 3600, and is {value}."


def heartbeat(value: float, _: Registry) -> str:
    """Nothing can be sent all the time, and what is never sent keeps nothing alive."""
    return "" if 0 < value <= 3600 else f"must be more than 0 and up to 3600, and is {value}."


def rpc(value: str, _: Registry) -> str:
    """A path without parameters, or nothing."""
    problem = prefix_problem(value)
    return f"must be {problem}" if problem else ""


def trusted_proxies(value: Sequence[str], _: Registry) -> str:
    """A name would never be compared with anything: connections come from addresses."""
    for each in value:
        if each != "*" and not _is_address(each):
            return (
                f'must hold addresses, networks such as "10.0.0.0/8", or "*", and holds "{each}".'
            )
    return ""


def unobserved(value: Sequence[str], _: Registry) -> str:
    """What does not begin with a slash is compared with nothing."""
    for each in value:
        if not each.startswith("/"):
            return f'must hold paths such as "/healthz", and holds "{each}".'
    return ""


def _is_address(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
