"""Conditional requests: whether a client has what it asks for already (RFC 9110, 13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import formatdate, parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_http.http.asgi import Header

ETAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
TIME: Final = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
DATE: Final = re.compile(
    f"[A-Z][a-z]{{2}}, [0-9]{{2}} [A-Z][a-z]{{2}} [0-9]{{4}} {TIME} GMT"
    f"|[A-Z][a-z]{{2,5}}day, [0-9]{{2}}-[A-Z][a-z]{{2}}-[0-9]{{2}} {TIME} GMT"
    f"|[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} [ 0-9][0-9] {TIME} [0-9]{{4}}"
)
"""A date in each of the three forms that there have been; all are UTC (RFC 9110, 5.6.7)."""
Verdict: TypeAlias = Literal["send", "not modified", "failed"]
"""Send the answer, answer 304, or answer 412."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells one version of an answer from another.

    Attributes:
        etag: With its quotes.
        modified: Seconds since 1970, whole.
    """

    etag: str
    modified: int

    @property
    def last_modified(self) -> str:
        """The value of `Last-Modified`."""
        return formatdate(self.modified, usegmt=True)


def with_headers(validators: Validators, sent: Iterable[Header]) -> Validators:
    """What tells a version once headers are sent in place of its own: clients come back with those."""
    etag, modified = validators.etag, validators.modified
    for name, value in sent:
        text = value.decode("latin-1")
        if name == b"etag":
            etag = text
        elif name == b"last-modified":
            seconds = _seconds(text)
            modified = modified if seconds is None else seconds
    return Validators(etag, modified)


def judge(headers: Mapping[str, str], validators: Validators, *, reads: bool) -> Verdict:
    """What the conditions of a request say, in the order of RFC 9110, 13.2.2.

    Args:
        headers: Those of the request, by name in lower case.
        reads: Whether the method is GET or HEAD.
    """
    if "if-match" in headers:
        if not _lists(headers["if-match"], validators.etag, weakly=False):
            return "failed"
    elif "if-unmodified-since" in headers:
        since = _seconds(headers["if-unmodified-since"])
        if since is not None and validators.modified > since:
            return "failed"
    if "if-none-match" in headers:
        if _lists(headers["if-none-match"], validators.etag, weakly=True):
            return "not modified" if reads else "failed"
    elif reads and "if-modified-since" in headers:
        since = _seconds(headers["if-modified-since"])
        if since is not None and validators.modified <= since:
            return "not modified"
    return "send"


def range_holds(headers: Mapping[str, str], validators: Validators) -> bool:
    """Whether a range is still one of the version that the client has a part of (`If-Range`)."""
    condition = headers.get("if-range")
    if condition is None:
        return True
    condition = condition.strip(" \t")
    if condition.startswith(('"', "W/")):
        return condition == validators.etag and not condition.startswith("W/")
    return _seconds(condition) == validators.modified


def _lists(header: str, etag: str, *, weakly: bool) -> bool:
    if header.strip(" \t") == "*":
        return True
    listed: list[str] = ETAG.findall(header)
    if weakly:
        return etag.removeprefix("W/") in {one.removeprefix("W/") for one in listed}
    return not etag.startswith("W/") and etag in listed


def _seconds(date: str) -> int | None:
    """The seconds since 1970; None where it is no date, and so no condition."""
    if not DATE.fullmatch(date):
        return None
    try:
        return int(parsedate_to_datetime(date).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None
